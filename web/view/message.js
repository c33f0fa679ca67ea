/** One message on the page: name, bubble, cards, buttons and, for one's own, its delivery. */

import { texts } from "../texts.zh-CN.js";
import { ticketCard, timelineCard } from "./cards.js";
import { button, element, icon, place, spoken } from "./dom.js";
import { IdentityForm } from "./identity.js";

/**
 * @typedef {import("../chat/store.js").Entry} Entry
 *
 * @typedef {object} Actions what a reader can do with messages
 * @property {(text: string, choice?: string) => void} send
 * @property {() => void} retry
 * @property {(entry: Entry) => void} rewrite take a refused message back into the input
 * @property {import("./identity.js").Prover} prover
 *
 * @typedef {object} Position what a message looks like because of those around it
 * @property {boolean} named the first of several by the same author
 * @property {boolean} tappable whether its buttons can still be tapped
 * @property {string | null} chosen label of the button that was tapped
 * @property {boolean} formOpen whether its form, if it has one, can still be filled in
 */

export class MessageView {
  /** @type {Entry | null} */
  #entry = null;
  #position = "";
  #actions;
  #name = element("div", { class: "name" });
  #bubble = element("div", { class: "bubble" });
  #text = element("span", { class: "text" });
  #cards = element("div", { class: "cards" });
  /** @type {IdentityForm | null} */
  #form = null;
  #buttons = element("div", { class: "buttons", role: "group" });
  #delivery = element("div", { class: "delivery" });

  /**
   * @param {Entry} entry
   * @param {Position} position
   * @param {Actions} actions
   */
  constructor(entry, position, actions) {
    this.#actions = actions;
    this.root = element("div", { class: `message ${entry.author}` });
    this.#name.textContent = texts.authors[entry.author];
    this.#bubble.append(spoken(`${texts.authors[entry.author]}：`), this.#text);
    this.update(entry, position);
  }

  /**
   * Brings the page up to date, touching only what has changed, so that a screen reader does not
   * read a message twice.
   *
   * @param {Entry} entry
   * @param {Position} position
   */
  update(entry, position) {
    const before = this.#entry;
    const positioned = JSON.stringify(position);
    if (before === entry && positioned === this.#position) return;
    this.#entry = entry;
    this.#position = positioned;
    this.root.classList.toggle("named", position.named);
    if (before?.text !== entry.text) this.#text.textContent = entry.text;
    if (before?.timeline !== entry.timeline || before?.ticket !== entry.ticket) {
      this.#cards.replaceChildren(
        ...(entry.timeline ? [timelineCard(entry.timeline, entry.at)] : []),
        ...(entry.ticket ? [ticketCard(entry.ticket)] : []),
      );
    }
    if (entry.identity === "asked") {
      this.#form ??= new IdentityForm(this.#actions.prover);
      this.#form.open = position.formOpen;
    }
    this.#drawButtons(entry, position);
    this.#drawDelivery(entry, before);
    this.#assemble(entry);
  }

  /** @param {Entry} entry */
  #assemble(entry) {
    /** @type {[HTMLElement, boolean][]} */
    const parts = [
      [this.#name, entry.author === "bot" || entry.author === "staff"],
      [this.#bubble, entry.text !== ""],
      [this.#cards, this.#cards.hasChildNodes()],
      ...(this.#form ? [/** @type {[HTMLElement, boolean]} */ ([this.#form.root, true])] : []),
      [this.#buttons, this.#buttons.hasChildNodes()],
      [this.#delivery, this.#delivery.hasChildNodes()],
    ];
    place(
      this.root,
      parts.filter(([, shown]) => shown).map(([part]) => part),
    );
  }

  /**
   * @param {Entry} entry
   * @param {Position} position
   */
  #drawButtons({ buttons }, { tappable, chosen }) {
    const list = buttons.some((one) => one.hint !== "");
    this.#buttons.className = list ? "buttons list" : "buttons row";
    if (this.#buttons.childElementCount !== buttons.length) {
      this.#buttons.replaceChildren(
        ...buttons.map(({ id, label, hint }) =>
          button(
            { class: "choice" },
            () => this.#actions.send(label, id),
            element(
              "span",
              { class: "choice-words" },
              element("span", { class: "choice-label" }, label),
              ...(hint ? [element("span", { class: "choice-hint" }, hint)] : []),
            ),
            ...(list ? [icon("next")] : []),
          ),
        ),
      );
    }
    buttons.forEach(({ label }, index) => {
      const tapped = /** @type {HTMLButtonElement} */ (this.#buttons.children[index]);
      tapped.disabled = !tappable;
      tapped.classList.toggle("chosen", chosen === label);
    });
  }

  /**
   * @param {Entry} entry
   * @param {Entry | null} before
   */
  #drawDelivery(entry, before) {
    if (before?.status === entry.status && before.reason === entry.reason) return;
    const { status, reason } = entry;
    if (status === "sent") {
      this.#delivery.replaceChildren();
    } else if (status === "sending") {
      this.#delivery.replaceChildren(element("span", { class: "sending" }, texts.sending));
    } else if (status === "failed") {
      this.#delivery.replaceChildren(
        button(
          { class: "trouble" },
          () => this.#actions.retry(),
          `${texts.failed}，${texts.failedAction}`,
        ),
      );
    } else {
      this.#delivery.replaceChildren(
        element("span", { class: "refused" }, reason || texts.rejected),
        button({ class: "trouble" }, () => this.#actions.rewrite(entry), texts.rejectedAction),
      );
    }
  }
}
