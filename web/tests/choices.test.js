import assert from "node:assert/strict";
import { test } from "node:test";

import { choiceAt } from "../chat/choices.js";
import { readMessage } from "../chat/protocol.js";
import { Store } from "../chat/store.js";
import { wire } from "./fakes.js";

const BUTTONS = [{ id: "step:done", label: "做好了", hint: "" }];
const TICKET = { number: "DZ261122-0001", summary: "", next: "" };

/** @param {object[]} messages what each is besides a plain one of the bot's */
function first(messages) {
  const store = new Store();
  messages.forEach((fields, index) => {
    const message = readMessage(wire(index + 1, { author: "bot", ...fields }));
    assert.ok(message);
    store.receive(message);
  });
  return choiceAt(store.entries, 0);
}

test("buttons can be tapped although news or a notice came after them", () => {
  const found = first([{ buttons: BUTTONS }, {}, { author: "system" }, { author: "staff" }]);
  assert.deepEqual(found, { tappable: true, chosen: null });
});

test("what the merchant answered is the chosen one, and no other can be tapped", () => {
  const found = first([{ buttons: BUTTONS }, { author: "merchant", text: "做好了" }]);
  assert.deepEqual(found, { tappable: false, chosen: "做好了" });
});

test("newer buttons or a ticket take the place of older ones", () => {
  for (const later of [{ buttons: BUTTONS }, { ticket: TICKET }]) {
    const found = first([{ buttons: BUTTONS }, later, { author: "merchant", text: "做好了" }]);
    assert.deepEqual(found, { tappable: false, chosen: null });
  }
});
