/** A visitor's token: kept for this window, so that a reload finds the same talk again. */

const KEY = "daozhang-chat:visitor";

/**
 * A token for somebody who is signed in nowhere; the kept one first, a new one when that was
 * refused or there is none.
 *
 * @param {string} endpoint origin of the gateway, "" for the page's own
 * @param {typeof fetch} [fetch]
 * @returns {import("./api.js").TokenSource}
 */
export function visitorTokens(endpoint, fetch = globalThis.fetch) {
  let first = true;
  return async () => {
    const kept = first ? load() : null;
    first = false;
    if (kept) return kept;
    const call = fetch;
    const response = await call(`${endpoint.replace(/\/+$/, "")}/api/v1/visitors`, {
      method: "POST",
      cache: "no-store",
    });
    if (!response.ok) throw new Error(`visitors: ${response.status}`);
    const { token } = await response.json();
    save(token);
    return token;
  };
}

/** @returns {string | null} */
function load() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} token */
function save(token) {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Storage may be forbidden; then a reload begins a new talk.
  }
}
