"""What the proof once got wrong: the weaker of two grounds, or a sum that was not recognised."""

from __future__ import annotations

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.verdict import Claim, Outcome
from daozhang.ledger.lookups import TxnQuery
from tests.diagnosis.kit import NOON, SALE, Rows, a_sale_in, declined, looked_into, shop, verdict_on


def events(kind: str, *moments: str) -> list[Rows]:
    return [{"at": at, "kind": kind} for at in moments]


def test_a_claim_does_not_outweigh_a_serial_number_that_is_not_bound() -> None:
    verdict = verdict_on(declined("97", bound=False), NOON, Cause.PLATFORM_RESTRICTION)
    assert (verdict.cause, verdict.claim_fits) == (Cause.REGULATION_CHANGE, False)


def test_a_new_merchant_before_a_holiday_is_told_the_rule_for_new_merchants() -> None:
    young = a_sale_in(
        {"local_at": "2026-09-30T15:00"}, **shop(product="S0", opened_on="2026-09-10")
    )
    assert verdict_on(young, "2026-09-30 18:00").circumstance is Circumstance.NEW_MERCHANT


def test_scattered_time_outs_do_not_outweigh_a_reader_that_fails() -> None:
    days = ("2026-11-19", "2026-11-21", "2026-11-23")
    undone = [
        {"amount": 9_900, "local_at": f"{day}T10:00", "state": "reversed", "response_code": "98"}
        for day in days
    ]
    broken = events("read_failed", *(f"{day}T11:00" for day in days))
    with looked_into({"terminals": [{}], "txns": undone, "terminal_events": broken}, NOON) as found:
        assert found.terminal_trouble()[0].circumstance is Circumstance.READER


def test_a_claim_does_not_outweigh_a_machine_that_locked_itself() -> None:
    rows = {
        "terminals": [{"sign_state": "signed_off"}],
        "txns": [{"amount": 9_900, "local_at": "2026-11-24T09:00"}],
        "terminal_events": events("tamper", "2026-11-24T09:30"),
    }
    claim = Claim(Cause.PROCEDURE_NOT_FOLLOWED, 0.9)
    with looked_into(rows, NOON) as found:
        assert found.terminal_trouble(claim)[0].circumstance is Circumstance.LOCKED


def test_at_night_a_machine_that_is_signed_off_is_nothing_special() -> None:
    broken = events("read_failed", "2026-11-23T11:00", "2026-11-23T12:00")
    rows = {"terminals": [{"sign_state": "signed_off"}], "terminal_events": broken}
    with looked_into(rows, "2026-11-24 03:10") as found:
        assert found.terminal_trouble()[0].circumstance is Circumstance.READER


def test_a_sum_kept_back_is_found_beside_a_refund() -> None:
    refund = {
        "key": "refund",
        "kind": "refund",
        "amount": 18_900,
        "local_at": "2026-11-23T16:00",
        "original": "other",
        "settle": True,
    }
    other = {"key": "other", "amount": 18_900, "local_at": "2026-11-23T11:00", "settle": True}
    payout = {
        "carries": ["sale", "other", "refund"],
        "state": "credited",
        "result_at": "2026-11-24T08:32",
        "suspended_amount": 12_345,
    }
    rows: Rows = {"txns": [SALE, other | {"state": "refunded"}, refund], "payouts": [payout]}
    with looked_into(rows, NOON) as found:
        (verdict,) = found.fitting(TxnQuery(amount_low=12_345, amount_high=12_345))
    assert (verdict.outcome, verdict.cause) == (Outcome.CREDITED, Cause.INSUFFICIENT_BALANCE)
    assert verdict.breakdown is not None
    assert verdict.breakdown.kept_back == 12_345
