/** Where the merchant writes. Enter sends, but never in the middle of choosing characters. */

import { MAX_LENGTH } from "../chat/protocol.js";
import { texts } from "../texts.zh-CN.js";
import { button, element, icon } from "./dom.js";

/** keyCode of a key that an input method is still working on; all some browsers tell. */
const IME_KEY_CODE = 229;

export class Composer {
  #onSend;
  #composing = false;
  #input = element("textarea", {
    class: "input",
    rows: "1",
    placeholder: texts.placeholder,
    "aria-label": texts.inputLabel,
    "aria-describedby": "input-hint",
    enterkeyhint: "send",
    autocomplete: "off",
  });
  #send = button({ class: "send", "aria-label": texts.send }, () => this.#submit(), icon("send"));
  #limit = element("div", { class: "limit", role: "status" });
  root = element(
    "div",
    { class: "composer" },
    this.#limit,
    element("div", { class: "field" }, this.#input, this.#send),
    element("div", { class: "input-hint", id: "input-hint" }, texts.inputHint),
  );

  /** @param {(text: string) => void} onSend */
  constructor(onSend) {
    this.#onSend = onSend;
    // Tapping the button must not take the focus, and with it the phone's keyboard, from the input.
    this.#send.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#input.addEventListener("compositionstart", () => (this.#composing = true));
    this.#input.addEventListener("compositionend", () => (this.#composing = false));
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("input", () => this.#measure());
    this.#measure();
  }

  /** @param {string} text */
  fill(text) {
    this.#input.value = text;
    this.#measure();
  }

  focus() {
    this.#input.focus({ preventScroll: true });
    this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (this.#composing || event.isComposing || event.keyCode === IME_KEY_CODE) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (text === "" || [...text].length > MAX_LENGTH) return;
    this.#onSend(text);
    if (this.#send.matches(":focus")) this.focus();
    this.fill("");
  }

  /** Grows the field with its text and says when there is too much of it. */
  #measure() {
    const text = this.#input.value.trim();
    const over = [...text].length - MAX_LENGTH;
    this.#limit.textContent = over > 0 ? texts.tooLong(over) : "";
    this.#send.disabled = text === "" || over > 0;
    this.#input.style.height = "auto";
    // A field that is not shown yet has no height to go by.
    const { scrollHeight } = this.#input;
    if (scrollHeight > 0) this.#input.style.height = `${scrollHeight}px`;
  }
}
