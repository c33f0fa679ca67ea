"""What a verdict offers to walk through, and what becomes of the offer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from daozhang.cases.assistant import Route
from daozhang.cases.models import CaseStatus, Promise, PromiseKind
from daozhang.cases.playbooks import offer_for, playbook_for_fault
from daozhang.causes import Cause
from daozhang.clock import Clock
from daozhang.diagnosis.verdict import Finding, PayoutFacts, Verdict
from daozhang.ledger.models import Merchant, Payout, Txn
from daozhang.ledger.words import PayoutState, TxnKind, TxnState
from daozhang.playbook.loader import load_all
from daozhang.playbook.state import Facts, State
from daozhang.replies import Reply
from daozhang.understanding import Entity
from tests.cases.conftest import Talker
from tests.worlds import MID, a_payout, a_sale


def amount(fen: int) -> Entity:
    return Entity("amount", fen, str(fen // 100))


def button_ids(replies: list[Reply]) -> list[str]:
    return [button.id for reply in replies for button in reply.buttons]


def verdict(finding: Finding, reason: str = "", **facts: Any) -> Verdict:
    payout = PayoutFacts("P1", "failed", 1, None, "工商银行", "4882", fail_reason=reason)
    return replace(Verdict(finding, None, payout=payout if reason else None), **facts)


def test_no_two_playbooks_begin_alike() -> None:
    begun = Counter(
        replace(one, at_once=False) for book in load_all().values() for one in book.begins
    )
    assert [one for one, number in begun.items() if number > 1] == []


def test_every_playbook_can_be_reached() -> None:
    told_alone = {cause.value for cause in Cause}
    begun = {key for key, book in load_all().items() if book.begins}
    assert load_all().keys() - told_alone - begun == set()


@pytest.mark.parametrize(
    ("told", "playbook"),
    [
        (verdict(Finding.PAYOUT_FAILED, "class_limit"), "class_two_limit"),
        (verdict(Finding.PAYOUT_FAILED, "name_mismatch"), "settlement_account"),
        (verdict(Finding.PAYOUT_FAILED, "account_invalid"), "settlement_account"),
        (verdict(Finding.PAYOUT_FAILED, "bank_silent"), "bank_outage"),
        (verdict(Finding.PAYOUT_RETURNED, "other"), "payout_returned"),
        (verdict(Finding.OFFLINE_STORED), "offline_not_uploaded"),
        (verdict(Finding.PREAUTH_OPEN), "preauth_open"),
        (verdict(Finding.HELD, cause=Cause.PLATFORM_RESTRICTION), "frozen"),
        (verdict(Finding.HELD, cause=Cause.REGULATION_CHANGE), "verification_expired"),
        (verdict(Finding.RESULT_UNKNOWN, cause=Cause.BANK_OUTAGE), "one_sided_charge"),
        (verdict(Finding.OVERDUE, cause=Cause.CLEARING_DELAY), "clearing_delay"),
        (verdict(Finding.DECLINED, code="97"), "serial_not_bound"),
        (verdict(Finding.DECLINED, cause=Cause.SOFTWARE_FAULT), "software_fault"),
    ],
)
def test_a_verdict_leads_to_its_playbook(told: Verdict, playbook: str) -> None:
    offer = offer_for(told)
    assert offer is not None
    assert (offer.playbook, offer.at_once) == (playbook, False)


@pytest.mark.parametrize("finding", [Finding.REVERSAL_PENDING, Finding.RESULT_UNKNOWN])
def test_a_doubtful_payment_of_a_bad_link_is_begun_at_once(finding: Finding) -> None:
    offer = offer_for(verdict(finding, cause=Cause.NETWORK_COMMUNICATION))
    assert offer is not None
    assert (offer.playbook, offer.at_once) == ("network_communication", True)


@pytest.mark.parametrize("finding", [Finding.BEFORE_DUE, Finding.REFUNDED, Finding.CREDITED])
def test_money_on_its_ordinary_way_offers_no_steps(finding: Finding) -> None:
    assert offer_for(verdict(finding)) is None


def test_the_records_narrow_down_a_fault_told_alone(clock: Clock) -> None:
    plain = Facts(clock.now())
    sim = Facts(clock.now(), flags=frozenset({"sim_problem"}))
    network = Cause.NETWORK_COMMUNICATION
    assert playbook_for_fault(network, plain) == "network_communication"
    assert playbook_for_fault(network, sim) == "sim_card"
    assert {playbook_for_fault(cause, plain) for cause in Cause} <= load_all().keys()


class TestClassTwoLimit:
    """只到了一万: the bank refused the rest; the offer, the walk, the promise."""

    def tell(self, merchant: Talker) -> list[Reply]:
        return merchant.say("report_delay", amount(1_260_000))

    def test_the_steps_are_offered_beside_watch_and_person(self, merchant: Talker) -> None:
        replies = self.tell(merchant)
        assert button_ids(replies) == ["walk:class_two_limit", "watch", "person"]
        assert merchant.case().status is CaseStatus.INFORMED

    def test_tapping_the_offer_begins_the_walk(self, merchant: Talker) -> None:
        self.tell(merchant)
        replies = merchant.tap("walk:class_two_limit")
        assert button_ids(replies)[0] == "step:done"
        assert (merchant.case().status, merchant.case().playbook) == (
            CaseStatus.WALKING,
            "class_two_limit",
        )

    def test_asking_what_to_do_begins_it_too(self, merchant: Talker) -> None:
        self.tell(merchant)
        merchant.say("ask_fix", text="那怎么弄", route=Route.ANSWER)
        assert merchant.case().status is CaseStatus.WALKING

    def test_a_tap_while_walking_asks_the_step_again(self, merchant: Talker) -> None:
        self.tell(merchant)
        merchant.tap("walk:class_two_limit")
        merchant.tap("step:done")
        replies = merchant.tap("walk:class_two_limit")
        assert "step:done" in button_ids(replies)
        assert State.from_json(merchant.case().playbook_state or "").step == "how"

    def test_an_offer_for_something_else_is_not_begun(self, merchant: Talker) -> None:
        self.tell(merchant)
        replies = merchant.tap("walk:frozen")
        assert "walk:class_two_limit" in button_ids(replies)
        assert merchant.case().status is CaseStatus.INFORMED

    def test_the_walk_ends_in_a_promise_made_from_how_it_stands_then(
        self, merchant: Talker
    ) -> None:
        self.tell(merchant)
        merchant.tap("walk:class_two_limit")
        merchant.tap("step:done")
        merchant.tap("step:failed")
        with merchant.sessions.begin() as session:
            refused = session.scalars(select(Payout)).one()
            sale = session.scalars(select(Txn).where(Txn.amount == 1_260_000)).one()
            a_payout(session, sale, state=PayoutState.PAYING, no="P2", previous_no=refused.no)
            assert sale.item is not None
            sale.item.payout_no = refused.no
        replies = merchant.tap("step:done")
        assert "P2" in "".join(reply.text for reply in replies)
        assert merchant.case().status is CaseStatus.INFORMED
        with merchant.sessions() as session:
            made = session.scalars(select(Promise)).one()
            assert (made.kind, made.finding) == (PromiseKind.ARRIVAL, "payout_replaced")


def test_an_offer_is_withdrawn_when_the_records_have_changed(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        shop = session.get_one(Merchant, MID)
        stored = a_sale(session, shop, 45_600, "2026-11-22 08:00", state=TxnState.OFFLINE_STORED)
        number = stored.id
    replies = merchant.say("report_delay", amount(45_600))
    assert "walk:offline_not_uploaded" in button_ids(replies)
    with merchant.sessions.begin() as session:
        uploaded = session.get_one(Txn, number)
        uploaded.state = TxnState.REVERSED
    merchant.tap("walk:offline_not_uploaded")
    assert merchant.case().finding == "reversed"
    assert merchant.case().status is CaseStatus.INFORMED


def test_an_open_preauthorisation_is_offered_its_completion(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        a_sale(
            session,
            session.get_one(Merchant, MID),
            50_000,
            "2026-11-21 20:00",
            kind=TxnKind.PREAUTH,
            state=TxnState.PREAUTH_OPEN,
        )
    replies = merchant.say("report_delay", amount(50_000))
    assert button_ids(replies) == ["walk:preauth_open", "person"]


def test_a_fault_of_the_terminal_told_alone_is_walked_at_once(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        for txn in session.scalars(select(Txn).where(Txn.state != TxnState.APPROVED)):
            txn.state = TxnState.REVERSED
        for payout in session.scalars(select(Payout)):
            payout.state, payout.credited_at = PayoutState.CREDITED, payout.result_at
    replies = merchant.say("report_fault", causes=(("hardware_fault", 0.9),))
    assert merchant.case().playbook == "hardware_fault"
    assert "step:done" in button_ids(replies)
