"""A walk survives what comes between: other complaints, hours of silence, news in the records."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from daozhang.cases.models import Case, CaseStatus
from daozhang.ledger.models import Terminal, Txn
from daozhang.ledger.words import PayoutState, SignState, TxnState
from daozhang.playbook.state import State
from daozhang.replies import Reply
from daozhang.texts import load_texts
from tests.cases.conftest import StoppedClock, Talker, amount, button_ids
from tests.worlds import a_payout

TEXTS = load_texts("assistant")
RESUME = load_texts("playbook")("resume")


@pytest.fixture
def walker(merchant: Talker) -> Talker:
    """A merchant at the second step of the walk for the payment in doubt."""
    merchant.say("report_fault", amount(26_800))
    merchant.tap("step:failed")
    assert merchant.case().status is CaseStatus.WALKING
    return merchant


def step_of(case: Case) -> str:
    return State.from_json(case.playbook_state or "").step


def come_online(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        terminal = session.get_one(Terminal, "31000001")
        terminal.last_heartbeat_at = merchant.clock.now()
        terminal.sign_state = SignState.SIGNED_ON


def reverse(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        doubtful = session.scalars(select(Txn).where(Txn.amount == 26_800)).one()
        doubtful.state, doubtful.reversal_code = TxnState.REVERSED, "00"
        doubtful.reversal_at = merchant.clock.now()


def credit_refused(merchant: Talker) -> None:
    """The payout that the bank had refused is made anew and credited."""
    with merchant.sessions.begin() as session:
        txn = session.scalars(select(Txn).where(Txn.amount == 1_260_000)).one()
        a_payout(session, txn, state=PayoutState.CREDITED, at="2026-11-22 11:00")


def resume_id(replies: list[Reply]) -> str:
    return next(one for one in button_ids(replies) if one.startswith("resume:"))


class TestSecondComplaint:
    def test_another_payment_is_looked_at_and_the_way_back_offered(self, walker: Talker) -> None:
        first = walker.case()
        replies = walker.say("report_delay", amount(300_000))
        assert walker.case().outcome == "not_yet_due"
        assert resume_id(replies) == f"resume:{first.id}"

    def test_the_parked_walk_goes_on_at_the_same_step(self, walker: Talker) -> None:
        before = walker.case()
        back = resume_id(walker.say("report_delay", amount(300_000)))
        replies = walker.tap(back)
        after = walker.case()
        assert (after.id, after.status) == (before.id, CaseStatus.WALKING)
        assert step_of(after) == step_of(before)
        assert "step:done" in button_ids(replies)

    def test_the_way_back_stays_on_offer_until_it_is_taken(self, walker: Talker) -> None:
        walker.say("report_delay", amount(300_000))
        back = resume_id(walker.say("thank"))
        walker.tap(back)
        assert walker.tap(back)[0].text.startswith(TEXTS("pick_gone"))
        walker.say("say_stop")
        assert "resume" not in "".join(button_ids(walker.say("thank")))

    def test_going_back_can_be_asked_for_in_words(self, walker: Talker) -> None:
        before = walker.case()
        walker.say("report_delay", amount(300_000))
        walker.say("say_back")
        assert walker.case().id == before.id

    def test_two_walks_change_places(self, walker: Talker) -> None:
        first = walker.case().id
        replies = walker.say("report_delay", amount(1_260_000))
        walker.tap(next(one for one in button_ids(replies) if one.startswith("walk:")))
        second = walker.case().id
        walker.tap(f"resume:{first}")
        assert walker.case().id == first
        walker.tap(f"resume:{second}")
        assert (walker.case().id, walker.case().status) == (second, CaseStatus.WALKING)

    def test_the_same_payment_again_is_no_second_complaint(self, walker: Talker) -> None:
        before = walker.case().id
        replies = walker.say("report_delay", amount(26_800))
        assert walker.case().id == before
        assert "step:done" in button_ids(replies)

    def test_a_payment_that_is_not_found_loses_no_walk(self, walker: Talker) -> None:
        back = resume_id(walker.say("report_delay", amount(77_700)))
        walker.tap(back)
        assert walker.case().status is CaseStatus.WALKING

    def test_another_fault_is_noted_and_taken_up_afterwards(self, walker: Talker) -> None:
        before = walker.case().id
        replies = walker.say("report_fault", causes=(("hardware_fault", 0.9),))
        assert walker.case().id == before
        assert replies[0].text.startswith(TEXTS("complaint_noted"))
        back = resume_id(walker.say("say_stop"))
        walker.tap(back)
        assert (walker.case().playbook, walker.case().status) == (
            "hardware_fault",
            CaseStatus.WALKING,
        )

    def test_nobody_else_takes_up_what_is_parked(self, walker: Talker) -> None:
        parked = walker.case().id
        walker.say("report_delay", amount(300_000))
        walker.conversation_id = "another"
        walker.say("report_delay", amount(300_000))
        assert walker.tap(f"resume:{parked}")[0].text.startswith(TEXTS("pick_gone"))


class TestComingBack:
    @pytest.mark.parametrize("intent", ["greet", "nlu_fallback", "chitchat"])
    def test_after_hours_the_same_step_is_asked(
        self, walker: Talker, clock: StoppedClock, intent: str
    ) -> None:
        before = step_of(walker.case())
        walker.say("say_later")
        clock.pass_by(hours=20)
        replies = walker.say(intent, text="在吗")
        assert RESUME in "".join(reply.text for reply in replies)
        assert step_of(walker.case()) == before

    def test_what_happened_meanwhile_moves_the_walk_on(
        self, walker: Talker, clock: StoppedClock
    ) -> None:
        before = step_of(walker.case())
        clock.pass_by(hours=1)
        come_online(walker)
        walker.say("greet")
        assert step_of(walker.case()) != before

    def test_a_greeting_within_the_talk_is_returned(self, walker: Talker) -> None:
        replies = walker.say("greet")
        assert replies[0].text == TEXTS("greet")
        assert "step:done" in button_ids(replies)


class TestNews:
    def test_a_reversal_at_another_step_ends_the_walk_with_the_news(self, walker: Talker) -> None:
        reverse(walker)
        replies = walker.say("say_how")
        assert replies[0].text.startswith(TEXTS("step_moot"))
        assert (walker.case().status, walker.case().finding) == (CaseStatus.SOLVED, "reversed")

    def test_a_reversal_that_the_step_waits_for_moves_it_on(self, walker: Talker) -> None:
        walker.clock.pass_by(minutes=1)
        come_online(walker)
        walker.tap("step:done")
        assert step_of(walker.case()) == "inquiry"
        reverse(walker)
        replies = walker.tap("step:how")
        assert not replies[0].text.startswith(TEXTS("step_moot"))
        assert (walker.case().finding, step_of(walker.case())) != ("reversal_pending", "inquiry")

    def test_money_that_arrived_while_a_walk_was_parked_is_told(self, walker: Talker) -> None:
        replies = walker.say("report_delay", amount(1_260_000))
        walker.tap(next(one for one in button_ids(replies) if one.startswith("walk:")))
        back = resume_id(walker.say("report_delay", amount(300_000)))
        credit_refused(walker)
        walker.clock.pass_by(minutes=1)
        walker.tap(back)
        assert walker.case().finding == "credited"
        assert walker.case().status is CaseStatus.SOLVED

    def test_a_person_is_had_without_the_news_first(self, walker: Talker) -> None:
        reverse(walker)
        assert walker.say("ask_human")[-1].ticket is not None

    def test_without_news_nothing_is_said_of_it(self, walker: Talker) -> None:
        assert not walker.tap("step:how")[0].text.startswith(TEXTS("step_moot"))
