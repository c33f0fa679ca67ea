"""输入错误的交易信息 (DOMAIN.md §4.8), and settlement accounts that were entered wrongly (§5).

Confirmed by 13, 14, 25, 64, a second payment of the same card and amount, and a bank that does
not know the account; a mistyped amount is the merchant's word, which only the rows can overrule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_bank_text, by_code
from daozhang.diagnosis.rules.rule import Ground, Rule
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import Channel, TerminalEventKind

__all__ = ["RULE"]

_CAUSE = Cause.WRONG_TRANSACTION_INFO
_ON_HAND = 0.3
"""Says nothing about lateness by itself; enough when the merchant says so."""


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    yield from by_bank_text(payment, finding, _CAUSE)
    if finding is Finding.BEFORE_DUE and _voidable(payment):
        yield Ground(_CAUSE, Circumstance.VOIDABLE, _ON_HAND, (payment.row,))


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    payout = payment.payout
    if payout is None or payout.submitted_at is None or not payment.cleared:
        return ()
    return (payment.row, *payment.clearing_rows)


def troubles(machine: Machine) -> Iterator[Ground]:
    sales = [one for one in machine.txns if one.card_last4]
    for newer, older in pairwise(sales):
        same = (newer.card_last4, newer.amount) == (older.card_last4, older.amount)
        if same and newer.local_at - older.local_at <= timedelta(minutes=10):
            fact = f"same card and amount as {older.id} at {older.local_at:%F %R}"
            row = Evidence("txns", str(newer.id), fact)
            yield Ground(_CAUSE, Circumstance.DUPLICATE, 0.5, (row,))
            return


def _voidable(payment: Payment) -> bool:
    """Same day, same machine, batch not closed since: it can be voided where it was made."""
    txn = payment.txn
    closed = any(
        one.kind is TerminalEventKind.BATCH_CLOSED and one.at > txn.local_at
        for one in payment.around.events_of(txn.tid or "")
    )
    same_day = local_date(txn.local_at) == local_date(payment.around.now)
    return txn.channel is Channel.CARD and same_day and not closed and not payment.cleared


RULE = Rule(_CAUSE, confirms, refutes, troubles)
