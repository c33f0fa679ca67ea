/** The part of a phone's screen that its keyboard leaves free. */

/**
 * Keeps `--view-height` and `--view-top` of the host at the visible part of the page.
 *
 * @param {HTMLElement} host
 * @param {AbortSignal} signal
 */
export function followViewport(host, signal) {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const measure = () => {
    host.style.setProperty("--view-height", `${visualViewport.height}px`);
    host.style.setProperty("--view-top", `${visualViewport.offsetTop}px`);
  };
  visualViewport.addEventListener("resize", measure, { signal });
  visualViewport.addEventListener("scroll", measure, { signal });
  measure();
}
