/** The list of messages: drawn from the store, kept at its end unless the reader scrolled up. */

import { choiceAt } from "../chat/choices.js";
import { formStands } from "../chat/identity.js";
import { texts } from "../texts.zh-CN.js";
import { separator } from "./days.js";
import { button, element, icon, place, spoken } from "./dom.js";
import { MessageView } from "./message.js";

/** @typedef {import("../chat/store.js").Entry} Entry */

/** This close to the end, in px, a reader counts as being at the end. */
const END_PX = 48;

export class Log {
  #actions;
  #welcome = element(
    "div",
    { class: "welcome" },
    element("strong", {}, texts.welcomeTitle),
    element("p", {}, texts.welcomeText),
  );
  #rows = element("div", { class: "rows" });
  #typing = element(
    "div",
    { class: "typing", hidden: true },
    element(
      "span",
      { class: "dots", "aria-hidden": "true" },
      element("i"),
      element("i"),
      element("i"),
    ),
    spoken(texts.typing),
  );
  #scroller = element(
    "div",
    {
      class: "scroller",
      tabindex: "0",
      role: "log",
      "aria-live": "polite",
      "aria-label": texts.log,
    },
    element("div", { class: "content" }, this.#welcome, this.#rows, this.#typing),
  );
  #toEnd = button(
    { class: "to-end", hidden: "" },
    () => this.scrollToEnd(),
    icon("down"),
    texts.newMessages,
  );
  root = element("div", { class: "log" }, this.#scroller, this.#toEnd);
  /** @type {Map<string, MessageView>} */
  #views = new Map();
  /** @type {Map<string, HTMLElement>} */
  #separators = new Map();
  #atEnd = true;
  #lastKey = "";

  /** @param {import("./message.js").Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#scroller.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
      this.#atEnd = scrollHeight - scrollTop - clientHeight < END_PX;
      if (this.#atEnd) this.#toEnd.hidden = true;
    });
    // Cards, fonts and the phone's keyboard change heights without any new message.
    const observer = new ResizeObserver(() => this.#atEnd && this.scrollToEnd());
    observer.observe(this.#scroller);
    observer.observe(this.#rows);
  }

  focus() {
    this.#scroller.focus({ preventScroll: true });
  }

  scrollToEnd() {
    this.#atEnd = true;
    this.#toEnd.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /**
   * @param {readonly Entry[]} entries
   * @param {boolean} typing
   * @param {Date} now
   */
  draw(entries, typing, now) {
    const wanted = entries.flatMap((entry, index) => this.#row(entries, entry, index, now));
    const keys = new Set(entries.map(({ key }) => key));
    for (const key of this.#views.keys()) {
      if (keys.has(key)) continue;
      this.#views.delete(key);
      this.#separators.delete(key);
    }
    place(this.#rows, wanted);
    this.#welcome.hidden = entries.length > 0;
    this.#typing.hidden = !typing;
    this.#follow(entries.at(-1));
  }

  /**
   * @param {readonly Entry[]} entries
   * @param {Entry} entry
   * @param {number} index
   * @param {Date} now
   * @returns {HTMLElement[]} the message, after its day or time where one is due
   */
  #row(entries, entry, index, now) {
    const previous = entries[index - 1];
    const label = separator(previous?.at ?? null, entry.at, now);
    const position = {
      named: label !== null || previous?.author !== entry.author,
      ...choiceAt(entries, index),
      formOpen: formStands(entries, index),
    };
    const known = this.#views.get(entry.key);
    known?.update(entry, position);
    const view = known ?? new MessageView(entry, position, this.#actions);
    this.#views.set(entry.key, view);
    return label === null ? [view.root] : [this.#separator(entry.key, label), view.root];
  }

  /**
   * @param {string} key
   * @param {string} label
   */
  #separator(key, label) {
    const line = this.#separators.get(key) ?? element("div", { class: "separator" });
    if (line.textContent !== label) line.textContent = label;
    this.#separators.set(key, line);
    return line;
  }

  /** @param {Entry | undefined} last */
  #follow(last) {
    const isNew = last !== undefined && last.key !== this.#lastKey;
    this.#lastKey = last?.key ?? "";
    if (this.#atEnd || (isNew && last.author === "merchant")) this.scrollToEnd();
    else if (isNew) this.#toEnd.hidden = false;
  }
}
