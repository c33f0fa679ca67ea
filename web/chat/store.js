/** What the conversation looks like now. Knows neither the network nor the page. */

/**
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {"sending" | "sent" | "failed" | "rejected"} Status
 *
 * @typedef {object} Entry a message as it is shown; replaced, never changed, when it changes
 * @property {string} key stays the same from the draft to the stored message
 * @property {number | null} id null until the gateway has stored it
 * @property {import("./protocol.js").Author} author
 * @property {string} text
 * @property {Date} at
 * @property {string | null} clientId
 * @property {import("./protocol.js").Button[]} buttons
 * @property {import("./protocol.js").Timeline | null} timeline
 * @property {import("./protocol.js").Ticket | null} ticket
 * @property {import("./protocol.js").IdentityStep | null} identity
 * @property {Status} status
 * @property {string} reason why the gateway refused it
 */

export class Store {
  /** @type {Entry[]} stored ones by id, then drafts in the order they were written */
  #entries = [];
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #told = true;
  typing = false;
  /** @type {import("./stream.js").StreamState} */
  connection = "connecting";

  /** @returns {readonly Entry[]} */
  get entries() {
    return this.#entries;
  }

  /** The highest id there is, 0 before the first message. */
  get lastId() {
    return this.#entries.reduce((last, entry) => Math.max(last, entry.id ?? 0), 0);
  }

  /**
   * Calls back once after each burst of changes.
   *
   * @param {() => void} listener
   * @returns {() => void} stops it
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes in a stored message. One that is known already changes nothing; the merchant's own takes
   * the place of its draft.
   *
   * @param {Message} message
   */
  receive(message) {
    const known = this.#entries.find(
      (entry) =>
        entry.id === message.id || (message.clientId && entry.clientId === message.clientId),
    );
    const key = known?.key ?? message.clientId ?? `m${message.id}`;
    this.#put({ ...message, key, status: "sent", reason: "" });
  }

  /**
   * Shows the merchant's own message before the gateway has it.
   *
   * @param {string} clientId
   * @param {string} text
   * @param {Date} at
   */
  draft(clientId, text, at) {
    this.#put({
      key: clientId,
      id: null,
      author: "merchant",
      text,
      at,
      clientId,
      buttons: [],
      timeline: null,
      ticket: null,
      identity: null,
      status: "sending",
      reason: "",
    });
  }

  /**
   * @param {string} clientId
   * @param {number} id
   */
  delivered(clientId, id) {
    this.#change(clientId, { id, status: "sent" });
  }

  /** @param {string} clientId */
  sending(clientId) {
    this.#change(clientId, { status: "sending" });
  }

  /** @param {string} clientId */
  failed(clientId) {
    this.#change(clientId, { status: "failed" });
  }

  /**
   * @param {string} clientId
   * @param {string} reason
   */
  rejected(clientId, reason) {
    this.#change(clientId, { status: "rejected", reason });
  }

  /**
   * Takes a draft away again.
   *
   * @param {string} clientId
   */
  discard(clientId) {
    this.#entries = this.#entries.filter(
      (entry) => entry.clientId !== clientId || entry.id !== null,
    );
    this.#changed();
  }

  /** @param {boolean} on */
  setTyping(on) {
    this.typing = on;
    this.#changed();
  }

  /** @param {import("./stream.js").StreamState} state */
  setConnection(state) {
    this.connection = state;
    // The end of an answer may have been missed while nobody listened.
    if (state !== "open") this.typing = false;
    this.#changed();
  }

  /**
   * How many answers came after the message `readUpTo`.
   *
   * @param {number} readUpTo
   */
  unread(readUpTo) {
    return this.#entries.filter(
      ({ id, author }) => (id ?? 0) > readUpTo && (author === "bot" || author === "staff"),
    ).length;
  }

  /**
   * @param {string} clientId
   * @param {Partial<Entry>} changes
   */
  #change(clientId, changes) {
    const entry = this.#entries.find((one) => one.clientId === clientId);
    // The event stream may have been quicker than the answer to the post.
    if (entry && entry.id === null) this.#put({ ...entry, ...changes });
  }

  /** @param {Entry} entry */
  #put(entry) {
    const others = this.#entries.filter((one) => one.key !== entry.key);
    const place =
      entry.id === null
        ? this.#entries.findIndex((one) => one.key === entry.key)
        : others.findIndex((one) => one.id === null || one.id > Number(entry.id));
    others.splice(place < 0 ? others.length : place, 0, entry);
    this.#entries = others;
    this.#changed();
  }

  #changed() {
    if (!this.#told) return;
    this.#told = false;
    queueMicrotask(() => {
      this.#told = true;
      for (const listener of this.#listeners) listener();
    });
  }
}
