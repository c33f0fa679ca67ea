"""What merchants say at a step besides the plain words: outcomes with a comment, and the way on."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from daozhang.cases.assistant import Route
from daozhang.cases.models import CaseStatus
from daozhang.cases.walk import BARE, outcome_told, step_input
from daozhang.ledger.models import Clearing, Payout, SettleItem, Txn
from daozhang.playbook.state import Kind, State
from daozhang.texts import load_texts
from daozhang.understanding import Understanding
from tests.cases.conftest import Talker, amount, button_ids

TEXTS = load_texts("assistant")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("好了，但是屏幕有点花", Kind.DONE),
        ("弄好了 不过还有点慢", Kind.DONE),
        ("可以了，谢谢你啊帮大忙了", Kind.DONE),
        ("没弄好，重启也不行", Kind.FAILED),
        ("还是不行，屏幕上写的99", Kind.FAILED),
        ("充了电还是开不了", Kind.FAILED),
        ("我试过了还是连不上网", Kind.FAILED),
        ("试过了，还是不行", Kind.FAILED),
        ("签到了，还是没反应啊", Kind.FAILED),
        ("换好了 没用", Kind.FAILED),
        ("可以，就是有点慢", Kind.DONE),
    ],
)
def test_an_outcome_with_a_comment_is_the_outcome(text: str, kind: Kind) -> None:
    given = step_input(Understanding(text, "report_fault", causes=(("hardware_fault", 0.9),)))
    assert (given.kind, given.comment) == (kind, text if len(text) > BARE else "")


@pytest.mark.parametrize(
    "text",
    [
        "好的",
        "为什么还要重启",
        "昨天那笔还是没到",
        "机器开不了机",
        "好了伤疤忘了疼，昨天3000没到",
        "怎么弄",
        "行，我试试",
        "可以，怎么弄？",
        "成，等我一下",
        "刚才还是不行，现在好了",
        "",
    ],
)
def test_other_words_are_no_outcome(text: str) -> None:
    assert outcome_told(text) is None


@pytest.mark.parametrize(
    ("text", "intent", "kind"),
    [
        ("还是不行，给我转人工", "ask_human", Kind.PERSON),
        ("试过了，没用，不弄了", "say_stop", Kind.STOP),
    ],
)
def test_who_wants_a_person_or_to_stop_gets_it_however_the_step_went(
    text: str, intent: str, kind: Kind
) -> None:
    assert step_input(Understanding(text, intent)).kind is kind


@pytest.fixture
def walker(merchant: Talker) -> Talker:
    merchant.say("report_fault", amount(26_800))
    merchant.tap("step:failed")
    return merchant


def state_of(talker: Talker) -> State:
    return State.from_json(talker.case().playbook_state or "")


def test_a_comment_about_another_part_is_no_second_complaint(walker: Talker) -> None:
    text = "弄好了，就是打印机也卡纸"
    walker.say("report_fault", text=text, causes=(("hardware_fault", 0.9),))
    assert text in dict(state_of(walker).notes).values()


def test_another_payment_behind_an_outcome_is_looked_at(walker: Talker) -> None:
    replies = walker.say("report_delay", amount(1_260_000), text="好了，还有12600那笔没到")
    assert replies[0].text.startswith(TEXTS("second_complaint"))


@pytest.mark.parametrize("words", ["继续", "接着弄吧", "回到刚才那步", "那继续吧"])
def test_what_was_set_aside_goes_on_when_they_say_so(walker: Talker, words: str) -> None:
    walker.say("report_delay", amount(300_000))
    assert walker.case().status is CaseStatus.INFORMED
    walker.say("affirm", text=words, route=Route.SMALLTALK)
    assert walker.case().status is CaseStatus.WALKING


@pytest.mark.parametrize("intent", ["say_later", "say_stop", "say_skip"])
def test_words_for_a_step_are_answered_where_there_is_none(merchant: Talker, intent: str) -> None:
    assert merchant.say(intent, route=Route.SMALLTALK)[0].text == TEXTS(intent)


def test_not_this_one_after_a_verdict_asks_which(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000))
    replies = merchant.say("deny", text="不是这笔", route=Route.SMALLTALK)
    assert "pick:1" in button_ids(replies)


def test_a_machine_that_was_not_meant_asks_for_no_payment(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        for kind in (Clearing, SettleItem, Txn, Payout):
            session.execute(delete(kind))
    merchant.say("report_fault", causes=(("hardware_fault", 0.9),))
    before = state_of(merchant).step
    merchant.say("say_correct", text="我说的不是这台")
    assert state_of(merchant).step == before
