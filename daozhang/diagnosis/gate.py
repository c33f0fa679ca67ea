"""The gate: where the money of one payment is (DOMAIN.md §4).

The questions are asked in the order of DOMAIN.md §4.13: did money move at all, was it taken back,
is it held, did the payout fail, has it arrived, and only then whether it is late.
"""

from __future__ import annotations

from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import PayoutState, TxnState

__all__ = ["where"]

_BEFORE_CLEARING = {
    TxnState.DECLINED: Finding.DECLINED,
    TxnState.REVERSED: Finding.REVERSED,
    TxnState.VOIDED: Finding.VOIDED,
    TxnState.REFUNDED: Finding.REFUNDED,
    TxnState.REVERSAL_PENDING: Finding.REVERSAL_PENDING,
    TxnState.REVERSAL_FAILED: Finding.RESULT_UNKNOWN,
    TxnState.UNKNOWN: Finding.RESULT_UNKNOWN,
    TxnState.OFFLINE_STORED: Finding.OFFLINE_STORED,
    TxnState.PREAUTH_OPEN: Finding.PREAUTH_OPEN,
}
"""States in which no settled money exists, whatever else the rows say."""
_WENT_WRONG = {PayoutState.FAILED, PayoutState.RETURNED, PayoutState.FROZEN}
_ARRIVED = {PayoutState.SUCCESS, PayoutState.CREDITED}


def where(payment: Payment) -> Finding:
    """The finding on a payment; there always is one."""
    payout = payment.payout
    if finding := _BEFORE_CLEARING.get(payment.txn.state):
        return finding
    if payment.chargeback is not None:
        return Finding.CHARGED_BACK
    if payment.hold is not None and not (payout and payout.credited_at):
        return Finding.HELD
    if payout is not None and payout.state in _WENT_WRONG:
        return _after_refusal(payment)
    if payout is not None and payout.state in _ARRIVED:
        return Finding.CREDITED if payout.credited_at else Finding.PAID_UNCONFIRMED
    return Finding.BEFORE_DUE if payment.around.now <= payment.due.due_at else Finding.OVERDUE


def _after_refusal(payment: Payment) -> Finding:
    payout, newer = payment.payout, payment.successor
    if newer is not None and newer.credited_at:
        return Finding.CREDITED
    if newer is not None and newer.state not in _WENT_WRONG:
        return Finding.PAYOUT_REPLACED
    last = newer or payout
    if last is not None and last.state is PayoutState.RETURNED:
        return Finding.PAYOUT_RETURNED
    return Finding.PAYOUT_FAILED
