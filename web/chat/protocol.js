/**
 * The gateway's words (docs/protocol.md), typed and read with care.
 *
 * @typedef {"merchant" | "bot" | "staff" | "system"} Author
 * @typedef {{ id: string, label: string, hint: string }} Button
 * @typedef {"done" | "current" | "pending" | "stopped"} StageState
 * @typedef {{ key: string, label: string, at: string, note: string, state: StageState }} Stage
 * @typedef {{ title: string, amount: string, net: string, due: string, stages: Stage[] }} Timeline
 * @typedef {{ number: string, summary: string, next: string }} Ticket
 * @typedef {"asked" | "proven"} IdentityStep
 *
 * @typedef {object} Message
 * @property {number} id
 * @property {Author} author
 * @property {string} text
 * @property {Date} at
 * @property {string | null} clientId set on the merchant's own messages
 * @property {Button[]} buttons
 * @property {Timeline | null} timeline
 * @property {Ticket | null} ticket
 * @property {IdentityStep | null} identity
 *
 * @typedef {{ clientId: string, text: string, choice?: string }} Outgoing
 */

const AUTHORS = ["merchant", "bot", "staff", "system"];
const STATES = ["done", "current", "pending", "stopped"];

/** The longest text the gateway takes, in characters as people count them. */
export const MAX_LENGTH = 2000;

/**
 * @param {unknown} value
 * @returns {Record<string, unknown> | null}
 */
function record(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : null;
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");

/** @param {unknown} value */
const records = (value) =>
  Array.isArray(value) ? value.map(record).filter((one) => one !== null) : [];

/**
 * @param {unknown} value
 * @returns {Timeline | null}
 */
function readTimeline(value) {
  const card = record(value);
  if (!card) return null;
  const stages = records(card.stages).map((stage) => ({
    key: text(stage.key),
    label: text(stage.label),
    at: text(stage.at),
    note: text(stage.note),
    state: /** @type {StageState} */ (STATES.includes(text(stage.state)) ? stage.state : "pending"),
  }));
  return {
    title: text(card.title),
    amount: text(card.amount),
    net: text(card.net),
    due: text(card.due),
    stages,
  };
}

/**
 * @param {unknown} value
 * @returns {Ticket | null}
 */
function readTicket(value) {
  const card = record(value);
  return card && { number: text(card.number), summary: text(card.summary), next: text(card.next) };
}

/**
 * One message event's data; null when it is not a message, so that a newer gateway breaks nothing.
 *
 * @param {unknown} value
 * @returns {Message | null}
 */
export function readMessage(value) {
  const raw = record(value);
  if (!raw || typeof raw.id !== "number" || !AUTHORS.includes(text(raw.author))) return null;
  const at = new Date(text(raw.at));
  return {
    id: raw.id,
    author: /** @type {Author} */ (raw.author),
    text: text(raw.text),
    at: Number.isNaN(at.getTime()) ? new Date() : at,
    clientId: typeof raw.client_id === "string" ? raw.client_id : null,
    buttons: records(raw.buttons).map((button) => ({
      id: text(button.id),
      label: text(button.label),
      hint: text(button.hint),
    })),
    timeline: readTimeline(raw.timeline),
    ticket: readTicket(raw.ticket),
    identity: raw.identity === "asked" || raw.identity === "proven" ? raw.identity : null,
  };
}

/**
 * @param {string} data
 * @returns {unknown} null when the text is not JSON
 */
export function readJson(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
