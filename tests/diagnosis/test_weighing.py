"""Several causes at once, and the merchant's own explanation against the rows (§4.13)."""

from __future__ import annotations

import pytest

from daozhang.causes import Cause
from daozhang.diagnosis.verdict import Outcome
from tests.diagnosis.kit import (
    NOON,
    TUESDAY_NIGHT,
    Rows,
    a_sale_in,
    held,
    paid,
    refused,
    shop,
    verdict_on,
)

OUTAGE = {"scope": "bank", "target": "中国工商银行", "since": "2026-11-24T03:00"}
PLATFORM = {"scope": "platform", "since": "2026-11-24T03:00"}


@pytest.mark.parametrize(
    ("rows", "outcome", "cause"),
    [
        (held("risk_review") | {"incidents": [OUTAGE]}, Outcome.HELD, Cause.PLATFORM_RESTRICTION),
        (
            refused("户名不符") | {"incidents": [OUTAGE]},
            Outcome.PAYOUT_FAILED,
            Cause.WRONG_TRANSACTION_INFO,
        ),
        (a_sale_in({}, incidents=[PLATFORM, OUTAGE]), Outcome.OVERDUE, Cause.BANK_OUTAGE),
        (
            a_sale_in({"clearing": {"recon_state": "not_in_file"}}, incidents=[PLATFORM]),
            Outcome.OVERDUE,
            Cause.CLEARING_DELAY,
        ),
        (
            a_sale_in({}, incidents=[OUTAGE], **shop(kyc_valid_until="2026-11-01")),
            Outcome.OVERDUE,
            Cause.REGULATION_CHANGE,
        ),
        (
            a_sale_in({}, incidents=[PLATFORM], **shop(balance=-100)),
            Outcome.OVERDUE,
            Cause.SLOW_PROCESSING,
        ),
    ],
)
def test_of_two_causes_the_one_on_the_unpaid_item_is_told(
    rows: Rows, outcome: Outcome, cause: Cause
) -> None:
    verdict = verdict_on(rows, TUESDAY_NIGHT)
    assert (verdict.outcome, verdict.cause) == (outcome, cause)


def test_between_grounds_of_like_weight_the_claim_decides_and_the_other_is_kept() -> None:
    rows = a_sale_in({"local_at": "2026-11-20T23:12"})
    plain = verdict_on(rows, "2026-11-22 10:00")
    claimed = verdict_on(rows, "2026-11-22 10:00", Cause.BANK_RULES)
    assert (plain.cause, plain.also) == (Cause.CLEARING_DELAY, (Cause.BANK_RULES,))
    assert (claimed.cause, claimed.also) == (Cause.BANK_RULES, (Cause.CLEARING_DELAY,))
    assert claimed.claim_fits is True


REFUTED = {
    Cause.NETWORK_COMMUNICATION: a_sale_in({}),
    Cause.HARDWARE_FAULT: a_sale_in({}),
    Cause.SOFTWARE_FAULT: a_sale_in({}),
    Cause.PROCEDURE_NOT_FOLLOWED: a_sale_in({}),
    Cause.WRONG_TRANSACTION_INFO: paid(submitted_at="2026-11-24T08:00"),
    Cause.SLOW_PROCESSING: refused("II类卡当日超限"),
    Cause.BANK_OUTAGE: refused("II类卡当日超限"),
    Cause.CLEARING_DELAY: refused("II类卡当日超限"),
    Cause.PLATFORM_RESTRICTION: refused("II类卡当日超限"),
    Cause.INSUFFICIENT_BALANCE: paid(),
    Cause.BANK_RULES: paid(),
    Cause.REGULATION_CHANGE: a_sale_in({}, **shop(kyc_valid_until="2030-01-01")),
}


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_can_be_refuted_with_rows(cause: Cause) -> None:
    verdict = verdict_on(REFUTED[cause], NOON, cause)
    assert verdict.claim_fits is False
    assert verdict.refuted_by


@pytest.mark.parametrize("cause", Cause)
def test_a_refuted_cause_is_left_alone_without_a_claim(cause: Cause) -> None:
    verdict = verdict_on(REFUTED[cause])
    assert (verdict.claim_fits, verdict.refuted_by) == (None, ())
