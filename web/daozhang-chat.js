/**
 * `<daozhang-chat>`: the assistant in a corner of a merchant portal; full screen on a phone.
 *
 * Attributes: `endpoint` (origin of the gateway, else the page's own), `open`, `title`, `token`, and
 * `visitor` for pages where nobody is signed in: the gateway then gives a visitor's token itself.
 * Properties: `token`, and `getToken`, an async function that is asked at first and after each 401.
 * Methods: `show()`, `hide()`, `compose(text)`. Event: `toggle`, after it was opened or closed.
 *
 * Needs no inline script and no markup from strings. Content-Security-Policy: `script-src` and
 * `connect-src` with the gateway's origin; styles are constructed sheets and need no `style-src`.
 */

import { subjectOf } from "./chat/api.js";
import { Conversation } from "./chat/conversation.js";
import { loadReadMark, saveReadMark } from "./chat/readmark.js";
import { Store } from "./chat/store.js";
import { visitorTokens } from "./chat/visitor.js";
import { Panel } from "./view/panel.js";
import { applyStyles } from "./view/styles/index.js";
import { followViewport } from "./view/viewport.js";

export class DaozhangChat extends HTMLElement {
  static observedAttributes = ["endpoint", "open", "title", "token", "visitor"];

  /** @type {string | null} */
  #token = null;
  /** @type {import("./chat/api.js").TokenSource | null} */
  #getToken = null;
  /** @type {Conversation | null} */
  #conversation = null;
  /** @type {AbortController | null} ends everything that lives while the element is on a page */
  #life = null;
  #subject = "";
  #readUpTo = 0;
  #starting = false;
  #panel = new Panel({
    send: (text, choice) => void this.#conversation?.send(text, choice),
    retry: () => void this.#conversation?.retry(),
    discard: (clientId) => this.#conversation?.store.discard(clientId),
    toggle: (open) => this.#toggle(open, true),
    prover: {
      ask: async (mid, machine) =>
        (await this.#conversation?.prover.ask(mid, machine)) ?? { kind: "lost" },
      enter: async (code) => (await this.#conversation?.prover.enter(code)) ?? { kind: "lost" },
    },
  });

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    applyStyles(shadow);
    shadow.append(this.#panel.root);
    this.#adopt("token");
    this.#adopt("getToken");
  }

  get token() {
    return this.#token ?? this.getAttribute("token");
  }

  set token(token) {
    this.#token = token;
    // A new token of the same merchant must not lose what is on its way.
    const same = token && this.#subject && subjectOf(token) === this.#subject;
    if (same && this.#conversation) void this.#conversation.retry();
    else this.#startSoon();
  }

  get getToken() {
    return this.#getToken;
  }

  set getToken(source) {
    this.#getToken = source;
    this.#startSoon();
  }

  show() {
    this.#toggle(true, true);
  }

  hide() {
    this.#toggle(false, true);
  }

  /** @param {string} text opens the panel and puts the text into the input, for the reader to send */
  compose(text) {
    this.#toggle(true, false);
    this.#panel.compose(text);
  }

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const wake = () => {
      if (document.visibilityState !== "visible") return;
      void this.#conversation?.retry();
      this.#draw();
    };
    window.addEventListener("online", wake, { signal });
    document.addEventListener("visibilitychange", wake, { signal });
    followViewport(this, signal);
    this.#startSoon();
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.#stop();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (name === "title") this.#panel.title = value ?? "";
    else if (name === "open") {
      if ((before === null) !== (value === null)) this.#panel.setOpen(value !== null, false);
      this.#draw();
    } else if (name === "token") this.token = value;
    else if (before !== value) this.#startSoon();
  }

  /** Begins anew once the page has finished setting attributes and properties. */
  #startSoon() {
    if (this.#starting) return;
    this.#starting = true;
    queueMicrotask(() => {
      this.#starting = false;
      this.#start();
    });
  }

  #start() {
    this.#stop();
    const source = this.#source();
    if (!this.#life || !source) return;
    const conversation = new Conversation({
      endpoint: this.getAttribute("endpoint") ?? "",
      source,
      onToken: (token) => this.#know(subjectOf(token) ?? ""),
    });
    this.#conversation = conversation;
    this.#subject = "";
    conversation.store.subscribe(() => this.#draw());
    void conversation.start();
  }

  /** @returns {import("./chat/api.js").TokenSource | null} where tokens come from, if anywhere */
  #source() {
    const getToken = this.#getToken;
    if (getToken) return getToken;
    if (this.token) return async () => this.token ?? "";
    return this.hasAttribute("visitor") ? visitorTokens(this.getAttribute("endpoint") ?? "") : null;
  }

  #stop() {
    this.#conversation?.stop();
    this.#conversation = null;
    this.#draw();
  }

  /**
   * Another merchant has signed in on the page: nothing of the first one's talk may stay.
   *
   * @param {string} subject
   */
  #know(subject) {
    if (this.#subject && subject !== this.#subject) return this.#start();
    this.#subject = subject;
    this.#readUpTo = loadReadMark(subject);
  }

  #draw() {
    const store = this.#conversation?.store ?? new Store();
    this.#panel.draw(store);
    const seen = this.hasAttribute("open") && document.visibilityState === "visible";
    if (seen && store.lastId > this.#readUpTo) {
      this.#readUpTo = store.lastId;
      saveReadMark(this.#subject, this.#readUpTo);
    }
    this.#panel.unread = store.unread(this.#readUpTo);
  }

  /**
   * @param {boolean} open
   * @param {boolean} byReader
   */
  #toggle(open, byReader) {
    if (this.hasAttribute("open") === open) return;
    this.toggleAttribute("open", open);
    this.#panel.setOpen(open, byReader);
    this.dispatchEvent(new Event("toggle"));
  }

  /**
   * Takes over a property that the page set before this file had been loaded.
   *
   * @param {"token" | "getToken"} name
   */
  #adopt(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = /** @type {any} */ (this)[name];
    delete (/** @type {any} */ (this)[name]);
    /** @type {any} */ (this)[name] = value;
  }
}

if (!customElements.get("daozhang-chat")) customElements.define("daozhang-chat", DaozhangChat);
