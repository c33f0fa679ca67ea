/**
 * The demo's own calls to the gateway (docs/protocol.md, "Demo only").
 *
 * @typedef {{ tid: string, model: string }} TerminalName
 * @typedef {{ mid: string, name: string, trade: string, questions: string[],
 *   terminals: TerminalName[] }} Merchant
 * @typedef {{ name: string, text: string }} PhoneMessage
 * @typedef {{ tid: string, signal: number, online: boolean, signed_on: boolean,
 *   screen: string }} TerminalState
 */

/**
 * @param {string} path
 * @param {object} [body] posted as JSON where given
 * @returns {Promise<any>}
 */
async function call(path, body) {
  const response = await fetch(
    path,
    body && {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    },
  );
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** @returns {Promise<Merchant[]>} */
export const fetchMerchants = () => call("/demo/merchants");

/**
 * @param {string} mid
 * @returns {Promise<string>}
 */
export const fetchToken = async (mid) => (await call("/demo/token", { mid })).token;

/** @returns {Promise<PhoneMessage[]>} */
export const fetchPhones = () => call("/demo/phones");

/**
 * @param {string} tid
 * @returns {Promise<TerminalState>}
 */
export const fetchTerminal = (tid) => call(`/demo/terminals/${encodeURIComponent(tid)}`);

/**
 * @param {string} tid
 * @param {string} action
 * @returns {Promise<TerminalState>}
 */
export const actOnTerminal = (tid, action) =>
  call(`/demo/terminals/${encodeURIComponent(tid)}/actions`, { action });
