/** Building elements without markup: every text becomes a text node, so none can turn into HTML. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean>} [attributes] true sets an empty one, false leaves it out
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/**
 * @param {Record<string, string>} attributes
 * @param {() => void} onTap
 * @param {(Node | string)[]} children
 */
export function button(attributes, onTap, ...children) {
  const made = element("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", onTap);
  return made;
}

const ICONS = {
  chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 4.1A.8.8 0 0 1 5 19.5V16A2.5 2.5 0 0 1 4 13.5zM8.5 8h7M8.5 11.5h4.5",
  close: "M5 9l7 7 7-7",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  person:
    "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM4.75 20c.6-3.6 3.5-5.6 7.25-5.6s6.65 2 7.25 5.6",
  down: "M12 5v14M5.5 12.5L12 19l6.5-6.5",
  check: "M5.5 12.5l4.2 4.2 8.8-9.2",
  stop: "M12 6v7.5M12 17.6v.2",
  next: "M9 5l7 7-7 7",
  ticket: "M4 6.5h16v4a1.8 1.8 0 0 0 0 3.5v3.5H4V14a1.8 1.8 0 0 0 0-3.5zM14.5 9.5v5.5",
  warn: "M12 8v5M12 16.4v.2M12 3.5l9 16H3z",
};

/**
 * @param {keyof typeof ICONS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {string} text something only a screen reader says */
export const spoken = (text) => element("span", { class: "spoken" }, text);

/**
 * Makes `children` the children of `parent`, moving only those that are out of place.
 *
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children
 */
export function place(parent, children) {
  const kept = new Set(children);
  for (const child of [...parent.children]) {
    if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  }
  children.forEach((child, index) => {
    const present = parent.children[index] ?? null;
    if (present !== child) parent.insertBefore(child, present);
  });
}
