"""银行业务规则 (DOMAIN.md §4.5, §2.4, §2.5).

Confirmed by what the receiving bank wrote, the account's class and state, weekends, the rule for
new merchants, debit cards and the hours of the large-value system; refuted when the same account
took the money.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_bank_text, by_code
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import AccountState, CardType, PayoutState
from daozhang.settlement.due import Reason

__all__ = ["RULE"]

_CAUSE = Cause.BANK_RULES
_TAKEN = {PayoutState.SUCCESS, PayoutState.CREDITED}


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    yield from by_bank_text(payment, finding, _CAUSE)
    merchant, payout = payment.around.merchant, payment.successor or payment.payout
    account = Evidence(
        "merchants", merchant.mid, f"account {merchant.account_state} {merchant.account_last4}"
    )
    if finding in {Finding.CREDITED, Finding.PAID_UNCONFIRMED} and payout is not None:
        if payout.account_last4 != merchant.account_last4:
            rows = (*payment.payout_rows, account)
            yield Ground(None, Circumstance.OLD_ACCOUNT, 0.8, rows)
        elif finding is Finding.PAID_UNCONFIRMED:
            yield Ground(None, Circumstance.CROSS_BANK, 0.5, payment.payout_rows)
    if not waits(finding):
        return
    if finding is Finding.BEFORE_DUE:
        yield from _calendar(payment)
    if payout is None and merchant.account_state is not AccountState.VERIFIED:
        failed = merchant.account_state is AccountState.FAILED
        cause = Cause.WRONG_TRANSACTION_INFO if failed else _CAUSE
        yield Ground(cause, Circumstance.ACCOUNT_UNVERIFIED, 0.74, (account,))
    if payment.waits_for_channel:
        yield Ground(_CAUSE, Circumstance.CHANNEL_CLOSED, 0.78, payment.payout_rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    payout = payment.payout
    return payment.payout_rows if payout is not None and payout.state in _TAKEN else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    yield from ()


def _calendar(payment: Payment) -> Iterator[Ground]:
    reasons, merchant, item = payment.due.reasons, payment.around.merchant, payment.txn.item
    if {Reason.NEW_MERCHANT, Reason.SHORT_TRADING} & set(reasons):
        fact = f"opened {merchant.opened_on}, trading since {merchant.trading_since or '?'}"
        opened = Evidence("merchants", merchant.mid, fact)
        yield Ground(_CAUSE, Circumstance.NEW_MERCHANT, 0.74, (opened, payment.row))
    if Reason.LARGE_VALUE in reasons:
        yield Ground(_CAUSE, Circumstance.LARGE_VALUE, 0.65, (payment.row,))
    slower = item is not None and local_date(item.due_at) > local_date(payment.txn.local_at)
    if slower and Reason.INSTANT in reasons and payment.txn.card_type is CardType.DEBIT:
        yield Ground(_CAUSE, Circumstance.DEBIT_CARD, 0.66, (payment.row,))
    if Reason.WEEKEND in reasons:
        yield Ground(_CAUSE, Circumstance.WEEKEND, 0.6, (payment.row,))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
