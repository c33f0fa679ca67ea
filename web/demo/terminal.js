/** A simulated POS terminal: what its little screen shows, and the keys that a merchant can press. */

import { button, element } from "../view/dom.js";
import { actOnTerminal, fetchTerminal } from "./gateway.js";
import { texts } from "./texts.zh-CN.js";

/**
 * @typedef {"restart" | "reseat_sim" | "sign_on" | "balance_inquiry" | "query"} Action
 * @typedef {import("./gateway.js").TerminalState} TerminalState
 */

const BARS = 4;

export class TerminalPanel {
  #tid;
  #signal = element("span", { class: "signal", role: "img" });
  #link = element("span", {});
  #session = element("span", {});
  #screen = element("div", { class: "screen-text", role: "status", "aria-label": texts.screen });
  #keys = texts.keys.map(([action, label]) =>
    button({ class: "key" }, () => void this.#press(action), label),
  );
  root;

  /** @param {import("./gateway.js").TerminalName} terminal */
  constructor({ tid, model }) {
    this.#tid = tid;
    this.root = element(
      "div",
      { class: "terminal" },
      element("div", { class: "terminal-name" }, texts.terminal(model, tid)),
      element(
        "div",
        { class: "screen" },
        element("div", { class: "screen-bar" }, this.#signal, this.#link, this.#session),
        this.#screen,
      ),
      element("div", { class: "keys" }, ...this.#keys),
    );
    void this.refresh();
  }

  /** Shows how the machine stands now. */
  refresh() {
    return this.#show(fetchTerminal(this.#tid));
  }

  /** @param {Action} action */
  async #press(action) {
    const pressed = document.activeElement;
    this.#keys.forEach((key) => (key.disabled = true));
    this.#screen.textContent = texts.working;
    await this.#show(actOnTerminal(this.#tid, action));
    this.#keys.forEach((key) => (key.disabled = false));
    // A disabled key drops the focus; a keyboard user goes on from where they were.
    if (pressed instanceof HTMLElement) pressed.focus({ preventScroll: true });
  }

  /** @param {Promise<TerminalState>} asked */
  async #show(asked) {
    try {
      const { signal, online, signed_on: signedOn, screen } = await asked;
      this.#signal.setAttribute("aria-label", texts.signal(signal));
      this.#signal.replaceChildren(
        ...Array.from({ length: BARS }, (_, bar) =>
          element("i", { class: bar < signal ? "on" : "off" }),
        ),
      );
      this.#link.textContent = online ? texts.online : texts.offline;
      this.#link.className = online ? "good" : "bad";
      this.#session.textContent = signedOn ? texts.signedOn : texts.signedOff;
      this.#session.className = signedOn ? "good" : "bad";
      this.#screen.textContent = screen;
    } catch {
      this.#screen.textContent = texts.failed;
    }
  }
}
