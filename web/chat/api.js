/** Calls to the gateway, with the merchant's token, renewed when it has run out. */

/**
 * @typedef {() => Promise<string>} TokenSource
 * @typedef {(path: string, init?: RequestInit) => Promise<Response>} Request
 */

/**
 * Whom a token speaks for (the `sub` of a JWT), read without trusting it; null for other tokens.
 *
 * @param {string} token
 * @returns {string | null}
 */
export function subjectOf(token) {
  const payload = token.split(".")[1];
  if (!payload) return null;
  try {
    const json = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const subject = JSON.parse(json).sub;
    return typeof subject === "string" ? subject : null;
  } catch {
    return null;
  }
}

export class Api {
  /** @type {string | null} */
  #token = null;
  /** @type {Promise<string> | null} */
  #asking = null;
  #endpoint;
  #source;
  #onToken;
  #fetch;

  /**
   * @param {object} options
   * @param {string} options.endpoint origin of the gateway, "" for the page's own
   * @param {TokenSource} options.source asked for a token at first use and after each 401
   * @param {(token: string) => void} [options.onToken] told of each token before it is used
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ endpoint, source, onToken = () => {}, fetch = globalThis.fetch }) {
    this.#endpoint = endpoint.replace(/\/+$/, "");
    this.#source = source;
    this.#onToken = onToken;
    this.#fetch = fetch;
  }

  /**
   * Fetches `path`. A 401 is answered once with a new token; a second one is the caller's to see.
   *
   * @type {Request}
   */
  request = async (path, init = {}) => {
    const token = this.#token ?? (await this.#renew());
    const response = await this.#call(path, init, token);
    if (response.status !== 401) return response;
    const fresh = this.#token !== token && this.#token ? this.#token : await this.#renew();
    return fresh === token ? response : this.#call(path, init, fresh);
  };

  /**
   * @param {string} path
   * @param {RequestInit} init
   * @param {string} token
   */
  #call(path, init, token) {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${token}`);
    const fetch = this.#fetch;
    return fetch(this.#endpoint + path, { ...init, headers, cache: "no-store" });
  }

  /** Asks for a token; callers that come meanwhile share the answer. */
  #renew() {
    this.#asking ??= this.#source()
      .then((token) => {
        this.#token = token;
        this.#onToken(token);
        return token;
      })
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }
}
