/** The demo portal: a merchant is chosen, the widget gets a token as a real portal would give it. */

import "../daozhang-chat.js";
import { button, element } from "../view/dom.js";
import { fetchMerchants, fetchToken } from "./gateway.js";
import { TerminalPanel } from "./terminal.js";
import { texts } from "./texts.zh-CN.js";

/**
 * @typedef {import("./gateway.js").Merchant} Merchant
 * @typedef {import("../daozhang-chat.js").DaozhangChat} DaozhangChat
 */

const RETRY_MS = 2000;
const wide = matchMedia("(min-width: 1080px)");

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is missing`);
  return found;
}

const chooser = /** @type {HTMLSelectElement} */ (byId("merchant"));
/** @type {TerminalPanel[]} */
let panels = [];

/** @param {string} text */
const compose = (text) =>
  /** @type {DaozhangChat | null} */ (document.querySelector("daozhang-chat"))?.compose(text);

/** @param {Merchant} merchant */
function show(merchant) {
  byId("merchant-name").textContent = merchant.name;
  byId("merchant-facts").textContent = texts.facts(merchant.mid, merchant.trade);
  byId("questions").replaceChildren(
    ...(merchant.questions.length > 0
      ? merchant.questions.map((question) =>
          button({ class: "question" }, () => compose(question), question),
        )
      : [element("p", { class: "none" }, texts.noQuestions)]),
  );
  panels = merchant.terminals.map((terminal) => new TerminalPanel(terminal));
  byId("terminals").replaceChildren(
    ...(panels.length > 0
      ? panels.map((panel) => panel.root)
      : [element("p", { class: "none" }, texts.noTerminals)]),
  );
  openChat(merchant.mid);
  history.replaceState(null, "", `?mid=${encodeURIComponent(merchant.mid)}`);
}

/**
 * A fresh widget for each merchant, as each would have on a page of their own.
 *
 * @param {string} mid
 */
function openChat(mid) {
  const before = document.querySelector("daozhang-chat");
  const chat = /** @type {DaozhangChat} */ (document.createElement("daozhang-chat"));
  chat.getToken = () => fetchToken(mid);
  chat.toggleAttribute("open", before ? before.hasAttribute("open") : wide.matches);
  const makeRoom = () => document.body.classList.toggle("chat-open", chat.hasAttribute("open"));
  chat.addEventListener("toggle", makeRoom);
  before?.remove();
  document.body.append(chat);
  makeRoom();
}

async function start() {
  const merchants = await fetchMerchants();
  byId("trouble").hidden = true;
  chooser.replaceChildren(
    ...merchants.map(({ mid, name, trade }) =>
      element("option", { value: mid }, `${name} · ${trade}`),
    ),
  );
  const asked = new URLSearchParams(location.search).get("mid");
  const first = merchants.find(({ mid }) => mid === asked) ?? merchants[0];
  if (!first) return;
  chooser.value = first.mid;
  chooser.disabled = false;
  chooser.addEventListener("change", () => {
    const chosen = merchants.find(({ mid }) => mid === chooser.value);
    if (chosen) show(chosen);
  });
  show(first);
}

async function startWhenReachable() {
  try {
    await start();
  } catch (error) {
    console.warn(error);
    byId("trouble").textContent = texts.unreachable;
    byId("trouble").hidden = false;
    setTimeout(startWhenReachable, RETRY_MS);
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") panels.forEach((panel) => void panel.refresh());
});
void startWhenReachable();
