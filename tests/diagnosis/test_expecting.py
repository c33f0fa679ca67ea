"""The due time seen with what lies around a payment, and what of it may be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import object_session

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import NextEvent, NextKind
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import promised_by, tell
from daozhang.diagnosis.verdict import Finding, StageKey
from daozhang.ledger.lookups import TxnQuery
from daozhang.settlement.due import Reason
from tests.diagnosis.kit import (
    NOON,
    SALE,
    TUESDAY_NIGHT,
    Rows,
    a_sale_in,
    looked_into,
    shop,
    verdict_on,
)
from tests.worlds import moment

GUESSED = shop(provider="通联")
LARGE = {"carries": ["sale"], "state": "paying", "bank_channel": "HVPS"}


def small_sales(*amounts: int, **terms: Any) -> Rows:
    sales = [
        {"amount": one, "local_at": f"2026-11-23T15:{10 + place}", "settle": True}
        for place, one in enumerate(amounts)
    ]
    return {"txns": sales, **shop(min_payout=10_000, **terms)}


@contextmanager
def counted(investigation: Investigation) -> Iterator[list[str]]:
    """The statements that reach the store."""
    asked: list[str] = []
    session = object_session(investigation.merchant)
    assert session is not None

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", count)
    yield asked
    event.remove(session.get_bind(), "before_cursor_execute", count)


class TestGuessedTerms:
    @pytest.mark.parametrize(
        ("now", "finding"), [(NOON, Finding.BEFORE_DUE), (TUESDAY_NIGHT, Finding.OVERDUE)]
    )
    def test_no_time_reaches_whoever_tells_the_verdict(self, now: str, finding: Finding) -> None:
        verdict = verdict_on(a_sale_in({}, **GUESSED), now)
        assert verdict.finding is finding
        assert verdict.due is None
        (last,) = [one for one in verdict.stages if one.key is StageKey.CREDITED]
        assert (last.at, last.expected) == (None, False)

    def test_the_merchant_hears_of_the_contract_and_of_no_hour(self) -> None:
        verdict = verdict_on(a_sale_in({}, **GUESSED))
        told = "".join(bubble.text for bubble in tell(verdict, moment(NOON)))
        assert "合同" in told
        assert "17:00" not in told

    def test_staff_see_the_row_that_stands_in(self) -> None:
        verdict = verdict_on(a_sale_in({}, **GUESSED))
        (row,) = [one for one in verdict.evidence if one.table == "settlement_products"]
        assert row.key == "通联 T1"

    def test_what_is_well_published_is_told_like_a_contract(self) -> None:
        verdict = verdict_on(a_sale_in({}, **shop(provider="银联")))
        assert verdict.due is not None


class TestTheLeastPayout:
    def test_it_may_be_late_while_the_sum_is_small(self) -> None:
        verdict = verdict_on(small_sales(3_000, 4_000))
        assert (verdict.finding, verdict.circumstance) == (
            Finding.BEFORE_DUE,
            Circumstance.BELOW_MINIMUM,
        )

    def test_small_sums_that_come_to_enough_are_paid_out(self) -> None:
        assert verdict_on(small_sales(6_000, 6_000)).circumstance is None
        late = verdict_on(small_sales(6_000, 6_000), TUESDAY_NIGHT)
        assert late.finding is Finding.OVERDUE

    def test_a_run_that_passed_it_by_puts_it_off(self) -> None:
        verdict = verdict_on(small_sales(3_000, 4_000), TUESDAY_NIGHT)
        assert verdict.finding is Finding.BEFORE_DUE
        assert verdict.cause is Cause.INSUFFICIENT_BALANCE
        assert verdict.due is not None
        assert Reason.BELOW_MINIMUM in verdict.due.reasons
        assert verdict.due.due_at == moment("2026-11-25 18:00")

    @pytest.mark.parametrize(
        ("next_amount", "finding"), [(9_000, Finding.OVERDUE), (1_000, Finding.BEFORE_DUE)]
    )
    def test_it_is_late_once_what_came_after_it_made_enough(
        self, next_amount: int, finding: Finding
    ) -> None:
        rows = small_sales(3_000, next_amount)
        rows["txns"][1]["local_at"] = "2026-11-24T15:10"
        assert verdict_on(rows, "2026-11-25 17:00").finding is Finding.BEFORE_DUE
        with looked_into(rows, "2026-11-25 20:00") as investigation:
            assert {one.finding for one in investigation.missing()} == {finding}

    def test_one_that_is_not_in_the_clearing_file_is_late_all_the_same(self) -> None:
        rows = small_sales(3_000)
        rows["txns"][0]["clearing"] = {"recon_state": "not_in_file"}
        verdict = verdict_on(rows, TUESDAY_NIGHT)
        assert (verdict.finding, verdict.cause) == (Finding.OVERDUE, Cause.CLEARING_DELAY)


class TestTheSystemThatCarriesIt:
    def test_a_payout_of_a_day_of_rest_is_due_after_it_opens(self) -> None:
        rows = a_sale_in(
            {"local_at": "2026-11-20T15:10"},
            payouts=[LARGE | {"submitted_at": "2026-11-21T04:00"}],
            **shop(product="D1"),
        )
        verdict = verdict_on(rows, "2026-11-22 12:00")
        assert (verdict.finding, verdict.cause) == (Finding.BEFORE_DUE, Cause.BANK_RULES)
        assert verdict.due is not None
        assert verdict.due.due_at == moment("2026-11-23 18:00")
        assert verdict_on(rows, "2026-11-23 18:01").finding is Finding.OVERDUE

    @pytest.mark.parametrize(
        ("now", "waits"),
        [("2026-11-22 20:29", True), ("2026-11-22 20:31", False), ("2026-11-23 11:00", False)],
    )
    def test_it_waits_for_the_system_until_that_opens(self, now: str, waits: bool) -> None:
        rows = a_sale_in(
            {"local_at": "2026-11-20T15:10"},
            payouts=[LARGE | {"submitted_at": "2026-11-21T04:00"}],
            **shop(product="D1"),
        )
        verdict = verdict_on(rows, now)
        assert (verdict.circumstance is Circumstance.CHANNEL_CLOSED) is waits
        assert ("正等" in tell(verdict, moment(now))[0].text) is waits
        opens = NextEvent(NextKind.CHANNEL_OPENS, moment("2026-11-22 20:30"))
        arrives = NextEvent(NextKind.ENTRY, moment("2026-11-23 18:00"))
        assert verdict.next_event == (opens if waits else arrives)

    def test_one_handed_over_in_its_hours_is_due_as_ever(self) -> None:
        rows = a_sale_in({}, payouts=[LARGE | {"submitted_at": "2026-11-24T04:00"}])
        assert verdict_on(rows, TUESDAY_NIGHT).finding is Finding.OVERDUE


def test_earlier_sales_of_the_day_use_up_the_instant_cap() -> None:
    terms = shop(product="S0", instant_cap_day=500_000)
    earlier = {"amount": 300_000, "local_at": "2026-11-24T09:00"}
    sale = {"amount": 250_000, "local_at": "2026-11-24T11:50"}
    query = TxnQuery(amount_low=250_000, amount_high=250_000)
    with looked_into({"txns": [earlier, sale], **terms}, NOON) as investigation:
        (verdict,) = investigation.fitting(query)
    assert verdict.circumstance is Circumstance.OVER_INSTANT_CAP


def test_the_days_sales_are_asked_for_once_however_many_there_are() -> None:
    def statements(count: int) -> int:
        sales = [
            {"amount": 1_000 + n, "local_at": f"2026-11-24T09:{n:02}", "settle": True}
            for n in range(count)
        ]
        rows = {"txns": sales, **shop(product="S0", instant_cap_day=500_000)}
        with looked_into(rows, NOON) as investigation, counted(investigation) as asked:
            assert investigation.overview(TxnQuery(since=moment("2026-11-24 00:00"))).total.count
        return len(asked)

    assert statements(20) == statements(2)


def test_a_merchant_who_has_hardly_traded_gets_no_instant_money() -> None:
    rows = a_sale_in({}, **shop(product="S0", trading_since="2026-11-10"))
    verdict = verdict_on(rows)
    assert (verdict.cause, verdict.circumstance) == (Cause.BANK_RULES, Circumstance.NEW_MERCHANT)


def test_several_runs_a_day_are_kept_and_the_next_one_counts() -> None:
    terms = {"product": "D0", "payout_runs": ["14:00", "10:00"], "instant_minutes": 20}
    rows = a_sale_in({"local_at": "2026-11-24T10:30"}, **shop(**terms))
    due = verdict_on(rows).due
    assert due is not None
    assert due.due_at == moment("2026-11-24 14:20")


class TestLargeSums:
    SATURDAY = "2026-11-21 16:00"
    LARGE = SALE | {"amount": 600_000_000, "local_at": "2026-11-21T15:00"}

    def test_no_other_reason_makes_a_promise_of_it(self) -> None:
        terms = {"product": "D0", "opened_on": "2026-10-20", "fallback": "D1"}
        verdict = verdict_on({"txns": [self.LARGE], **shop(**terms)}, self.SATURDAY)
        assert verdict.circumstance is Circumstance.NEW_MERCHANT
        assert promised_by(verdict) is None

    def test_a_small_one_of_the_same_time_is_promised_and_the_large_one_is_not(self) -> None:
        small = SALE | {"key": "small", "amount": 600, "local_at": "2026-11-21T15:01"}
        rows = {"txns": [self.LARGE, small], **shop(product="D0", fallback="D1")}
        with looked_into(rows, self.SATURDAY) as investigation:
            verdicts = investigation.missing()
        promised = {one.subject.amount: promised_by(one) for one in verdicts if one.subject}
        assert promised == {600_000_000: None, 600: moment("2026-11-21 18:00")}
