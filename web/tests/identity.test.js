import assert from "node:assert/strict";
import { test } from "node:test";

import { askForCode, enterCode, formStands } from "../chat/identity.js";
import { readMessage } from "../chat/protocol.js";
import { Store } from "../chat/store.js";
import { visitorTokens } from "../chat/visitor.js";
import { answer, wire } from "./fakes.js";

const TICKET = { number: "DZ261122-0001", summary: "", next: "" };

/** @param {Response | Error} given */
function gateway(given) {
  /** @type {[string, any][]} */
  const asked = [];
  /** @type {import("../chat/api.js").Request} */
  const request = async (path, init) => {
    asked.push([path, JSON.parse(String(init?.body))]);
    if (given instanceof Error) throw given;
    return given;
  };
  return { asked, request };
}

test("the shop and the machine go to an address of their own", async () => {
  const { asked, request } = gateway(answer(202, { seconds: 300 }));
  assert.deepEqual(await askForCode(request, "898", "31000001"), { kind: "sent" });
  assert.deepEqual(asked, [["/api/v1/identity", { mid: "898", machine: "31000001" }]]);
});

test("what a code came to is told apart", async () => {
  /** @type {[Response | Error, object][]} */
  const cases = [
    [answer(200, { result: "proven", left: 0 }), { kind: "proven" }],
    [answer(200, { result: "wrong", left: 2 }), { kind: "wrong", left: 2 }],
    [answer(200, { result: "expired", left: 3 }), { kind: "expired" }],
    [answer(403, { error: { message: "错太多次" } }), { kind: "refused", reason: "错太多次" }],
    [answer(502), { kind: "refused", reason: "" }],
    [new Error("offline"), { kind: "lost" }],
  ];
  for (const [given, outcome] of cases) {
    const { asked, request } = gateway(given);
    assert.deepEqual(await enterCode(request, "048213"), outcome);
    assert.deepEqual(asked, [["/api/v1/identity/confirm", { code: "048213" }]]);
  }
});

/** @param {object[]} messages */
function stands(messages) {
  const store = new Store();
  messages.forEach((fields, index) => {
    const message = readMessage(wire(index + 1, fields));
    assert.ok(message);
    store.receive(message);
  });
  return formStands(store.entries, 0);
}

test("a form stands whatever is said, until a newer one, the proof or a ticket", () => {
  const form = { identity: "asked" };
  assert.equal(stands([form, { author: "merchant" }, {}]), true);
  for (const later of [form, { identity: "proven" }, { ticket: TICKET }]) {
    assert.equal(stands([form, {}, later]), false);
  }
  assert.equal(stands([{}]), false);
});

test("a visitor gets a token once, and another when it was refused", async () => {
  let made = 0;
  /** @type {typeof fetch} */
  const service = async (url) => {
    assert.equal(url, "https://chat.example/api/v1/visitors");
    return answer(201, { token: `t${(made += 1)}` });
  };
  const source = visitorTokens("https://chat.example/", service);
  assert.equal(await source(), "t1");
  assert.equal(await source(), "t2");
});
