/** How far a merchant has read on this device, so that only newer answers count as unread. */

const PREFIX = "daozhang-chat:read:";

/**
 * @param {string} subject
 * @returns {number} id of the last message read, 0 for none
 */
export function loadReadMark(subject) {
  try {
    return Number(localStorage.getItem(PREFIX + subject)) || 0;
  } catch {
    return 0;
  }
}

/**
 * @param {string} subject
 * @param {number} id
 */
export function saveReadMark(subject, id) {
  try {
    localStorage.setItem(PREFIX + subject, String(id));
  } catch {
    // Storage may be full or forbidden; then everything counts as unread after a reload.
  }
}
