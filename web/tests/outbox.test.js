import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../chat/outbox.js";
import { FakeClock, answer } from "./fakes.js";

/**
 * @param {(post: { client_id: string, text: string, choice?: string }, nth: number) => Response}
 *   gateway answers each post; may throw like a lost network
 */
function build(gateway) {
  const clock = new FakeClock();
  /** @type {{ client_id: string, text: string, choice?: string }[]} */
  const posts = [];
  /** @type {string[]} */
  const told = [];
  const outbox = new Outbox({
    request: async (_path, init) => {
      const post = JSON.parse(String(init?.body));
      posts.push(post);
      return gateway(post, posts.length);
    },
    delivery: {
      sending: () => {},
      delivered: (clientId, id) => told.push(`${clientId} delivered ${id}`),
      failed: (clientId) => told.push(`${clientId} failed`),
      rejected: (clientId, reason) => told.push(`${clientId} rejected ${reason}`),
    },
    signal: new AbortController().signal,
    wait: clock.wait,
  });
  return { clock, posts, told, outbox };
}

/** @returns {never} */
function lost() {
  throw new TypeError("fetch failed");
}

test("a message that meets a lost network is sent again under the same client_id", async () => {
  const { clock, posts, told, outbox } = build((_post, nth) =>
    nth < 3 ? lost() : answer(202, { message: 17, duplicate: true }),
  );
  void outbox.add({ clientId: "a", text: "钱没到", choice: "pick:1" });
  await clock.pass(60_000);
  assert.equal(posts.length, 3);
  assert.deepEqual(posts[0], { client_id: "a", text: "钱没到", choice: "pick:1" });
  assert.deepEqual(posts[2], posts[0]);
  assert.deepEqual(told, ["a delivered 17"]);
});

test("messages leave one at a time in the order they were written", async () => {
  const { clock, posts, told, outbox } = build((_post, nth) =>
    nth === 1 ? lost() : answer(202, { message: nth }),
  );
  void outbox.add({ clientId: "a", text: "一" });
  void outbox.add({ clientId: "b", text: "二" });
  await clock.pass(60_000);
  assert.deepEqual(
    posts.map(({ text }) => text),
    ["一", "一", "二"],
  );
  assert.deepEqual(told, ["a delivered 2", "b delivered 3"]);
});

test("after four tries all that waits is shown as not delivered, and a retry sends it in order", async () => {
  let up = false;
  const { clock, posts, told, outbox } = build((_post, nth) =>
    up ? answer(202, { message: nth }) : lost(),
  );
  void outbox.add({ clientId: "a", text: "一" });
  void outbox.add({ clientId: "b", text: "二" });
  await clock.pass(120_000);
  assert.equal(posts.length, 4);
  assert.deepEqual(told, ["a failed", "b failed"]);
  up = true;
  void outbox.flush();
  await clock.pass(0);
  assert.deepEqual(
    posts.slice(4).map(({ client_id }) => client_id),
    ["a", "b"],
  );
});

test("what the gateway will never take is given back with its reason, and the next one goes", async () => {
  const { clock, told, outbox } = build((post) =>
    post.client_id === "a"
      ? answer(422, { error: { code: "too_long", message: "一次最多2000个字" } })
      : answer(202, { message: 5 }),
  );
  void outbox.add({ clientId: "a", text: "长" });
  void outbox.add({ clientId: "b", text: "短" });
  await clock.pass(0);
  assert.deepEqual(told, ["a rejected 一次最多2000个字", "b delivered 5"]);
});

test("a busy gateway is left alone for as long as it asks", async () => {
  const { clock, posts, outbox } = build((_post, nth) =>
    nth === 1 ? answer(429, {}, { "Retry-After": "12" }) : answer(202, { message: 1 }),
  );
  void outbox.add({ clientId: "a", text: "一" });
  await clock.pass(11_000);
  assert.equal(posts.length, 1);
  await clock.pass(2000);
  assert.equal(posts.length, 2);
});
