"""What a verdict says of what comes next and of what the merchant can do."""

from __future__ import annotations

from datetime import datetime

import pytest

from daozhang.diagnosis.facts import NextEvent, NextKind, Remedy
from daozhang.diagnosis.outlook import remedy
from daozhang.diagnosis.verdict import Finding
from tests.diagnosis.circumstances import CASES
from tests.diagnosis.kit import (
    NOON,
    TUESDAY_NIGHT,
    Rows,
    a_sale_in,
    held,
    paid,
    refused,
    shop,
    unknown,
    verdict_on,
)
from tests.worlds import moment

UNDER_WAY = {"carries": ["sale"], "state": "paying", "submitted_at": "2026-11-24T04:00"}
MONDAY_EVENING = "2026-11-23 20:00"


@pytest.mark.parametrize(
    ("rows", "now", "kind", "at"),
    [
        (a_sale_in({}), "2026-11-24 08:00", NextKind.PAYOUT, "2026-11-24 10:00"),
        (a_sale_in({}), NOON, NextKind.PAYOUT, None),
        ({**a_sale_in({}), "now": MONDAY_EVENING}, MONDAY_EVENING, NextKind.CLEARING, None),
        (a_sale_in({}, payouts=[UNDER_WAY]), NOON, NextKind.ENTRY, "2026-11-24 18:00"),
        (a_sale_in({}, payouts=[UNDER_WAY]), TUESDAY_NIGHT, NextKind.ENTRY, None),
        (a_sale_in({}, **shop(provider="通联")), "2026-11-24 08:00", NextKind.PAYOUT, None),
        (
            held("risk_review", review_due="2026-11-26T18:00"),
            NOON,
            NextKind.REVIEW,
            "2026-11-26 18:00",
        ),
        (refused("户名不符"), NOON, NextKind.NEW_PAYOUT, None),
        (unknown(), NOON, NextKind.CLEARING, None),
    ],
)
def test_what_comes_next(rows: Rows, now: str, kind: NextKind, at: str | None) -> None:
    when: datetime | None = moment(at) if at else None
    assert verdict_on(rows, now).next_event == NextEvent(kind, when)


def test_nothing_comes_after_the_money() -> None:
    assert verdict_on(paid()).next_event is None


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (refused("户名不符"), Remedy.FIX_ACCOUNT),
        (refused("日间撤销"), Remedy.WAIT),
        (held("document_request"), Remedy.HAND_IN_MATERIALS),
        (held("judicial"), Remedy.WAIT),
        (a_sale_in({}, **shop(kyc_valid_until="2026-11-01")), Remedy.RENEW_PAPERS),
    ],
)
def test_what_the_merchant_can_do(rows: Rows, wanted: Remedy) -> None:
    assert verdict_on(rows).remedy is wanted


def test_nobody_is_told_to_do_something_for_money_that_never_comes() -> None:
    assert remedy(Finding.VOIDED, None) is remedy(Finding.REFUNDED, None) is None


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_missing_has_a_next_event(case: str) -> None:
    rows, now, *_ = CASES[case]
    verdict = verdict_on(rows, now)
    if not verdict.settled and verdict.finding is not Finding.CHARGED_BACK:
        assert verdict.next_event is not None
