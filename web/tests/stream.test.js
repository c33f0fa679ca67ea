import assert from "node:assert/strict";
import { test } from "node:test";

import { EventStream } from "../chat/stream.js";
import { FakeBody, FakeClock, answer, event } from "./fakes.js";

/**
 * A stream over connections that each test scripts in order; the last one stays for all later ones.
 *
 * @param {((signal: AbortSignal | null | undefined) => Response)[]} connections
 */
function listen(connections) {
  const clock = new FakeClock();
  const end = new AbortController();
  /** @type {(string | null)[]} */
  const asked = [];
  /** @type {string[]} */
  const ids = [];
  /** @type {string[]} */
  const data = [];
  /** @type {string[]} */
  const states = [];
  const stream = new EventStream({
    request: async (_path, init) => {
      asked.push(new Headers(init?.headers).get("Last-Event-ID"));
      const connect = connections[Math.min(asked.length, connections.length) - 1];
      if (!connect) throw new Error("no connection was scripted");
      return connect(init?.signal);
    },
    onEvent: (event) => {
      ids.push(event.id);
      data.push(event.data);
    },
    onState: (state) => states.push(state),
    wait: clock.wait,
    now: () => clock.now,
  });
  const run = stream.run(end.signal);
  const stop = async () => {
    end.abort();
    await run;
  };
  return { clock, asked, ids, data, states, stream, stop };
}

/** @returns {never} */
function unreachable() {
  throw new TypeError("fetch failed");
}

test("after a break it asks for everything after the last event it was given", async () => {
  const [first, second] = [new FakeBody(), new FakeBody()];
  const { clock, asked, ids, stop } = listen([
    (signal) => first.response(signal),
    (signal) => second.response(signal),
  ]);
  await clock.pass(0);
  await first.write(event(16) + event(17));
  await first.write("id: 18\ndata: never finis");
  await first.close();
  await clock.pass(1000);
  await second.write(event(18));

  assert.deepEqual(asked, [null, "17"]);
  assert.deepEqual(ids, ["16", "17", "18"]);
  await stop();
});

test("Chinese characters survive being cut in the middle", async () => {
  const body = new FakeBody();
  const { clock, data, stop } = listen([(signal) => body.response(signal)]);
  await clock.pass(0);
  for (const byte of new TextEncoder().encode("data: 到账\r\n\r\n")) {
    await body.write(Uint8Array.of(byte));
  }
  assert.deepEqual(data, ["到账"]);
  await stop();
});

test("while the gateway is away it waits longer and longer, at most 30 s", async () => {
  const { clock, asked, states, stop } = listen([unreachable]);
  await clock.pass(7000);
  assert.ok(asked.length >= 3 && asked.length <= 5, `${asked.length} tries in 7 s`);
  await clock.pass(120_000);
  const before = asked.length;
  await clock.pass(30_000);
  assert.ok(asked.length > before);
  assert.ok(asked.length <= before + 2);
  assert.deepEqual([...new Set(states)], ["connecting", "waiting"]);
  await stop();
});

test("waking it tries at once", async () => {
  const { clock, asked, stream, stop } = listen([unreachable]);
  await clock.pass(60_000);
  const before = asked.length;
  stream.wake();
  await clock.pass(0);
  assert.equal(asked.length, before + 1);
  await stop();
});

test("waking it leaves a living connection alone, and ends a doubtful one", async () => {
  const body = new FakeBody();
  const { clock, asked, stream, stop } = listen([
    (signal) => body.response(signal),
    (signal) => new FakeBody().response(signal),
  ]);
  await clock.pass(15_000);
  await body.write(": beat\n\n");
  stream.wake();
  await clock.pass(5000);
  assert.equal(asked.length, 1);
  await clock.pass(16_000);
  stream.wake();
  await clock.pass(1000);
  assert.equal(asked.length, 2);
  await stop();
});

test("a line that falls silent is given up and opened again", async () => {
  const body = new FakeBody();
  const { clock, asked, stop } = listen([
    (signal) => body.response(signal),
    (signal) => new FakeBody().response(signal),
  ]);
  for (let beat = 0; beat < 4; beat += 1) {
    await clock.pass(15_000);
    await body.write(": beat\n\n");
  }
  assert.equal(asked.length, 1);
  await clock.pass(46_000);
  assert.equal(asked.length, 2);
  await stop();
});

test("a token that is not taken is told apart from a lost line", async () => {
  const { clock, states, stop } = listen([() => answer(401)]);
  await clock.pass(0);
  assert.deepEqual(states, ["connecting", "unauthorised"]);
  await stop();
});
