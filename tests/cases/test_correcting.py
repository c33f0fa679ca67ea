"""“不对，是昨天那单”: what was said before counts, but for the part that is corrected."""

from __future__ import annotations

from daozhang.cases.models import CaseStatus
from daozhang.cases.search import asked_of
from daozhang.ledger.models import Merchant
from daozhang.texts import load_texts
from daozhang.understanding import Entity, Understanding
from tests.cases.conftest import StoppedClock, Talker, amount, button_ids
from tests.worlds import MID, a_sale

YESTERDAY = Entity("time", "2026-11-21", "昨天")
FRIDAY = Entity("time", "2026-11-20", "前天")


def same_amount_on_friday(merchant: Talker) -> int:
    with merchant.sessions.begin() as session:
        return a_sale(session, session.get_one(Merchant, MID), 300_000, "2026-11-20 11:00").id


def test_a_corrected_day_keeps_the_amount(merchant: Talker) -> None:
    friday = same_amount_on_friday(merchant)
    merchant.say("report_delay", YESTERDAY, amount(300_000))
    assert merchant.case().txn_ids != [friday]
    merchant.say("say_correct", FRIDAY, text="不对，是前天那单")
    assert merchant.case().txn_ids == [friday]


def test_a_corrected_amount_keeps_the_case(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000))
    before = merchant.case().id
    merchant.say("say_correct", amount(1_260_000), text="说错了是12600那笔")
    assert (merchant.case().id, merchant.case().outcome) == (before, "payout_failed")


def test_where_nothing_fits_both_the_correction_counts_alone(merchant: Talker) -> None:
    merchant.say("report_delay", YESTERDAY, amount(300_000))
    merchant.say("say_correct", amount(168_000), text="是1680那笔")
    assert merchant.case().cause == "clearing_delay"


def test_a_correction_in_a_walk_leads_to_the_payment_that_was_meant(merchant: Talker) -> None:
    merchant.say("report_fault", amount(26_800))
    assert merchant.case().status is CaseStatus.WALKING
    merchant.say("say_correct", amount(300_000), text="不是268，是3000")
    assert (merchant.case().outcome, merchant.case().status) == (
        "not_yet_due",
        CaseStatus.INFORMED,
    )


def test_a_correction_that_means_the_same_payment_repeats_the_step(merchant: Talker) -> None:
    merchant.say("report_fault", amount(26_800))
    replies = merchant.say("say_correct", Entity("time", "2026-11-22", "今天"), text="是今天的")
    assert merchant.case().status is CaseStatus.WALKING
    assert "step:done" in button_ids(replies)


def test_without_details_it_is_asked_which(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000))
    told = merchant.case().txn_ids
    replies = merchant.say("say_correct", text="我说错了")
    assert merchant.case().status is CaseStatus.CLARIFYING
    assert button_ids(replies)[0] == "pick:0"
    merchant.tap("pick:0")
    assert merchant.case().txn_ids == told


def test_a_correction_of_nothing_is_not_understood(merchant: Talker) -> None:
    replies = merchant.say("say_correct", text="说错了")
    assert replies[0].text == load_texts("assistant")("not_understood")


def test_after_a_day_there_is_nothing_to_correct(merchant: Talker, clock: StoppedClock) -> None:
    merchant.say("report_delay", amount(300_000))
    clock.pass_by(hours=25)
    replies = merchant.say("say_correct", amount(1_260_000))
    assert replies[0].text == load_texts("assistant")("not_understood")


def test_what_is_denied_does_not_count() -> None:
    said = Understanding(
        "不是 200 是2000，不是昨天",
        "say_correct",
        entities=(amount(20_000), amount(200_000), YESTERDAY),
    )
    asked = asked_of(said)
    assert asked.amount_low == 200_000
    assert asked.since is None


def test_a_longer_number_is_not_denied_with_its_beginning() -> None:
    said = Understanding("不是2000是200", "say_correct", entities=(amount(200_000), amount(20_000)))
    assert asked_of(said).amount_low == 20_000
