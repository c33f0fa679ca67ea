/** Proving who one is: calls of their own, so that nothing typed there passes through the talk. */

import { readJson } from "./protocol.js";

/**
 * @typedef {{ kind: "sent" } | { kind: "proven" } | { kind: "wrong", left: number }
 *   | { kind: "expired" } | { kind: "refused", reason: string } | { kind: "lost" }} Outcome
 */

/** How many digits a code has. */
export const DIGITS = 6;

/**
 * Asks for a one-time code. That it was "sent" says nothing about whether the claim fits.
 *
 * @param {import("./api.js").Request} request
 * @param {string} mid
 * @param {string} machine
 * @returns {Promise<Outcome>}
 */
export async function askForCode(request, mid, machine) {
  const answer = await post(request, "/api/v1/identity", { mid, machine });
  return answer.outcome ?? { kind: "sent" };
}

/**
 * @param {import("./api.js").Request} request
 * @param {string} code
 * @returns {Promise<Outcome>}
 */
export async function enterCode(request, code) {
  const { outcome, body } = await post(request, "/api/v1/identity/confirm", { code });
  if (outcome) return outcome;
  if (body?.result === "proven") return { kind: "proven" };
  if (body?.result === "expired") return { kind: "expired" };
  return { kind: "wrong", left: Number(body?.left) || 0 };
}

/**
 * @param {import("./api.js").Request} request
 * @param {string} path
 * @param {object} sent
 * @returns {Promise<{ outcome?: Outcome, body?: any }>} `outcome` where it was not taken
 */
async function post(request, path, sent) {
  try {
    const response = await request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(sent),
    });
    const body = /** @type {any} */ (readJson(await response.text()));
    if (response.ok) return { body };
    const reason = body?.error?.message;
    return { outcome: { kind: "refused", reason: typeof reason === "string" ? reason : "" } };
  } catch {
    return { outcome: { kind: "lost" } };
  }
}

/**
 * Whether the form of a message can still be filled in: none came since, nor the proof or a ticket.
 *
 * @param {readonly import("./store.js").Entry[]} entries
 * @param {number} index
 */
export function formStands(entries, index) {
  if (entries[index]?.identity !== "asked") return false;
  return !entries.slice(index + 1).some(({ identity, ticket }) => identity || ticket);
}
