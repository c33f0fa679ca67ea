/** The conversation's event stream, kept open: it comes back by itself and misses nothing. */

import { SseParser } from "./sse.js";
import { backoff, childOf, pause } from "./timing.js";

/**
 * @typedef {import("./sse.js").ServerEvent} ServerEvent
 * @typedef {"connecting" | "open" | "waiting" | "unauthorised"} StreamState
 */

/** The gateway says something at least every 15 s; after three missed turns the line is dead. */
const SILENCE_MS = 45_000;
/** After this much silence a line is doubtful: a phone may have slept through its end. */
const DOUBTFUL_MS = 20_000;

export class EventStream {
  #lastId = "";
  #heardAt = 0;
  #request;
  #onEvent;
  #onState;
  #wait;
  #now;
  /** @type {AbortController | null} ends the pause between two tries */
  #resting = null;
  /** @type {AbortController | null} ends the present connection */
  #connection = null;

  /**
   * @param {object} options
   * @param {import("./api.js").Request} options.request
   * @param {(event: ServerEvent) => void} options.onEvent
   * @param {(state: StreamState) => void} options.onState
   * @param {import("./timing.js").Wait} [options.wait]
   * @param {() => number} [options.now] in ms
   */
  constructor({ request, onEvent, onState, wait = pause, now = Date.now }) {
    this.#request = request;
    this.#onEvent = onEvent;
    this.#onState = onState;
    this.#wait = wait;
    this.#now = now;
  }

  /**
   * Listens until the signal is aborted.
   *
   * @param {AbortSignal} signal
   */
  async run(signal) {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      this.#onState("connecting");
      const outcome = await this.#listen(signal);
      if (signal.aborted) return;
      if (outcome === "heard") attempt = 0;
      this.#onState(outcome === "unauthorised" ? "unauthorised" : "waiting");
      const { controller, release } = childOf(signal);
      this.#resting = controller;
      await this.#wait(backoff(attempt), controller.signal);
      this.#resting = null;
      release();
    }
  }

  /** Tries again now instead of after the pause; a living connection is left alone. */
  wake() {
    this.#resting?.abort();
    if (this.#now() - this.#heardAt > DOUBTFUL_MS) this.#connection?.abort();
  }

  /**
   * One connection, from the request to its end.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<"heard" | "silent" | "unauthorised">}
   */
  async #listen(signal) {
    const { controller, release } = childOf(signal);
    let heard = false;
    this.#connection = controller;
    this.#heardAt = this.#now();
    try {
      const response = await this.#orGiveUp(
        this.#request("/api/v1/events", {
          headers: {
            Accept: "text/event-stream",
            ...(this.#lastId && { "Last-Event-ID": this.#lastId }),
          },
          signal: controller.signal,
        }),
        controller,
      );
      if (response.status === 401) return "unauthorised";
      if (!response.ok || !response.body) return "silent";
      this.#onState("open");
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new SseParser(this.#lastId);
      for (;;) {
        const { done, value } = await this.#orGiveUp(reader.read(), controller);
        if (done) break;
        heard = true;
        this.#heardAt = this.#now();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          if (controller.signal.aborted) break;
          this.#onEvent(event);
          this.#lastId = event.id;
        }
      }
    } catch {
      // Lost network, a refused token request or our own abort: all mean "try again later".
    } finally {
      this.#connection = null;
      controller.abort();
      release();
    }
    return heard ? "heard" : "silent";
  }

  /**
   * Waits for `work`, but not longer than a living line can be silent.
   *
   * @template T
   * @param {Promise<T>} work
   * @param {AbortController} controller aborted when the line is dead
   * @returns {Promise<T>}
   */
  async #orGiveUp(work, controller) {
    const answered = new AbortController();
    const silence = this.#wait(SILENCE_MS, answered.signal).then(() => {
      if (answered.signal.aborted) return work;
      controller.abort();
      throw new Error("the event stream fell silent");
    });
    try {
      return await Promise.race([work, silence]);
    } finally {
      answered.abort();
      // Whichever lost the race must not be reported as unhandled.
      silence.catch(() => {});
      work.catch(() => {});
    }
  }
}
