/** The demo portal: a merchant is chosen, the widget gets a token as a real portal would give it. */

import "../daozhang-chat.js";
import { button, element } from "../view/dom.js";
import { fetchMerchants, fetchToken } from "./gateway.js";
import { Phone } from "./phone.js";
import { TerminalPanel } from "./terminal.js";
import { texts } from "./texts.zh-CN.js";

/**
 * @typedef {import("./gateway.js").Merchant} Merchant
 * @typedef {import("../daozhang-chat.js").DaozhangChat} DaozhangChat
 */

const RETRY_MS = 2000;
/** What stands in the address and the chooser for nobody in particular. */
const VISITOR = "visitor";
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

/** @param {{ title: string, tag: string, hint: string }} words what the card beside the chat is */
function label({ title, tag, hint }) {
  byId("terminal-title").textContent = title;
  byId("terminal-tag").textContent = tag;
  byId("terminal-hint").textContent = hint;
}

/**
 * Nobody is signed in: the widget as on a public page, and the merchants' phones beside it.
 *
 * @param {Merchant | undefined} example
 */
function showVisitor(example) {
  byId("merchant-name").textContent = texts.visitor;
  byId("merchant-facts").textContent = texts.visitorFacts;
  byId("questions").replaceChildren(
    ...texts.visitorQuestions.map((question) =>
      button({ class: "question" }, () => compose(question), question),
    ),
  );
  panels = [];
  label(texts.phones);
  const phone = new Phone();
  byId("terminals").replaceChildren(
    ...(example ? [element("p", { class: "none" }, texts.visitorMay(example))] : []),
    phone.root,
  );
  phone.start();
  openChat(null);
  history.replaceState(null, "", `?mid=${VISITOR}`);
}

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
  label(texts.terminals);
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
 * @param {string | null} mid null for a visitor
 */
function openChat(mid) {
  const before = document.querySelector("daozhang-chat");
  const chat = /** @type {DaozhangChat} */ (document.createElement("daozhang-chat"));
  if (mid === null) chat.setAttribute("visitor", "");
  else chat.getToken = () => fetchToken(mid);
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
    element("option", { value: VISITOR }, texts.visitor),
  );
  const example = merchants.find(({ terminals }) => terminals.length > 0);
  /** @param {string | null} chosen */
  const choose = (chosen) => {
    const merchant = merchants.find(({ mid }) => mid === chosen);
    if (merchant) show(merchant);
    else showVisitor(example);
  };
  const asked = new URLSearchParams(location.search).get("mid");
  const known = asked === VISITOR || merchants.some(({ mid }) => mid === asked);
  chooser.value = (known ? asked : merchants[0]?.mid) ?? VISITOR;
  chooser.disabled = false;
  chooser.addEventListener("change", () => choose(chooser.value));
  choose(chooser.value);
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
