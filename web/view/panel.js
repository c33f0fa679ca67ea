/** The widget's frame: launcher, header, banner, log and composer. */

import { texts } from "../texts.zh-CN.js";
import { Composer } from "./composer.js";
import { button, element, icon } from "./dom.js";
import { Log } from "./log.js";

/**
 * @typedef {import("../chat/store.js").Store} Store
 *
 * @typedef {object} PanelActions
 * @property {(text: string, choice?: string) => void} send
 * @property {() => void} retry
 * @property {(clientId: string) => void} discard
 * @property {(open: boolean) => void} toggle
 * @property {import("./identity.js").Prover} prover
 */

export class Panel {
  #actions;
  #title = element("div", { class: "title", id: "title" });
  #badge = element("span", { class: "badge", hidden: true, "aria-hidden": "true" });
  #launcher;
  #bannerText = element("span", {});
  #bannerAction = button({ class: "quiet" }, () => this.#actions.retry());
  #banner = element(
    "div",
    { class: "banner", role: "status", hidden: true },
    icon("warn"),
    this.#bannerText,
    this.#bannerAction,
  );
  #log;
  #composer;
  #panel;
  root;

  /** @param {PanelActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#log = new Log({
      send: (text, choice) => {
        this.#send(text, choice);
        // The tapped button is about to be disabled and would drop the focus out of the panel.
        this.#log.focus();
      },
      retry: actions.retry,
      prover: actions.prover,
      rewrite: ({ clientId, text }) => {
        if (clientId) actions.discard(clientId);
        this.compose(text);
      },
    });
    this.#composer = new Composer((text) => this.#send(text));
    this.#launcher = button(
      { class: "launcher" },
      () => actions.toggle(true),
      icon("chat"),
      element("span", { class: "launcher-text" }, texts.launcher),
      this.#badge,
    );
    this.#panel = element(
      "div",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      this.#header(),
      this.#banner,
      this.#log.root,
      this.#composer.root,
    );
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) actions.toggle(false);
    });
    // An own, empty title keeps the host's `title` from popping up over every message.
    this.root = element("div", { class: "widget", title: "" }, this.#launcher, this.#panel);
    this.title = "";
    this.unread = 0;
  }

  #header() {
    return element(
      "header",
      { class: "header" },
      element("div", { class: "logo", "aria-hidden": "true" }, "到"),
      element(
        "div",
        { class: "titles" },
        this.#title,
        element("div", { class: "subtitle" }, texts.subtitle),
      ),
      button(
        { class: "head-button" },
        () => this.#send(texts.personText),
        icon("person"),
        element("span", {}, texts.person),
      ),
      button(
        { class: "head-button close", "aria-label": texts.close },
        () => this.#actions.toggle(false),
        icon("close"),
      ),
    );
  }

  /** @param {string} title "" for the usual one */
  set title(title) {
    this.#title.textContent = title || texts.title;
  }

  /** @param {number} count answers that came while the panel was closed */
  set unread(count) {
    this.#badge.hidden = count === 0;
    this.#badge.textContent = count > 99 ? "99+" : String(count);
    this.#launcher.setAttribute("aria-label", texts.launcherLabel(count));
  }

  /** @param {Store} store */
  draw(store) {
    const { connection } = store;
    const expired = connection === "unauthorised";
    // While a new try is under way the banner stays, so that it does not flicker.
    if (connection !== "connecting") this.#banner.hidden = connection === "open";
    if (connection === "waiting" || expired) {
      this.#bannerText.textContent = expired ? texts.unauthorised : texts.lost;
      this.#bannerAction.textContent = expired ? texts.unauthorisedAction : texts.reconnect;
    }
    this.#log.draw(store.entries, store.typing, new Date());
  }

  /**
   * @param {boolean} open
   * @param {boolean} byReader whether the reader asked for it, so that the focus may move
   */
  setOpen(open, byReader) {
    this.#panel.hidden = !open;
    this.#launcher.hidden = open;
    if (open) this.#log.scrollToEnd();
    if (!byReader) return;
    if (!open) this.#launcher.focus();
    // On a touch screen the keyboard would cover the answer that the reader came for.
    else if (matchMedia("(pointer: coarse)").matches) this.#log.focus();
    else this.#composer.focus();
  }

  /** @param {string} text put into the input for the reader to send */
  compose(text) {
    this.#composer.fill(text);
    this.#composer.focus();
  }

  /**
   * @param {string} text
   * @param {string} [choice]
   */
  #send(text, choice) {
    this.#actions.send(text, choice);
    this.#log.scrollToEnd();
  }
}
