import assert from "node:assert/strict";
import { test } from "node:test";

import { Conversation } from "../chat/conversation.js";
import { FakeBody, FakeClock, answer, event } from "./fakes.js";

test("what was written while the line was lost goes out once it is back, each message once", async () => {
  const clock = new FakeClock();
  let up = false;
  /** @type {FakeBody | null} */
  let body = null;
  /** @type {string[]} */
  const stored = [];
  const conversation = new Conversation({
    endpoint: "",
    source: async () => "token",
    wait: clock.wait,
    fetch: async (url, init) => {
      if (!up) throw new TypeError("fetch failed");
      if (String(url).endsWith("/events")) {
        body = new FakeBody();
        return body.response(init?.signal);
      }
      const { client_id } = JSON.parse(String(init?.body));
      const duplicate = stored.includes(client_id);
      if (!duplicate) stored.push(client_id);
      return answer(202, { message: stored.indexOf(client_id) + 1, duplicate });
    },
  });
  const run = conversation.start();
  void conversation.send("一");
  void conversation.send("二", "step:done");
  await clock.pass(120_000);
  assert.deepEqual(
    conversation.store.entries.map(({ status }) => status),
    ["failed", "failed"],
  );

  up = true;
  void conversation.retry();
  await clock.pass(1000);
  assert.equal(stored.length, 2);
  const line = /** @type {FakeBody | null} */ (body);
  await line?.write(event(1, { author: "merchant", text: "一", client_id: stored[0] }));
  await line?.write(event(2, { author: "merchant", text: "二", client_id: stored[1] }));
  await line?.write(event(3) + 'event: typing\ndata: {"on": true}\n\n');
  assert.deepEqual(
    conversation.store.entries.map(({ id, text, status }) => `${id} ${text} ${status}`),
    ["1 一 sent", "2 二 sent", "3 第3条 sent"],
  );
  assert.equal(conversation.store.typing, true);
  conversation.stop();
  await run;
});
