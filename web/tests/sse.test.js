import assert from "node:assert/strict";
import { test } from "node:test";

import { SseParser } from "../chat/sse.js";

/**
 * @param {Uint8Array} bytes
 * @param {number} size
 */
function parseInPieces(bytes, size) {
  const parser = new SseParser();
  const decoder = new TextDecoder();
  const events = [];
  for (let at = 0; at < bytes.length; at += size) {
    events.push(...parser.push(decoder.decode(bytes.subarray(at, at + size), { stream: true })));
  }
  return events;
}

const STREAM = [
  ": 心跳",
  "",
  "event: message",
  "id: 17",
  'data: {"text":"这笔3,000元还没到到账时间。"}',
  "",
  "event: typing",
  'data: {"on": true}',
  "",
  "",
];
const EXPECTED = [
  { type: "message", data: '{"text":"这笔3,000元还没到到账时间。"}', id: "17" },
  { type: "typing", data: '{"on": true}', id: "17" },
];

for (const [name, lineEnd] of [
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
]) {
  test(`a stream with ${name} line ends reads the same however it is cut`, () => {
    const bytes = new TextEncoder().encode(STREAM.join(lineEnd));
    for (let size = 1; size <= bytes.length; size += 1) {
      assert.deepEqual(parseInPieces(bytes, size), EXPECTED, `in pieces of ${size} bytes`);
    }
  });
}

test("several data lines are one text", () => {
  assert.deepEqual(new SseParser().push("data: 一\ndata:二\n\n"), [
    { type: "message", data: "一\n二", id: "" },
  ]);
});

test("an event without an id carries the last one, also from before a reconnect", () => {
  assert.equal(new SseParser("41").push("data: x\n\n")[0]?.id, "41");
});

test("what is not finished is no event yet", () => {
  const parser = new SseParser();
  assert.deepEqual(parser.push("data: half"), []);
  assert.deepEqual(parser.push("\n"), []);
  assert.equal(parser.push("\n")[0]?.data, "half");
});
