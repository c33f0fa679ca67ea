"""The four stops of the money: 刷卡成功 → 清算 → 出款 → 到账, with the present one marked."""

from __future__ import annotations

from datetime import datetime

from daozhang.diagnosis.facts import StageFact, StageKey, StageState
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.models import Payout

__all__ = ["STOPS_AT", "stages"]

_ORDER = (StageKey.PAID, StageKey.CLEARED, StageKey.PAID_OUT, StageKey.CREDITED)

STOPS_AT = {
    Finding.DECLINED: StageKey.PAID,
    Finding.REVERSED: StageKey.PAID,
    Finding.VOIDED: StageKey.PAID,
    Finding.REFUNDED: StageKey.PAID,
    Finding.REVERSAL_PENDING: StageKey.PAID,
    Finding.RESULT_UNKNOWN: StageKey.PAID,
    Finding.OFFLINE_STORED: StageKey.PAID,
    Finding.PREAUTH_OPEN: StageKey.PAID,
    Finding.HELD: StageKey.PAID_OUT,
    Finding.PAYOUT_FAILED: StageKey.PAID_OUT,
    Finding.PAYOUT_RETURNED: StageKey.CREDITED,
    Finding.CHARGED_BACK: StageKey.CREDITED,
}


def stages(payment: Payment, finding: Finding) -> tuple[StageFact, ...]:
    """The stops of a payment: done ones with times, then the present one, then what is to come.

    Where money has stopped for a reason, the stop is marked and nothing after it has a time.
    """
    txn, payout = payment.txn, payment.successor or payment.payout
    stopped = STOPS_AT.get(finding)
    reached = {
        StageKey.PAID: txn.local_at if payment.approved else None,
        StageKey.CLEARED: txn.clearing.cleared_at if txn.clearing and payment.cleared else None,
        StageKey.PAID_OUT: _paid_out_at(payout),
        StageKey.CREDITED: payout.credited_at if payout else None,
    }
    facts: list[StageFact] = []
    open_seen = False
    for key in _ORDER:
        if key is stopped:
            facts.append(StageFact(key, StageState.STOPPED, _stopped_at(payment, key)))
            open_seen = True
        elif open_seen or reached[key] is None:
            state = StageState.PENDING if open_seen else StageState.CURRENT
            last = key is StageKey.CREDITED and stopped is None
            last = last and payment.due.certain
            expected = payment.due.due_at if last else None
            facts.append(StageFact(key, state, expected, expected=last))
            open_seen = True
        else:
            facts.append(StageFact(key, StageState.DONE, reached[key]))
    return tuple(facts)


def _paid_out_at(payout: Payout | None) -> datetime | None:
    return (payout.result_at or payout.submitted_at) if payout else None


def _stopped_at(payment: Payment, key: StageKey) -> datetime | None:
    if key is StageKey.PAID:
        return payment.txn.reversal_at or payment.txn.local_at
    if payment.chargeback is not None:
        return payment.chargeback.local_at
    return _paid_out_at(payment.payout)
