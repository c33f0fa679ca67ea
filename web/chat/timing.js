/**
 * Waiting, as one function that tests replace.
 *
 * @typedef {(ms: number, signal?: AbortSignal) => Promise<void>} Wait
 */

/**
 * Resolves after `ms`, or at once when the signal is aborted; never rejects.
 *
 * @type {Wait}
 */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

const STEPS = [1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * How long to wait before try number `attempt` (from 0) is made again, in ms. A random half keeps
 * thousands of shops from coming back in the same instant after the gateway was restarted.
 *
 * @param {number} attempt
 */
export function backoff(attempt) {
  const step = STEPS[Math.min(attempt, STEPS.length - 1)] ?? 0;
  return step / 2 + (Math.random() * step) / 2;
}

/**
 * A controller that follows a parent signal, for work that can also be given up on its own.
 *
 * @param {AbortSignal} parent
 */
export function childOf(parent) {
  const controller = new AbortController();
  const follow = () => controller.abort();
  if (parent.aborted) follow();
  else parent.addEventListener("abort", follow, { once: true });
  return {
    controller,
    release: () => parent.removeEventListener("abort", follow),
  };
}
