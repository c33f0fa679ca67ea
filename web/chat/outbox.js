/** The merchant's messages on their way out: in order, one at a time, each under one client_id. */

import { readJson } from "./protocol.js";
import { backoff, childOf, pause } from "./timing.js";

/**
 * @typedef {import("./protocol.js").Outgoing} Outgoing
 *
 * @typedef {object} Delivery what the outbox tells about a message
 * @property {(clientId: string) => void} sending
 * @property {(clientId: string, id: number) => void} delivered the gateway has stored it
 * @property {(clientId: string) => void} failed not delivered, and kept to be tried again
 * @property {(clientId: string, reason: string) => void} rejected the gateway will never take it
 *
 * @typedef {{ kind: "delivered", id: number } | { kind: "rejected", reason: string }
 *   | { kind: "again", after: number | null } | { kind: "unauthorised" }} Outcome
 */

/** Tries in a row before a message is shown as not delivered. */
const PATIENCE = 4;
const ANSWER_MS = 20_000;
const REJECTED = [400, 413, 422];

export class Outbox {
  /** @type {Outgoing[]} */
  #queue = [];
  #draining = false;
  /** @type {AbortController | null} */
  #resting = null;
  #request;
  #delivery;
  #signal;
  #wait;

  /**
   * @param {object} options
   * @param {import("./api.js").Request} options.request
   * @param {Delivery} options.delivery
   * @param {AbortSignal} options.signal ends all sending
   * @param {import("./timing.js").Wait} [options.wait]
   */
  constructor({ request, delivery, signal, wait = pause }) {
    this.#request = request;
    this.#delivery = delivery;
    this.#signal = signal;
    this.#wait = wait;
  }

  /** @param {Outgoing} message */
  add(message) {
    this.#queue.push(message);
    return this.flush();
  }

  /** Sends what is waiting, oldest first; resolves when nothing more can be done now. */
  async flush() {
    this.#resting?.abort();
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let head = this.#queue[0]; head && !this.#signal.aborted; head = this.#queue[0]) {
        for (const message of this.#queue) this.#delivery.sending(message.clientId);
        if (!(await this.#deliver(head))) break;
        this.#queue.shift();
      }
    } finally {
      this.#draining = false;
    }
  }

  /**
   * @param {Outgoing} message
   * @returns {Promise<boolean>} whether the queue may go on with the next one
   */
  async #deliver(message) {
    for (let attempt = 0; attempt < PATIENCE && !this.#signal.aborted; attempt += 1) {
      const outcome = await this.#post(message);
      if (this.#signal.aborted) return false;
      if (outcome.kind === "delivered") {
        this.#delivery.delivered(message.clientId, outcome.id);
        return true;
      }
      if (outcome.kind === "rejected") {
        this.#delivery.rejected(message.clientId, outcome.reason);
        return true;
      }
      if (outcome.kind === "unauthorised") break;
      if (attempt + 1 < PATIENCE) await this.#rest(outcome.after ?? backoff(attempt + 1));
    }
    for (const waiting of this.#queue) this.#delivery.failed(waiting.clientId);
    return false;
  }

  /** @param {number} ms */
  async #rest(ms) {
    const { controller, release } = childOf(this.#signal);
    this.#resting = controller;
    await this.#wait(ms, controller.signal);
    this.#resting = null;
    release();
  }

  /**
   * @param {Outgoing} message
   * @returns {Promise<Outcome>}
   */
  async #post({ clientId, text, choice }) {
    const { controller, release } = childOf(this.#signal);
    const answered = new AbortController();
    void this.#wait(ANSWER_MS, answered.signal).then(() => {
      if (!answered.signal.aborted) controller.abort();
    });
    try {
      const response = await this.#request("/api/v1/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ client_id: clientId, text, choice }),
        signal: controller.signal,
      });
      return await read(response);
    } catch {
      return { kind: "again", after: null };
    } finally {
      answered.abort();
      release();
    }
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Outcome>}
 */
async function read(response) {
  if (response.status === 401) return { kind: "unauthorised" };
  const answer = /** @type {any} */ (readJson(await response.text()));
  if (response.ok && typeof answer?.message === "number") {
    return { kind: "delivered", id: answer.message };
  }
  if (REJECTED.includes(response.status)) {
    const reason = answer?.error?.message;
    return { kind: "rejected", reason: typeof reason === "string" ? reason : "" };
  }
  const seconds = Number(response.headers.get("Retry-After"));
  return { kind: "again", after: seconds > 0 ? Math.min(seconds, 60) * 1000 : null };
}
