"""A merchant who says and taps anything at all, and what must be so after every such turn."""

from __future__ import annotations

import random

from sqlalchemy import select

from daozhang.cases.assistant import Route
from daozhang.cases.models import Case
from daozhang.causes import Cause
from daozhang.replies import Reply
from daozhang.understanding import Entity
from tests.cases.conftest import Talker, amount, button_ids

__all__ = ["cases", "fine", "is_open", "one_turn"]

INTENTS = (
    *("report_delay", "report_fault", "ask_status", "ask_arrival_time", "ask_fix", "ask_fee"),
    *("greet", "thank", "goodbye", "chitchat", "out_of_scope", "affirm", "deny", "step_done"),
    *("step_failed", "say_repeat", "say_back", "say_how", "say_why", "say_skip", "say_stop"),
    *("say_later", "say_correct", "nlu_fallback"),
    *("ask_cause", "ask_apply_pos", "ask_refund", "change_settlement_account", "ask_risk_hold"),
)
DETAILS = (
    *(amount(fen) for fen in (26_800, 300_000, 1_260_000, 77_700)),
    Entity("time", "2026-11-21", "昨天"),
    Entity("time", "2026-11-20T23:00/2026-11-21T00:00", "周五晚上"),
)
CAUSES = tuple(Cause)
TEXTS = (
    *("…", "嗯", "余额低于500提醒我", "取消余额提醒", "演练", "第二个", "不是268，是3000"),
    *("继续", "我想先查查网络", "好了，但屏幕有点花", "没弄好，重启也不行", "不是这笔"),
    *("还是没到", "3000打成30000了", "/restart", "长" * 2000, "{amount}", "只到了一万，还有六千"),
)
ROUTES = {
    **dict.fromkeys((one for one in INTENTS if one.startswith("ask_")), Route.ANSWER),
    **dict.fromkeys(("report_delay", "report_fault", "ask_status"), Route.DIAGNOSE),
    "nlu_fallback": Route.ASK_BACK,
}


def one_turn(merchant: Talker, chance: random.Random, last: list[Reply]) -> list[Reply]:
    """Tap one of the last answer's buttons or any other, or say something; the answer to it."""
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
        causes=((chance.choice(CAUSES).value, 0.8),) if chance.random() < 0.3 else (),
        route=None if is_open(merchant) else ROUTES.get(intent, Route.SMALLTALK),
    )


def cases(merchant: Talker) -> list[Case]:
    """Every case, of whatever conversation."""
    with merchant.sessions() as session:
        return list(session.scalars(select(Case)))


def is_open(merchant: Talker) -> bool:
    """Whether a case is open in the conversation that the merchant is in."""
    return any(
        case.status.is_open
        for case in cases(merchant)
        if case.conversation_id == merchant.conversation_id
    )


def fine(merchant: Talker, replies: list[Reply]) -> None:
    """Something was answered, and of each conversation at most one case is open."""
    assert 1 <= len(replies) <= 3
    assert all(reply.text for reply in replies)
    open_in = [case.conversation_id for case in cases(merchant) if case.status.is_open]
    assert len(open_in) == len(set(open_in))
