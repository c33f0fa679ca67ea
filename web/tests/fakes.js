/** Stand-ins for the clock and the network, made by hand. */

/** A clock that stands still until a test lets time pass. */
export class FakeClock {
  now = 0;
  /** @type {{ due: number, wake: () => void }[]} */
  #sleepers = [];

  /** @type {import("../chat/timing.js").Wait} */
  wait = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = {
        due: this.now + ms,
        wake: () => {
          this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", sleeper.wake);
    });

  /** @param {number} ms */
  async pass(ms) {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const next = this.#sleepers.sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.now = next.due;
      next.wake();
      await settle();
    }
    this.now = end;
  }
}

/** Lets everything that is ready to run, run. */
export async function settle() {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((next) => setImmediate(next));
}

/** A response body that a test writes piece by piece. */
export class FakeBody {
  /** @type {ReadableStreamDefaultController<Uint8Array> | null} */
  #controller = null;

  /** @param {AbortSignal | null | undefined} signal of the request, which ends the body like fetch does */
  response(signal) {
    const stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        signal?.addEventListener("abort", () => this.#end(() => controller.error(new Error())));
      },
    });
    return new Response(stream, { headers: { "Content-Type": "text/event-stream" } });
  }

  /** @param {string | Uint8Array} piece */
  async write(piece) {
    this.#controller?.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    await settle();
  }

  async close() {
    this.#end(() => this.#controller?.close());
    await settle();
  }

  /** @param {() => void} action a body may have ended already */
  #end(action) {
    try {
      action();
    } catch {
      // Nothing is left to end.
    }
  }
}

/**
 * @param {number} status
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 */
export const answer = (status, body = {}, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers });

/**
 * A message as the gateway sends it.
 *
 * @param {number} id
 * @param {object} [fields]
 */
export const wire = (id, fields = {}) => ({
  id,
  author: "bot",
  text: `第${id}条`,
  at: "2026-11-22T10:20:31+08:00",
  client_id: null,
  buttons: [],
  timeline: null,
  ticket: null,
  ...fields,
});

/**
 * The same as an event of the stream.
 *
 * @param {number} id
 * @param {object} [fields]
 */
export const event = (id, fields = {}) =>
  `event: message\nid: ${id}\ndata: ${JSON.stringify(wire(id, fields))}\n\n`;
