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
from tests.worlds import a_merchant, a_payout

TEXTS = load_texts("assistant")
RESUME = load_texts("playbook")("resume")
OTHER = "898310058120002"


@pytest.fixture
def walker(merchant: Talker) -> Talker:
    """A merchant at the second step of the walk for the payment in doubt."""
    merchant.say("report_fault", amount(26_800))
    merchant.tap("step:failed")
    assert merchant.case().status is CaseStatus.WALKING
    with merchant.sessions.begin() as session:
        a_merchant(session, OTHER)
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
        for mid in (None, OTHER):
            walker.mid = mid
            walker.say("greet")
            assert walker.tap(f"resume:{parked}")[0].text.startswith(TEXTS("pick_gone"))


class TestOnAnotherChannel:
    """The same proven merchant opens another conversation."""

    @pytest.fixture
    def elsewhere(self, walker: Talker) -> Talker:
        walker.clock.pass_by(hours=15)
        walker.conversation_id = "another"
        return walker

    def test_the_walk_is_offered_once_and_goes_on_at_the_same_step(self, elsewhere: Talker) -> None:
        with elsewhere.sessions() as session:
            before = step_of(session.scalars(select(Case)).one())
        back = resume_id(elsewhere.say("greet"))
        assert not any(one.startswith("resume:") for one in button_ids(elsewhere.say("greet")))
        replies = elsewhere.tap(back)
        assert RESUME in "".join(reply.text for reply in replies)
        assert "step:done" in button_ids(replies)
        assert (elsewhere.case().status, step_of(elsewhere.case())) == (CaseStatus.WALKING, before)

    def test_where_it_came_from_its_buttons_are_past_and_it_can_come_back(
        self, elsewhere: Talker
    ) -> None:
        elsewhere.tap(resume_id(elsewhere.say("greet")))
        elsewhere.conversation_id = "conversation"
        gone = elsewhere.tap("step:done")
        assert gone[0].text.startswith(TEXTS("pick_gone"))
        elsewhere.tap(resume_id(gone))
        assert elsewhere.case().status is CaseStatus.WALKING

    def test_an_answer_keeps_its_own_buttons_beside_the_offer(self, elsewhere: Talker) -> None:
        replies = elsewhere.say("report_delay", amount(1_260_000))
        assert not any(reply.buttons for reply in replies[:-1])
        assert {"watch", resume_id(replies)} <= set(button_ids(replies))
        assert len(replies) <= 3

    def test_an_open_question_is_answered_first(self, elsewhere: Talker) -> None:
        replies = elsewhere.say("report_delay", amount(77_700))
        assert not any(one.startswith("resume:") for one in button_ids(replies))
        assert resume_id(elsewhere.say("report_delay", amount(300_000)))

    def test_strangers_are_offered_nothing(self, elsewhere: Talker) -> None:
        elsewhere.mid = None
        assert not any(one.startswith("resume:") for one in button_ids(elsewhere.say("greet")))

    def test_what_was_only_noted_is_offered_too(self, walker: Talker) -> None:
        walker.say("report_fault", text="打印机不出纸", causes=(("hardware_fault", 0.9),))
        walker.say("say_stop")
        walker.conversation_id = "another"
        replies = walker.say("greet")
        assert "打印机不出纸" in replies[-1].text
        walker.tap(resume_id(replies))
        assert walker.case().playbook == "hardware_fault"

    def test_the_same_promise_is_not_made_twice(self, merchant: Talker) -> None:
        for place in ("conversation", "another"):
            merchant.conversation_id = place
            merchant.say("report_delay", amount(1_260_000))
            told = merchant.tap("watch")
        assert told[0].text == TEXTS("promise_already")


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
