/** Which buttons of a conversation can still be tapped, and which was. */

/**
 * Buttons stand until the merchant says something, newer ones come or a person takes over. News
 * and notices in between leave them as they are.
 *
 * @param {readonly import("./store.js").Entry[]} entries
 * @param {number} index of the message whose buttons are meant
 * @returns {{ tappable: boolean, chosen: string | null }} `chosen` is what the merchant answered
 */
export function choiceAt(entries, index) {
  let place = index + 1;
  while (place < entries.length && isAside(entries[place])) place += 1;
  const next = entries[place];
  return {
    tappable: next === undefined,
    chosen: next?.author === "merchant" ? next.text : null,
  };
}

/** @param {import("./store.js").Entry | undefined} entry */
function isAside(entry) {
  return entry?.author !== "merchant" && !entry?.buttons.length && !entry?.ticket;
}
