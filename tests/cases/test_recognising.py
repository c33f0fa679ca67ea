"""A stranger proves to be the merchant: what they had asked is answered, and only then."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from daozhang.cases.assistant import Assistant
from daozhang.cases.models import BalanceWatch, Case, CaseStatus, Ticket
from daozhang.cases.recognising import hand_over_stranger, welcome
from daozhang.replies import Reply
from tests.cases.conftest import StoppedClock, Talker, amount, button_ids
from tests.worlds import CALENDAR, MID


@pytest.fixture
def stranger(merchant: Talker, clock: StoppedClock) -> Talker:
    merchant.assistant = Assistant(merchant.sessions, CALENDAR, clock, can_prove=True)
    merchant.mid = None
    return merchant


def prove(talker: Talker) -> list[Reply]:
    with talker.sessions.begin() as session:
        replies = welcome(session, CALENDAR, talker.clock.now(), talker.conversation_id, MID)
    talker.mid = MID
    return replies


def test_who_asks_about_money_gets_the_form(stranger: Talker) -> None:
    replies = stranger.say("report_delay", amount(1_260_000))
    assert [reply.identity for reply in replies] == ["asked"]
    assert stranger.say("ask_fee")[0].identity is None


def test_what_was_asked_is_answered_at_once(stranger: Talker) -> None:
    stranger.say("report_delay", amount(1_260_000), text="12600没到")
    stranger.say("ask_fee")
    replies = prove(stranger)
    assert replies[0].identity == "proven"
    assert any(reply.timeline for reply in replies)
    case = stranger.case()
    assert (case.mid, case.finding) == (MID, "payout_failed")


def test_only_the_newest_question_is_answered(stranger: Talker) -> None:
    stranger.say("report_delay", amount(1_260_000))
    stranger.say("report_delay", amount(168_000))
    prove(stranger)
    assert stranger.case().finding == "before_due"
    with stranger.sessions() as session:
        assert not session.scalars(select(Case).where(Case.status == CaseStatus.PARKED)).all()


def test_a_fault_is_answered_as_it_would_have_been(stranger: Talker) -> None:
    def complain() -> list[Reply]:
        return stranger.say("report_fault", causes=(("hardware_fault", 0.9),))

    complain()
    after_proof = button_ids(prove(stranger))
    stranger.conversation_id = "another"
    assert after_proof == button_ids(complain())


def test_a_wish_is_granted(stranger: Talker) -> None:
    asked = stranger.say("nlu_fallback", text="余额低于500提醒我")
    assert asked[0].identity == "asked"
    prove(stranger)
    with stranger.sessions() as session:
        assert session.get_one(BalanceWatch, MID).below == 50_000


def test_a_ticket_that_waits_is_the_merchants_too(stranger: Talker) -> None:
    stranger.say("ask_human")
    prove(stranger)
    with stranger.sessions() as session:
        assert session.scalars(select(Ticket)).one().mid == MID


def test_with_nothing_asked_they_are_greeted(stranger: Talker) -> None:
    replies = prove(stranger)
    assert [reply.identity for reply in replies] == ["proven"]


def test_a_walk_begun_in_the_portal_is_offered_after_the_proof(
    merchant: Talker, clock: StoppedClock
) -> None:
    merchant.say("report_fault", amount(26_800))
    assert merchant.case().status is CaseStatus.WALKING
    merchant.conversation_id, merchant.mid = "visit", None
    merchant.say("ask_fee")
    assert any(one.startswith("resume:") for one in button_ids(prove(merchant)))


def test_a_person_gets_what_the_stranger_wanted(stranger: Talker) -> None:
    stranger.say("report_delay", amount(1_260_000), text="12600没到")
    with stranger.sessions.begin() as session:
        replies = hand_over_stranger(
            session, CALENDAR, stranger.clock.now(), stranger.conversation_id
        )
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.reason, ticket.mid) == ("identity", None)
        assert any("12600没到" in line for line in ticket.summary)
    assert replies[0].ticket is not None


def test_a_message_whose_answer_the_proof_overtook_is_answered_as_the_merchants(
    stranger: Talker,
) -> None:
    prove(stranger)
    stranger.mid = None
    asked = stranger.say("report_delay", amount(1_260_000), message_id="overtaken")
    assert asked[0].identity == "asked"
    stranger.mid = MID
    again = stranger.say("report_delay", amount(1_260_000), message_id="overtaken")
    assert not any(reply.identity for reply in again)
    assert any(reply.timeline for reply in again)
    once_more = stranger.say("report_delay", amount(1_260_000), message_id="overtaken")
    assert once_more == again


def test_what_anybody_may_know_is_not_worked_out_again_after_a_proof(stranger: Talker) -> None:
    told = stranger.say("ask_fee", message_id="overtaken")
    stranger.mid = MID
    assert stranger.say("ask_fee", message_id="overtaken") == told
