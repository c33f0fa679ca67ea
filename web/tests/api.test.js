import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, subjectOf } from "../chat/api.js";
import { answer } from "./fakes.js";

/**
 * @param {string[]} tokens what the page answers when it is asked for a token
 * @param {string} valid the one that the gateway takes
 */
function build(tokens, valid) {
  /** @type {(string | null)[]} */
  const used = [];
  let asked = 0;
  const api = new Api({
    endpoint: "https://chat.example/",
    source: async () => tokens[Math.min(asked++, tokens.length - 1)] ?? "",
    fetch: async (url, init) => {
      assert.equal(url, "https://chat.example/api");
      const sent = new Headers(init?.headers).get("Authorization");
      used.push(sent);
      return answer(sent === `Bearer ${valid}` ? 200 : 401);
    },
  });
  return { api, used, asked: () => asked };
}

test("the token goes in the header and is asked for only once", async () => {
  const { api, used, asked } = build(["good"], "good");
  await Promise.all([api.request("/api"), api.request("/api")]);
  await api.request("/api");
  assert.deepEqual(used, ["Bearer good", "Bearer good", "Bearer good"]);
  assert.equal(asked(), 1);
});

test("a 401 asks for a new token and repeats the call; calls at once share it", async () => {
  const { api, asked } = build(["old", "new"], "new");
  const answers = await Promise.all([api.request("/api"), api.request("/api")]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  );
  assert.equal(asked(), 2);
});

test("a page that only has the old token gets the 401 to see", async () => {
  const { api, used } = build(["old"], "new");
  assert.equal((await api.request("/api")).status, 401);
  assert.deepEqual(used, ["Bearer old"]);
});

test("the merchant is read from a token, and nothing from one of another kind", () => {
  const payload = Buffer.from(JSON.stringify({ sub: "8983-面馆" })).toString("base64url");
  assert.ok(subjectOf(`h.${payload}.s`));
  assert.equal(subjectOf("opaque"), null);
  assert.equal(subjectOf("a.b.c"), null);
});
