/** The form in which a stranger proves which merchant they are: first the shop, then the code. */

import { DIGITS } from "../chat/identity.js";
import { texts } from "../texts.zh-CN.js";
import { button, element, icon } from "./dom.js";

/**
 * @typedef {import("../chat/identity.js").Outcome} Outcome
 *
 * @typedef {object} Prover
 * @property {(mid: string, machine: string) => Promise<Outcome>} ask
 * @property {(code: string) => Promise<Outcome>} enter
 */

export class IdentityForm {
  #prover;
  #told = element("p", { class: "form-told", role: "status" });
  #mid = field("mid", { autocomplete: "off", maxlength: "32", pattern: "[0-9A-Za-z_\\-]+" });
  #machine = field("machine", { autocomplete: "off", maxlength: "32", pattern: "[0-9A-Za-z]{6,}" });
  #code = field("code", {
    autocomplete: "one-time-code",
    inputmode: "numeric",
    maxlength: String(DIGITS),
    pattern: `[0-9]{${DIGITS}}`,
  });
  #send = element("button", { type: "submit", class: "form-action" });
  #anew = button({ class: "quiet" }, () => this.#turnTo("claim"), texts.identity.anew);
  #title = element("span", { class: "card-title" }, icon("person"), texts.identity.title);
  /** @type {"claim" | "code"} */
  #stage = "claim";
  #open = true;
  #form = element(
    "form",
    { class: "identity-form", novalidate: true },
    this.#mid.root,
    this.#machine.root,
    this.#code.root,
    this.#told,
    element("div", { class: "form-actions" }, this.#send, this.#anew),
  );
  root = element(
    "section",
    { class: "card identity", "aria-label": texts.identity.title },
    element("div", { class: "card-head" }, this.#title),
    this.#form,
  );

  /** @param {Prover} prover */
  constructor(prover) {
    this.#prover = prover;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#turnTo("claim");
  }

  /** @param {boolean} open whether it can still be filled in */
  set open(open) {
    if (open === this.#open) return;
    this.#open = open;
    this.#form.hidden = !open;
    if (!open) this.#code.input.value = "";
    this.#title.replaceChildren(
      icon(open ? "person" : "check"),
      open ? texts.identity.title : texts.identity.closed,
    );
  }

  /** @param {"claim" | "code"} stage */
  #turnTo(stage) {
    this.#stage = stage;
    const claim = stage === "claim";
    this.#mid.root.hidden = this.#machine.root.hidden = !claim;
    this.#code.root.hidden = this.#anew.hidden = claim;
    this.#code.input.value = "";
    this.#send.textContent = claim ? texts.identity.ask : texts.identity.enter;
    this.#tell(claim ? "" : texts.identity.sent, false);
  }

  async #submit() {
    const claim = this.#stage === "claim";
    const wanted = claim ? [this.#mid, this.#machine] : [this.#code];
    const unfit = wanted.find(({ input }) => {
      input.value = input.value.trim();
      return input.value === "" || !input.checkValidity();
    });
    if (unfit) {
      this.#tell(texts.identity.unfit[unfit.name] ?? "", true);
      unfit.input.focus();
      return;
    }
    this.#send.disabled = true;
    const outcome = claim
      ? await this.#prover.ask(this.#mid.input.value, this.#machine.input.value)
      : await this.#prover.enter(this.#code.input.value);
    this.#send.disabled = false;
    this.#show(outcome);
  }

  /** @param {Outcome} outcome */
  #show(outcome) {
    switch (outcome.kind) {
      case "sent":
        this.#turnTo("code");
        this.#code.input.focus();
        break;
      case "proven":
        this.open = false;
        break;
      case "wrong":
        this.#code.input.value = "";
        this.#tell(texts.identity.wrong(outcome.left), true);
        this.#code.input.focus();
        break;
      case "expired":
        this.#turnTo("claim");
        this.#tell(texts.identity.expired, true);
        break;
      case "refused":
        this.#tell(outcome.reason || texts.identity.lost, true);
        break;
      case "lost":
        this.#tell(texts.identity.lost, true);
        break;
    }
  }

  /**
   * @param {string} words
   * @param {boolean} trouble
   */
  #tell(words, trouble) {
    this.#told.textContent = words;
    this.#told.classList.toggle("trouble", trouble);
  }
}

let fields = 0;

/**
 * @param {"mid" | "machine" | "code"} name
 * @param {Record<string, string>} attributes
 */
function field(name, attributes) {
  const id = `identity-${name}-${(fields += 1)}`;
  const input = element("input", { id, name, type: "text", class: "form-input", ...attributes });
  const root = element(
    "div",
    { class: "form-field" },
    element("label", { for: id }, texts.identity.labels[name]),
    input,
    element("span", { class: "form-hint" }, texts.identity.hints[name]),
  );
  return { name, input, root };
}
