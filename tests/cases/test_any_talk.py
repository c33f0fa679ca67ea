"""From any state, whatever is said or tapped, and wherever: something is answered; of each
conversation at most one case is open."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from daozhang.cases.assistant import Assistant, Route
from daozhang.cases.models import Case
from daozhang.cases.recognising import welcome
from daozhang.replies import Reply
from daozhang.understanding import Entity
from tests.cases.conftest import Talker, amount, button_ids
from tests.worlds import CALENDAR, MID

INTENTS = (
    *("report_delay", "report_fault", "ask_status", "ask_arrival_time", "ask_fix", "ask_fee"),
    *("greet", "thank", "goodbye", "chitchat", "out_of_scope", "affirm", "deny", "step_done"),
    *("step_failed", "say_repeat", "say_back", "say_how", "say_why", "say_skip", "say_stop"),
    *("say_later", "say_correct", "nlu_fallback"),
)
DETAILS = (
    *(amount(fen) for fen in (26_800, 300_000, 1_260_000, 77_700)),
    Entity("time", "2026-11-21", "昨天"),
    Entity("time", "2026-11-20T23:00/2026-11-21T00:00", "周五晚上"),
)
CAUSES = ("network_communication", "hardware_fault", "insufficient_balance")
TEXTS = (
    *("…", "嗯", "余额低于500提醒我", "取消余额提醒", "演练", "第二个", "不是268，是3000"),
    *("继续", "我想先查查网络", "好了，但屏幕有点花", "没弄好，重启也不行", "不是这笔"),
)
ROUTES = {
    **dict.fromkeys(("report_delay", "report_fault", "ask_status"), Route.DIAGNOSE),
    **dict.fromkeys(("ask_arrival_time", "ask_fix", "ask_fee"), Route.ANSWER),
    "nlu_fallback": Route.ASK_BACK,
}


def one_turn(merchant: Talker, chance: random.Random, last: list[Reply]) -> list[Reply]:
    buttons = [one for one in button_ids(last) if one != "person"]
    if buttons and chance.random() < 0.5:
        return merchant.tap(chance.choice(buttons))
    if chance.random() < 0.05:
        return merchant.tap(chance.choice(["resume:1", "pick:3", "walk:frozen", "watch", "odd"]))
    intent = chance.choice(INTENTS)
    return merchant.say(
        intent,
        *chance.sample(DETAILS, chance.choice([0, 0, 1, 2])),
        text=chance.choice(TEXTS),
        causes=((chance.choice(CAUSES), 0.8),) if chance.random() < 0.3 else (),
        route=None if is_open(merchant) else ROUTES.get(intent, Route.SMALLTALK),
    )


def is_open(merchant: Talker) -> bool:
    return any(
        case.status.is_open
        for case in cases(merchant)
        if case.conversation_id == merchant.conversation_id
    )


def prove(stranger: Talker) -> list[Reply]:
    now, there = stranger.clock.now(), stranger.conversation_id
    stranger.mid = MID
    with stranger.sessions.begin() as session:
        return welcome(session, CALENDAR, now, there, MID)


def cases(merchant: Talker) -> list[Case]:
    with merchant.sessions() as session:
        return list(session.scalars(select(Case)))


@pytest.mark.parametrize("seed", range(4))
def test_something_is_always_answered(merchant: Talker, seed: int) -> None:
    chance = random.Random(seed)
    merchant.mid = merchant.mid if seed else None
    replies: list[Reply] = []
    for _ in range(120):
        replies = one_turn(merchant, chance, replies)
        fine(merchant, replies)
        merchant.clock.pass_by(minutes=chance.choice([0, 1, 45]))


@pytest.mark.parametrize("seed", range(4))
def test_also_in_several_conversations_some_of_them_strangers(merchant: Talker, seed: int) -> None:
    """A visitor may prove who they are in the middle of it, and cases move to and fro."""
    chance = random.Random(seed)
    merchant.assistant = Assistant(merchant.sessions, CALENDAR, merchant.clock, can_prove=True)
    proven: dict[str, str | None] = {"portal": MID, "terminal": MID, "visit": None}
    heard: dict[str, list[Reply]] = {place: [] for place in proven}
    for _ in range(150):
        there = chance.choice(list(proven))
        merchant.conversation_id, merchant.mid = there, proven[there]
        if proven[there] is None and chance.random() < 0.1:
            heard[there] = prove(merchant)
            proven[there] = MID
        else:
            heard[there] = one_turn(merchant, chance, heard[there])
        fine(merchant, heard[there])
        merchant.clock.pass_by(minutes=chance.choice([0, 1, 45]))
    assert {case.mid for case in cases(merchant)} == {MID}


def fine(merchant: Talker, replies: list[Reply]) -> None:
    assert 1 <= len(replies) <= 3
    assert all(reply.text for reply in replies)
    open_in = [case.conversation_id for case in cases(merchant) if case.status.is_open]
    assert len(open_in) == len(set(open_in))
