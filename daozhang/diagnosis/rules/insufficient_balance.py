"""余额不足 (DOMAIN.md §4.4): the merchant's own account, or the customer's.

Confirmed by a payout below its plan, a chargeback, a balance below zero, a sum owed that is under
the minimum, and on the customer's side by 51, 61 and 65; refuted by a payout paid in full.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_code
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.money import format_yuan
from daozhang.settlement.due import Reason

__all__ = ["RULE"]

_CAUSE = Cause.INSUFFICIENT_BALANCE
_PAID = {Finding.CREDITED, Finding.PAID_UNCONFIRMED}


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE, Circumstance.CARDHOLDER_LIMIT)
    payout, back = payment.successor or payment.payout, payment.chargeback
    if finding is Finding.CHARGED_BACK and back is not None:
        rows = (Evidence("txns", str(back.id), f"chargeback {back.response_code or '-'}"),)
        yield Ground(_CAUSE, Circumstance.CHARGEBACK, 0.95, (*rows, payment.row))
    if finding in _PAID and payout is not None and payout.real_amount < payout.plan_amount:
        yield Ground(_CAUSE, Circumstance.KEPT_BACK, 0.9, payment.payout_rows)
    if not waits(finding) or payment.payout is not None:
        return
    merchant, item, due = payment.around.merchant, payment.txn.item, payment.due
    if merchant.balance < 0:
        row = Evidence("merchants", merchant.mid, f"balance {format_yuan(merchant.balance)}")
        yield Ground(_CAUSE, Circumstance.NEGATIVE_BALANCE, 0.75, (row,))
    if item is not None and finding is Finding.BEFORE_DUE and merchant.min_payout > 0:
        owed = payment.around.owed_by(due.due_at)
        if 0 <= owed < merchant.min_payout:
            fact = f"owed {format_yuan(owed)} under {format_yuan(merchant.min_payout)}"
            row = Evidence("settle_items", str(payment.txn.id), fact)
            weight = 0.72 if Reason.BELOW_MINIMUM in due.reasons else 0.55
            yield Ground(_CAUSE, Circumstance.BELOW_MINIMUM, weight, (row,))


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    payout = payment.payout
    if payment.around.merchant.balance < 0 or payout is None:
        return ()
    return payment.payout_rows if payout.suspended_amount == 0 else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    yield from ()


RULE = Rule(_CAUSE, confirms, refutes, troubles)
