/** Days and times as a Chinese reader expects them, always in Asia/Shanghai. */

const ZONE = "Asia/Shanghai";
const DAY_MS = 86_400_000;
/** Messages closer together than this share one time. */
const GAP_MS = 5 * 60_000;

const isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const monthDay = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  month: "long",
  day: "numeric",
});
const weekday = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, weekday: "long" });
const year = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, year: "numeric" });

/**
 * 今天, 昨天, 11月21日 星期六, with the year when it is another one.
 *
 * @param {Date} at
 * @param {Date} now
 */
export function dayLabel(at, now) {
  const day = isoDay.format(at);
  if (day === isoDay.format(now)) return "今天";
  if (day === isoDay.format(new Date(now.getTime() - DAY_MS))) return "昨天";
  const ownYear = year.format(at) === year.format(now) ? "" : year.format(at);
  return `${ownYear}${monthDay.format(at)} ${weekday.format(at)}`;
}

/**
 * 11月22日 10:20, for cards that are read again days later.
 *
 * @param {Date} at
 */
export const moment = (at) => `${monthDay.format(at)} ${clock.format(at)}`;

/**
 * The line above a message: the day and time when a day begins, the time after a longer gap.
 *
 * @param {Date | null} previous
 * @param {Date} at
 * @param {Date} now
 * @returns {string | null} null when the message follows closely
 */
export function separator(previous, at, now) {
  const newDay = !previous || isoDay.format(previous) !== isoDay.format(at);
  if (newDay) return `${dayLabel(at, now)} ${clock.format(at)}`;
  return at.getTime() - previous.getTime() >= GAP_MS ? clock.format(at) : null;
}
