/** The merchants' phones: what the assistant sends them outside of the talk. */

import { element } from "../view/dom.js";
import { fetchPhones } from "./gateway.js";
import { texts } from "./texts.zh-CN.js";

const LOOK_MS = 1500;

export class Phone {
  #list = element("div", { class: "phone-messages", role: "status" });
  #shown = "";
  root = element("div", { class: "phone" }, this.#list);

  /** Looks for messages for as long as it is on the page. */
  start() {
    void this.#refresh();
    const timer = setInterval(() => {
      if (!this.root.isConnected) clearInterval(timer);
      else if (document.visibilityState === "visible") void this.#refresh();
    }, LOOK_MS);
  }

  async #refresh() {
    const messages = await fetchPhones().catch(() => null);
    const state = JSON.stringify(messages);
    if (messages === null || state === this.#shown) return;
    this.#shown = state;
    this.#list.replaceChildren(
      ...(messages.length > 0
        ? messages.map(({ name, text }) =>
            element(
              "div",
              { class: "phone-message" },
              element("strong", {}, name),
              element("p", {}, text),
            ),
          )
        : [element("p", { class: "none" }, texts.noMessages)]),
    );
  }
}
