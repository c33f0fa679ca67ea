"""Whoever has not proven to be a merchant: general knowledge, and where to open the window."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from daozhang.cases.assistant import Route
from daozhang.cases.models import Promise
from daozhang.replies import Reply
from daozhang.texts import load_texts
from daozhang.understanding import Entity
from tests.cases.conftest import Talker, amount

WHERE = load_texts("assistant")("unknown_merchant")
YESTERDAY = Entity("time", "2026-11-21", "昨天")
OTHERS = ("12,600", "12600", "3,000元", "1,680", "4882", "P00000001", "31000001")
"""What only the shop itself may learn."""


@pytest.fixture
def stranger(merchant: Talker) -> Talker:
    merchant.mid = None
    return merchant


def shown(replies: list[Reply]) -> str:
    assert all(reply.timeline is None for reply in replies)
    return "".join(reply.model_dump_json() for reply in replies)


@pytest.mark.parametrize("intent", ["report_delay", "report_fault", "ask_status"])
def test_about_money_they_are_told_where_to_come_in(stranger: Talker, intent: str) -> None:
    replies = stranger.say(intent, amount(1_260_000), YESTERDAY)
    assert [reply.text for reply in replies] == [WHERE]


@pytest.mark.parametrize("intent", ["ask_fee", "ask_arrival_time"])
def test_general_questions_are_answered(stranger: Talker, intent: str) -> None:
    told = shown(stranger.say(intent))
    assert WHERE not in told
    assert told


@pytest.mark.parametrize("intent", ["step_failed", "say_correct", "say_back", "affirm", "deny"])
def test_turns_of_talk_show_no_row(stranger: Talker, intent: str) -> None:
    told = shown(stranger.say(intent, amount(300_000), route=Route.SMALLTALK))
    assert not any(one in told for one in OTHERS)


def test_an_open_question_of_theirs_shows_no_row(stranger: Talker) -> None:
    stranger.say("nlu_fallback", text="那个啥", ranking=(("report_delay", 0.3), ("ask_fee", 0.2)))
    for told in (
        stranger.tap("intent:report_delay"),
        stranger.say("nlu_fallback", amount(300_000)),
        stranger.say("report_delay", amount(1_260_000), YESTERDAY),
    ):
        assert WHERE in shown(told)


@pytest.mark.parametrize("choice", ["watch", "walk:frozen", "pick:0", "resume:1", "step:done"])
def test_no_button_opens_a_shop(stranger: Talker, choice: str) -> None:
    stranger.mid = None
    told = shown(stranger.tap(choice))
    assert not any(one in told for one in OTHERS)
    with stranger.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Promise)) == 0


def test_what_was_found_for_the_merchant_is_not_told_after_they_left(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000))
    merchant.mid = None
    for told in (merchant.tap("watch"), merchant.say("ask_arrival_time")):
        assert not any(one in shown(told) for one in OTHERS)


def test_a_person_can_be_had_without_a_name(stranger: Talker) -> None:
    assert stranger.say("ask_human")[0].ticket is not None
