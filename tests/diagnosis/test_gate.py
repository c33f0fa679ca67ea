"""The eight outcomes of the gate, each on rows written by hand (DOMAIN.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from daozhang.causes import Cause
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.verdict import Claim, Finding, Outcome, StageKey, StageState, Verdict
from daozhang.ledger.lookups import TxnQuery
from daozhang.ledger.models import Hold, Incident, Merchant
from daozhang.ledger.words import (
    HoldKind,
    HoldState,
    IncidentScope,
    PayoutState,
    Product,
    ReconState,
    TxnState,
)
from tests.worlds import CALENDAR, MID, a_merchant, a_payout, a_sale, a_terminal, moment, world

SUNDAY = "2026-11-22 10:20"
TUESDAY = "2026-11-24 20:00"


@pytest.fixture
def session() -> Iterator[Session]:
    with world() as session:
        yield session


@pytest.fixture
def shop(session: Session) -> Merchant:
    merchant = a_merchant(session)
    a_terminal(session)
    return merchant


def verdict_on(session: Session, amount: int, now: str, claim: Claim | None = None) -> Verdict:
    found = Investigation(session, MID, CALENDAR, moment(now)).fitting(
        TxnQuery(amount_low=amount, amount_high=amount), claim
    )
    assert len(found) == 1
    return found[0]


def rows(verdict: Verdict) -> set[str]:
    return {row.table for row in verdict.evidence}


def test_nothing_fits(session: Session, shop: Merchant) -> None:
    a_sale(session, shop, 300_000, "2026-11-21 15:10")
    investigation = Investigation(session, MID, CALENDAR, moment(SUNDAY))
    assert investigation.fitting(TxnQuery(amount_low=88_800, amount_high=88_800)) == []


def test_declined_is_no_delay_and_names_the_code(session: Session, shop: Merchant) -> None:
    a_sale(session, shop, 50_000, "2026-11-21 15:10", state=TxnState.DECLINED, response_code="51")
    verdict = verdict_on(session, 50_000, SUNDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.DECLINED, Cause.INSUFFICIENT_BALANCE)
    assert verdict.code == "51"
    assert rows(verdict) == {"txns"}


def test_pending_reversal_is_unknown_and_leads_to_the_network_playbook(
    session: Session, shop: Merchant
) -> None:
    a_sale(
        session,
        shop,
        26_800,
        "2026-11-22 09:40",
        state=TxnState.REVERSAL_PENDING,
        response_code="68",
    )
    verdict = verdict_on(session, 26_800, SUNDAY)
    assert verdict.outcome is Outcome.OUTCOME_UNKNOWN
    assert verdict.playbook == Cause.NETWORK_COMMUNICATION
    assert verdict.stages[0].state is StageState.STOPPED


def test_before_its_due_time_money_is_not_late(session: Session, shop: Merchant) -> None:
    a_sale(session, shop, 300_000, "2026-11-21 15:10")
    verdict = verdict_on(session, 300_000, SUNDAY)
    assert verdict.outcome is Outcome.NOT_YET_DUE
    assert verdict.due is not None
    assert verdict.due.due_at == moment("2026-11-23 18:00")
    assert verdict.subject is not None
    assert (verdict.subject.fee, verdict.subject.net) == (1_800, 298_200)
    marked = {stage.key: stage.state for stage in verdict.stages}
    assert marked[StageKey.CLEARED] is StageState.DONE
    assert marked[StageKey.PAID_OUT] is StageState.CURRENT


def test_after_the_cutoff_the_cause_is_the_day_cut(session: Session, shop: Merchant) -> None:
    a_sale(session, shop, 168_000, "2026-11-20 23:12")
    verdict = verdict_on(session, 168_000, SUNDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.NOT_YET_DUE, Cause.CLEARING_DELAY)


def test_a_hold_stops_the_payout(session: Session, shop: Merchant) -> None:
    sale = a_sale(session, shop, 4_800_000, "2026-11-18 12:00")
    hold = Hold(
        mid=MID,
        txn_id=sale.id,
        kind=HoldKind.DOCUMENT_REQUEST,
        state=HoldState.OPEN,
        since=moment("2026-11-19 09:00"),
        materials=["slip"],
    )
    session.add(hold)
    session.flush()
    assert sale.item is not None
    sale.item.hold_id = hold.id
    session.flush()
    session.expire_all()
    verdict = verdict_on(session, 4_800_000, SUNDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.HELD, Cause.PLATFORM_RESTRICTION)
    assert verdict.hold is not None
    assert verdict.hold.materials == ("slip",)
    assert rows(verdict) == {"holds", "txns"}


@pytest.mark.parametrize(
    ("text", "reason", "cause"),
    [
        ("II类卡当日超限", "class_limit", Cause.BANK_RULES),
        ("户名不符", "name_mismatch", Cause.WRONG_TRANSACTION_INFO),
        ("日间撤销", "bank_silent", Cause.BANK_OUTAGE),
        ("一句没见过的话", "other", Cause.BANK_RULES),
    ],
)
def test_a_refused_payout_is_sorted_by_the_banks_words(
    session: Session, shop: Merchant, text: str, reason: str, cause: Cause
) -> None:
    sale = a_sale(session, shop, 1_260_000, "2026-11-19 14:02")
    a_payout(session, sale, state=PayoutState.FAILED, at="2026-11-20 04:35", fail_text=text)
    verdict = verdict_on(session, 1_260_000, SUNDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.PAYOUT_FAILED, cause)
    assert verdict.payout is not None
    assert verdict.payout.fail_reason == reason
    assert "payouts" in rows(verdict)


def test_the_ledger_overrules_a_claim_about_the_network(session: Session, shop: Merchant) -> None:
    sale = a_sale(session, shop, 1_260_000, "2026-11-19 14:02")
    a_payout(
        session, sale, state=PayoutState.FAILED, at="2026-11-20 04:35", fail_text="II类卡当日超限"
    )
    claim = Claim(Cause.NETWORK_COMMUNICATION, 0.8)
    verdict = verdict_on(session, 1_260_000, SUNDAY, claim)
    assert verdict.claim_fits is False
    assert verdict.cause is Cause.BANK_RULES


def test_a_claim_that_the_ledger_bears_out_is_not_contradicted(
    session: Session, shop: Merchant
) -> None:
    a_sale(session, shop, 168_000, "2026-11-20 23:12")
    verdict = verdict_on(session, 168_000, SUNDAY, Claim(Cause.CLEARING_DELAY, 0.8))
    assert verdict.claim_fits is True


def test_a_returned_payout_points_to_its_successor(session: Session, shop: Merchant) -> None:
    sale = a_sale(session, shop, 70_000, "2026-11-18 12:00")
    first = a_payout(
        session, sale, state=PayoutState.RETURNED, at="2026-11-19 09:10", fail_text="户名不符"
    )
    before = verdict_on(session, 70_000, SUNDAY)
    assert before.finding is Finding.PAYOUT_RETURNED
    assert before.stages[-1].state is StageState.STOPPED
    newer = a_payout(session, sale, state=PayoutState.PAYING, previous_no=first.no)
    assert sale.item is not None
    sale.item.payout_no = first.no
    session.flush()
    session.expire_all()
    after = verdict_on(session, 70_000, SUNDAY)
    assert after.finding is Finding.PAYOUT_REPLACED
    assert after.payout is not None
    assert after.payout.successor_no == newer.no


def test_credited_money_is_shown_with_its_payout(session: Session, shop: Merchant) -> None:
    sale = a_sale(session, shop, 90_000, "2026-11-19 12:00")
    payout = a_payout(session, sale, state=PayoutState.CREDITED, at="2026-11-20 08:32")
    verdict = verdict_on(session, 90_000, SUNDAY)
    assert verdict.outcome is Outcome.CREDITED
    assert verdict.payout is not None
    assert (verdict.payout.no, verdict.payout.account_last4) == (payout.no, "4882")
    assert verdict.settled


def test_paid_but_not_confirmed_says_so(session: Session, shop: Merchant) -> None:
    sale = a_sale(session, shop, 90_000, "2026-11-19 12:00")
    a_payout(session, sale, state=PayoutState.SUCCESS, at="2026-11-20 08:32")
    assert verdict_on(session, 90_000, SUNDAY).finding is Finding.PAID_UNCONFIRMED


def test_after_the_due_time_without_a_reason_a_person_is_needed(
    session: Session, shop: Merchant
) -> None:
    a_sale(session, shop, 110_000, "2026-11-20 12:00")
    verdict = verdict_on(session, 110_000, TUESDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.OVERDUE, None)
    assert verdict.needs_person


@pytest.mark.parametrize(
    ("scope", "target", "planned", "cause"),
    [
        (IncidentScope.BANK, "工商银行", True, Cause.BANK_OUTAGE),
        (IncidentScope.PLATFORM, "", True, Cause.PLATFORM_RESTRICTION),
        (IncidentScope.PLATFORM, "", False, Cause.SLOW_PROCESSING),
    ],
)
def test_an_incident_explains_lateness(
    session: Session,
    shop: Merchant,
    scope: IncidentScope,
    target: str,
    planned: bool,
    cause: Cause,
) -> None:
    sale = a_sale(session, shop, 110_000, "2026-11-20 12:00")
    a_payout(session, sale, state=PayoutState.PAYING)
    session.add(
        Incident(scope=scope, target=target, since=moment("2026-11-23 16:00"), planned=planned)
    )
    session.flush()
    verdict = verdict_on(session, 110_000, TUESDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.OVERDUE, cause)
    assert verdict.public_text is None


def test_another_banks_incident_explains_nothing(session: Session, shop: Merchant) -> None:
    a_sale(session, shop, 110_000, "2026-11-20 12:00")
    session.add(
        Incident(
            scope=IncidentScope.BANK,
            target="招商银行",
            since=moment("2026-11-23 16:00"),
            public_text="招商银行系统升级",
        )
    )
    session.flush()
    verdict = verdict_on(session, 110_000, TUESDAY)
    assert verdict.cause is None
    assert verdict.public_text is None


def test_missing_in_the_clearing_file_is_a_clearing_delay(session: Session, shop: Merchant) -> None:
    sale = a_sale(session, shop, 110_000, "2026-11-20 12:00")
    assert sale.clearing is not None
    sale.clearing.recon_state = ReconState.NOT_IN_FILE
    session.flush()
    assert verdict_on(session, 110_000, TUESDAY).cause is Cause.CLEARING_DELAY


def test_expired_papers_explain_lateness(session: Session) -> None:
    shop = a_merchant(session, kyc_valid_until=date(2026, 11, 1))
    a_sale(session, shop, 110_000, "2026-11-20 12:00")
    assert verdict_on(session, 110_000, TUESDAY).cause is Cause.REGULATION_CHANGE


def test_over_the_instant_cap_is_the_platforms_limit(session: Session) -> None:
    shop = a_merchant(session, product=Product.S0, instant_cap_single=5_000_000)
    a_sale(session, shop, 5_800_000, "2026-11-21 12:00")
    verdict = verdict_on(session, 5_800_000, SUNDAY)
    assert (verdict.outcome, verdict.cause) == (Outcome.NOT_YET_DUE, Cause.PLATFORM_RESTRICTION)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (TxnState.REVERSED, Outcome.DECLINED),
        (TxnState.VOIDED, Outcome.DECLINED),
        (TxnState.REFUNDED, Outcome.DECLINED),
        (TxnState.UNKNOWN, Outcome.OUTCOME_UNKNOWN),
        (TxnState.REVERSAL_FAILED, Outcome.OUTCOME_UNKNOWN),
        (TxnState.OFFLINE_STORED, Outcome.OUTCOME_UNKNOWN),
        (TxnState.PREAUTH_OPEN, Outcome.NOT_YET_DUE),
    ],
)
def test_every_other_state_has_an_outcome(
    session: Session, shop: Merchant, state: TxnState, outcome: Outcome
) -> None:
    a_sale(session, shop, 33_300, "2026-11-21 12:00", state=state, response_code=None)
    assert verdict_on(session, 33_300, SUNDAY).outcome is outcome


def test_what_shares_a_fate_is_told_together_and_sums_to_the_fen(
    session: Session, shop: Merchant
) -> None:
    for amount in (10_001, 20_002, 30_003):
        a_sale(session, shop, amount, "2026-11-21 12:00")
    (verdict,) = Investigation(session, MID, CALENDAR, moment(SUNDAY)).missing()
    assert verdict.subject is not None
    assert verdict.subject.count == 3
    assert verdict.subject.amount == 60_006
    assert verdict.subject.net == verdict.subject.amount - verdict.subject.fee


def test_another_merchants_rows_never_come_out(session: Session, shop: Merchant) -> None:
    other = a_merchant(session, mid="898310058120002")
    foreign = a_sale(session, other, 300_000, "2026-11-21 15:10", card_last4="6688")
    payout = a_payout(session, foreign, state=PayoutState.CREDITED, at="2026-11-22 08:00")
    mine = Investigation(session, MID, CALENDAR, moment(SUNDAY))
    assert mine.missing() == []
    for query in (
        TxnQuery(amount_low=300_000, amount_high=300_000),
        TxnQuery(ref_no=foreign.ref_no),
        TxnQuery(card_last4="6688"),
    ):
        assert mine.fitting(query) == []
    assert mine.of([foreign.id]) is None
    assert mine.last_arrival() is None
    assert mine.ledger.payout(payout.no) is None
    assert mine.ledger.items_of(payout.no) == []
