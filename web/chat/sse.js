/**
 * Server-sent events out of a fetch body: EventSource cannot send an Authorization header.
 *
 * @typedef {{ type: string, data: string, id: string }} ServerEvent `id` is the last one seen
 */

/** A parser that may be fed any piece of the stream, however it was cut. */
export class SseParser {
  #rest = "";
  #afterCr = false;
  #type = "";
  /** @type {string[]} */
  #data = [];
  #id;

  /** @param {string} [lastId] the id that events without one of their own carry */
  constructor(lastId = "") {
    this.#id = lastId;
  }

  /**
   * @param {string} piece
   * @returns {ServerEvent[]} the events that this piece completed
   */
  push(piece) {
    if (piece === "") return [];
    // A CR that ended the last piece was a line end already; its LF may only arrive now.
    const fresh = this.#afterCr && piece.startsWith("\n") ? piece.slice(1) : piece;
    this.#afterCr = piece.endsWith("\r");
    const lines = (this.#rest + fresh).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? "";
    return lines.map((line) => this.#line(line)).filter((event) => event !== null);
  }

  /**
   * @param {string} line
   * @returns {ServerEvent | null}
   */
  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#type = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return null;
  }

  /** @returns {ServerEvent | null} */
  #dispatch() {
    const event = { type: this.#type || "message", data: this.#data.join("\n"), id: this.#id };
    const empty = this.#data.length === 0;
    this.#type = "";
    this.#data = [];
    return empty ? null : event;
  }
}
