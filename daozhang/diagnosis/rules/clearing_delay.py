"""资金清算延迟 (DOMAIN.md §4.3, §5 单边账).

Confirmed by the day cut, a holiday, a clearing file that lacks the payment, or a success that the
issuer will enter later; refuted when it was cleared and its payout was made in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_bank_text, by_code
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import ReconState, TxnState
from daozhang.settlement.due import Reason

__all__ = ["RULE"]

_CAUSE = Cause.CLEARING_DELAY
_DEFECTIVE = {"A2", "A4", "A5", "A6"}
"""有缺陷的成功: approved, entered 3 to 5 working days later."""


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    yield from by_bank_text(payment, finding, _CAUSE)
    if finding is Finding.RESULT_UNKNOWN:
        yield from _one_sided(payment)
    if not waits(finding):
        return
    if payment.txn.response_code in _DEFECTIVE:
        yield Ground(_CAUSE, Circumstance.DEFECTIVE_SUCCESS, 0.92, (payment.row,))
    clearing = payment.txn.clearing
    if clearing is not None and clearing.recon_state is ReconState.SHORT:
        yield Ground(_CAUSE, Circumstance.SHORT, 0.9, (payment.row, *payment.clearing_rows))
    elif finding is Finding.OVERDUE and not payment.cleared and payment.payout is None:
        yield Ground(_CAUSE, Circumstance.NOT_IN_FILE, 0.85, payment.clearing_rows)
    if finding is Finding.BEFORE_DUE:
        for reason, circumstance in (
            (Reason.AFTER_CUTOFF, Circumstance.AFTER_CUTOFF),
            (Reason.HOLIDAY, Circumstance.HOLIDAY),
        ):
            if reason in payment.due.reasons:
                yield Ground(_CAUSE, circumstance, 0.7, (payment.row,))


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    payout = payment.payout
    if not payment.cleared or payout is None or payout.created_at > payment.due.due_at:
        return ()
    if _calendar_made_it_wait(payment):
        return ()
    return (*payment.clearing_rows, *payment.payout_rows)


def troubles(machine: Machine) -> Iterator[Ground]:
    yield from ()


def _one_sided(payment: Payment) -> Iterator[Ground]:
    """单边账: the clearing file knows more of a doubtful payment than the terminal does."""
    clearing = payment.txn.clearing
    if clearing is not None and clearing.recon_state in {ReconState.MATCHED, ReconState.LONG}:
        yield Ground(_CAUSE, Circumstance.LONG, 0.97, (payment.row, *payment.clearing_rows))
        return
    filed = payment.due.settle_day + timedelta(days=1)
    absent = clearing is None or clearing.recon_state is ReconState.NOT_IN_FILE
    settled = payment.txn.state is TxnState.UNKNOWN and absent
    if settled and local_date(payment.around.now) > filed:
        rows = (payment.row, *payment.clearing_rows)
        yield Ground(None, Circumstance.CUSTOMER_REFUNDED, 0.6, rows)


def _calendar_made_it_wait(payment: Payment) -> bool:
    return bool({Reason.AFTER_CUTOFF, Reason.HOLIDAY, Reason.WEEKEND} & set(payment.due.reasons))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
