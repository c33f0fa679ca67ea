import assert from "node:assert/strict";
import { test } from "node:test";

import { moment, separator } from "../view/days.js";

const NOW = new Date("2026-11-22T10:20:00+08:00");

/** @param {string} text wall-clock time in Shanghai */
const at = (text) => new Date(`${text}+08:00`);

test("a day begins with its name, whatever the reader's own time zone", () => {
  assert.equal(separator(null, at("2026-11-22T00:05:00"), NOW), "今天 00:05");
  assert.equal(separator(null, at("2026-11-21T23:59:00"), NOW), "昨天 23:59");
  assert.equal(separator(null, at("2026-11-20T15:10:00"), NOW), "11月20日 星期五 15:10");
  assert.equal(separator(null, at("2025-12-31T09:00:00"), NOW), "2025年12月31日 星期三 09:00");
});

test("within a day only a longer gap is told", () => {
  const first = at("2026-11-22T10:00:00");
  assert.equal(separator(first, at("2026-11-22T10:04:59"), NOW), null);
  assert.equal(separator(first, at("2026-11-22T10:05:00"), NOW), "10:05");
  assert.equal(separator(at("2026-11-21T23:59:00"), at("2026-11-22T00:01:00"), NOW), "今天 00:01");
});

test("a card's moment names the day", () => {
  assert.equal(moment(at("2026-11-22T10:20:31")), "11月22日 10:20");
});
