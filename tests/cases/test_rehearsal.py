"""模拟操作: staff walk through a sale, a void and a batch close, and no row is touched."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from daozhang.cases.granting import REHEARSAL
from daozhang.cases.models import CaseStatus
from daozhang.cases.wishes import Wish, WishKind, wish_in
from daozhang.playbook.rehearsals import load_rehearsals
from daozhang.playbook.state import State
from daozhang.replies import Reply
from daozhang.texts import load_texts
from daozhang.understanding import Understanding
from tests.cases.conftest import Talker, amount, button_ids

QUIZ = load_rehearsals()[REHEARSAL]
RIGHT = {"sale": "failed", "slip": "done", "void": "cannot", "voucher": "failed", "batch": "done"}
RIGHT |= {"stored": "cannot", "totals": "failed"}


def step(merchant: Talker) -> str:
    return State.from_json(merchant.case().playbook_state or "").step


def rehearse(merchant: Talker) -> list[Reply]:
    return merchant.say("greet", text="教新店员操作")


@pytest.mark.parametrize(
    "text",
    ["模拟操作", "演练一下", "我想来一次模拟操作", "教店员操作", "帮我培训新员工", "练习刷卡"],
)
def test_the_wish_is_heard(text: str) -> None:
    assert wish_in(Understanding(text, "nlu_fallback")) == Wish(WishKind.REHEARSE)


@pytest.mark.parametrize("text", ["店员操作错了，多打一个零", "按演练的做了还是没到账", "收款"])
def test_other_sentences_begin_none(text: str) -> None:
    assert wish_in(Understanding(text, "nlu_fallback")) is None


def test_right_answers_lead_from_question_to_question(merchant: Talker) -> None:
    rehearse(merchant)
    for name, answer in RIGHT.items():
        assert step(merchant) == name
        merchant.tap(f"step:{answer}")
    assert merchant.case().status is CaseStatus.SOLVED


def test_every_wrong_answer_is_explained_before_it_goes_on(merchant: Talker) -> None:
    rehearse(merchant)
    for name, answer in RIGHT.items():
        wrong = next(one for one in ("done", "failed", "cannot") if one != answer)
        merchant.tap(f"step:{wrong}")
        assert step(merchant) == f"{name}_told"
        merchant.tap("step:done")
    assert merchant.case().status is CaseStatus.SOLVED


def test_the_right_answer_is_not_always_in_the_same_place() -> None:
    assert set(RIGHT.values()) == {"done", "failed", "cannot"}
    assert {name for name in QUIZ.steps if not name.endswith("_told")} == set(RIGHT)


def test_no_row_of_the_ledger_is_read_or_written(merchant: Talker) -> None:
    statements: list[str] = []
    with merchant.sessions() as session:
        engine = session.get_bind()
    event.listen(
        engine, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement)
    )
    rehearse(merchant)
    for answer in RIGHT.values():
        merchant.tap(f"step:{answer}")
    told = " ".join(statements)
    assert "cases" in told
    assert not any(table in told for table in (" txns", " payouts", " settle_items", " terminals"))


def test_a_walk_waits_for_the_end_of_a_rehearsal(merchant: Talker) -> None:
    merchant.say("report_fault", amount(26_800))
    walk = merchant.case().id
    rehearse(merchant)
    assert merchant.case().playbook == REHEARSAL
    replies = merchant.say("say_stop")
    assert button_ids(replies) == [f"resume:{walk}"]


def test_a_complaint_sets_a_rehearsal_aside(merchant: Talker) -> None:
    rehearse(merchant)
    merchant.tap("step:failed")
    rehearsal = merchant.case().id
    merchant.say("report_delay", amount(300_000))
    assert merchant.case().outcome == "not_yet_due"
    merchant.tap(f"resume:{rehearsal}")
    assert step(merchant) == "slip"


def test_asking_again_repeats_the_question(merchant: Talker) -> None:
    rehearse(merchant)
    merchant.tap("step:failed")
    rehearse(merchant)
    assert step(merchant) == "slip"


def test_a_rehearsal_needs_no_known_merchant(merchant: Talker) -> None:
    merchant.mid = None
    rehearse(merchant)
    replies = merchant.say("report_delay", amount(300_000))
    assert replies[0].text.startswith(load_texts("assistant")("unknown_merchant"))
    for answer in RIGHT.values():
        merchant.tap(f"step:{answer}")
    assert merchant.case().status is CaseStatus.SOLVED
