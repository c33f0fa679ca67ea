/** One merchant's conversation: the event stream and the outbox, both feeding one store. */

import { Api } from "./api.js";
import { askForCode, enterCode } from "./identity.js";
import { Outbox } from "./outbox.js";
import { readJson, readMessage } from "./protocol.js";
import { Store } from "./store.js";
import { EventStream } from "./stream.js";
import { pause } from "./timing.js";

export class Conversation {
  store = new Store();
  #end = new AbortController();
  #stream;
  #outbox;
  #now;
  #request;

  /**
   * @param {object} options
   * @param {string} options.endpoint
   * @param {import("./api.js").TokenSource} options.source
   * @param {(token: string) => void} [options.onToken]
   * @param {typeof fetch} [options.fetch]
   * @param {import("./timing.js").Wait} [options.wait]
   * @param {() => Date} [options.now]
   */
  constructor({ endpoint, source, onToken, fetch, wait = pause, now = () => new Date() }) {
    const { request } = new Api({ endpoint, source, onToken, fetch });
    this.#now = now;
    this.#request = request;
    this.#outbox = new Outbox({
      request,
      delivery: this.store,
      signal: this.#end.signal,
      wait,
    });
    this.#stream = new EventStream({
      request,
      onEvent: (event) => this.#hear(event),
      onState: (state) => {
        this.store.setConnection(state);
        if (state === "open") void this.#outbox.flush();
      },
      wait,
    });
  }

  start() {
    return this.#stream.run(this.#end.signal);
  }

  stop() {
    this.#end.abort();
  }

  /**
   * @param {string} text
   * @param {string} [choice] id of the button that was tapped
   */
  send(text, choice) {
    const clientId = newId();
    this.store.draft(clientId, text, this.#now());
    return this.#outbox.add({ clientId, text, choice });
  }

  /** What the form needs in which a stranger proves who they are. */
  prover = {
    /** @param {string} mid @param {string} machine */
    ask: (mid, machine) => askForCode(this.#request, mid, machine),
    /** @param {string} code */
    enter: (code) => enterCode(this.#request, code),
  };

  /** Tries again now, both what is unsent and the line itself. */
  retry() {
    this.#stream.wake();
    return this.#outbox.flush();
  }

  /** @param {import("./sse.js").ServerEvent} event */
  #hear({ type, data }) {
    const value = readJson(data);
    if (type === "typing") {
      this.store.setTyping(/** @type {any} */ (value)?.on === true);
    } else if (type === "message") {
      const message = readMessage(value);
      if (message) this.store.receive(message);
    }
  }
}

/** 32 random hex digits; `crypto.randomUUID` is missing where a portal is served without TLS. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
