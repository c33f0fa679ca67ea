/** The two cards a message can carry: where the money is, and the ticket. */

import { texts } from "../texts.zh-CN.js";
import { moment } from "./days.js";
import { button, element, icon, spoken } from "./dom.js";

/**
 * @typedef {import("../chat/protocol.js").Timeline} Timeline
 * @typedef {import("../chat/protocol.js").Stage} Stage
 * @typedef {import("../chat/protocol.js").Ticket} Ticket
 */

/** @param {Timeline} timeline */
function overall({ stages }) {
  if (stages.some((stage) => stage.state === "stopped")) return "stopped";
  return stages.every((stage) => stage.state === "done") ? "arrived" : "moving";
}

/** @param {Stage} stage */
function stageItem({ label, at, note, state }) {
  const marks = { done: [icon("check")], stopped: [icon("stop")], current: [], pending: [] };
  const told = texts.timeline.states[state];
  const shown = state === "current" || state === "stopped";
  return element(
    "li",
    { class: `stage ${state}`, ...(state === "current" && { "aria-current": "step" }) },
    element("span", { class: "dot", "aria-hidden": "true" }, ...marks[state]),
    element(
      "div",
      { class: "stage-head" },
      element("span", { class: "stage-label" }, label),
      shown ? element("span", { class: "stage-mark" }, told) : spoken(told),
      element("span", { class: "stage-at" }, at),
    ),
    ...(note ? [element("div", { class: "stage-note" }, note)] : []),
  );
}

/**
 * 刷卡成功 → 清算 → 出款 → 到账. The records are those of the moment the message was written.
 *
 * @param {Timeline} timeline
 * @param {Date} at
 */
export function timelineCard(timeline, at) {
  const status = overall(timeline);
  /** @type {[string, string, string][]} */
  const facts = [
    [
      "amount",
      texts.timeline.amount,
      timeline.title.includes(timeline.amount) ? "" : timeline.amount,
    ],
    ["net", texts.timeline.net, timeline.net],
    ["due", texts.timeline.due, timeline.due],
  ];
  const shown = facts.filter(([, , value]) => value !== "");
  return element(
    "section",
    { class: `card timeline ${status}`, "aria-label": timeline.title },
    element(
      "div",
      { class: "card-head" },
      element("span", { class: "card-title" }, timeline.title),
      element("span", { class: "pill" }, texts.timeline.status[status]),
    ),
    ...(shown.length > 0
      ? [
          element(
            "dl",
            { class: "facts" },
            ...shown.map(([key, name, value]) =>
              element(
                "div",
                { class: `fact ${key}` },
                element("dt", {}, name),
                element("dd", {}, value),
              ),
            ),
          ),
        ]
      : []),
    element("ol", { class: "stages" }, ...timeline.stages.map(stageItem)),
    element("div", { class: "card-foot" }, texts.timeline.asOf(moment(at))),
  );
}

/**
 * Copies where the browser lets us; else selects the text, so that a long press can copy it.
 *
 * @param {HTMLElement} source
 * @returns {Promise<boolean>} whether it was copied
 */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}

/** @param {Ticket} ticket */
export function ticketCard(ticket) {
  const number = element("span", { class: "ticket-number" }, ticket.number);
  const told = element("span", { class: "ticket-told", role: "status" });
  const copier = button({ class: "quiet" }, async () => {
    told.textContent = (await copy(number)) ? texts.ticket.copied : texts.ticket.copyByHand;
  });
  copier.append(texts.ticket.copy, spoken(`${texts.ticket.title} ${ticket.number}`));
  return element(
    "section",
    { class: "card ticket", "aria-label": `${texts.ticket.title} ${ticket.number}` },
    element(
      "div",
      { class: "card-head" },
      element("span", { class: "card-title" }, icon("ticket"), texts.ticket.title),
      told,
    ),
    element("div", { class: "ticket-row" }, number, copier),
    ...(ticket.summary ? [element("p", { class: "ticket-summary" }, ticket.summary)] : []),
    ...(ticket.next
      ? [
          element(
            "div",
            { class: "ticket-next" },
            element("span", { class: "ticket-next-label" }, texts.ticket.next),
            element("span", {}, ticket.next),
          ),
        ]
      : []),
  );
}
