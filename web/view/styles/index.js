import { base } from "./base.js";
import { cards } from "./cards.js";
import { identity } from "./identity.js";
import { messages } from "./messages.js";
import { panel } from "./panel.js";

const text = [base, panel, messages, cards, identity].join("\n");

/**
 * Gives the shadow root its styles. Browsers without constructed sheets (Safari before 16.4) get a
 * style element, which a strict policy has to allow.
 *
 * @param {ShadowRoot} shadow
 */
export function applyStyles(shadow) {
  if ("adoptedStyleSheets" in shadow) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    shadow.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement("style");
  style.textContent = text;
  /** @type {ShadowRoot} */ (shadow).append(style);
}
