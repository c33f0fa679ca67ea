import assert from "node:assert/strict";
import { test } from "node:test";

import { readMessage } from "../chat/protocol.js";
import { Store } from "../chat/store.js";
import { settle, wire } from "./fakes.js";

const NOW = new Date("2026-11-22T02:20:00Z");

/**
 * @param {Store} store
 * @param {number} id
 * @param {object} [fields]
 */
function receive(store, id, fields) {
  const message = readMessage(wire(id, fields));
  assert.ok(message);
  store.receive(message);
}

/** @param {Store} store */
const shown = (store) => store.entries.map(({ text, status }) => `${text} ${status}`);

test("a message that comes twice is shown once", () => {
  const store = new Store();
  receive(store, 1);
  receive(store, 1);
  assert.deepEqual(shown(store), ["第1条 sent"]);
});

test("messages stand in the order of their ids, however they come", () => {
  const store = new Store();
  for (const id of [3, 1, 2]) receive(store, id);
  assert.deepEqual(
    store.entries.map(({ id }) => id),
    [1, 2, 3],
  );
});

test("the stored message takes the place of its draft and keeps its key", () => {
  const store = new Store();
  store.draft("c1", "钱没到", NOW);
  assert.deepEqual(shown(store), ["钱没到 sending"]);
  receive(store, 7, { author: "merchant", text: "钱没到", client_id: "c1" });
  assert.deepEqual(shown(store), ["钱没到 sent"]);
  assert.equal(store.entries[0]?.key, "c1");
});

test("the event may be quicker than the answer to the post, or slower", () => {
  const store = new Store();
  store.draft("c1", "一", NOW);
  receive(store, 7, { author: "merchant", text: "一", client_id: "c1" });
  store.delivered("c1", 7);
  store.failed("c1");
  store.draft("c2", "二", NOW);
  store.delivered("c2", 8);
  receive(store, 8, { author: "merchant", text: "二", client_id: "c2" });
  assert.deepEqual(shown(store), ["一 sent", "二 sent"]);
});

test("drafts stand last, in the order they were written, also when one fails", () => {
  const store = new Store();
  store.draft("c1", "一", NOW);
  store.draft("c2", "二", NOW);
  receive(store, 4);
  store.failed("c1");
  assert.deepEqual(shown(store), ["第4条 sent", "一 failed", "二 sending"]);
});

test("a refused draft can be taken away, a stored message cannot", () => {
  const store = new Store();
  store.draft("c1", "一", NOW);
  store.rejected("c1", "太长");
  assert.equal(store.entries[0]?.reason, "太长");
  store.discard("c1");
  receive(store, 1, { author: "merchant", client_id: "c2" });
  store.discard("c2");
  assert.deepEqual(
    store.entries.map(({ id }) => id),
    [1],
  );
});

test("only answers count as unread", () => {
  const store = new Store();
  receive(store, 1);
  receive(store, 2, { author: "merchant" });
  receive(store, 3, { author: "staff" });
  receive(store, 4, { author: "system" });
  assert.equal(store.unread(0), 2);
  assert.equal(store.unread(1), 1);
  assert.equal(store.lastId, 4);
});

test("nobody is typing on a line that is lost", () => {
  const store = new Store();
  store.setConnection("open");
  store.setTyping(true);
  store.setConnection("waiting");
  assert.equal(store.typing, false);
});

test("a burst of changes is told once", async () => {
  const store = new Store();
  let told = 0;
  store.subscribe(() => (told += 1));
  for (const id of [1, 2, 3]) receive(store, id);
  await settle();
  assert.equal(told, 1);
});

test("what is no message is left out, and missing parts are empty", () => {
  assert.equal(readMessage({ id: "1", author: "bot" }), null);
  assert.equal(readMessage({ id: 1, author: "somebody" }), null);
  assert.equal(readMessage("text"), null);
  const bare = readMessage({ id: 1, author: "bot", at: "2026-11-22T10:20:31+08:00" });
  assert.deepEqual(
    [bare?.text, bare?.buttons, bare?.timeline, bare?.ticket, bare?.clientId],
    ["", [], null, null, null],
  );
});
