"""When a payment's money is due, seen with what lies around it: the day's sales, what is owed."""

from __future__ import annotations

from daozhang.diagnosis.payment import Surroundings
from daozhang.ledger.models import Txn
from daozhang.ledger.terms import due_of, taken_before
from daozhang.ledger.words import ItemState, ReconState
from daozhang.settlement.due import Due, Reason, put_off

__all__ = ["expected"]


def expected(txn: Txn, around: Surroundings) -> Due:
    """The due time by contract, put off when too little has come together to be paid out.

    That a run passed money by is known only afterwards: until then its time stands.
    """
    terms = around.terms(txn.channel)
    taken = taken_before(terms, txn.local_at, around.sold)
    due = due_of(txn, terms, around.calendar, taken_today=taken)
    if around.now <= due.due_at or not _accumulates(txn, around):
        return due
    return put_off(due, Reason.BELOW_MINIMUM, around.now, terms, calendar=around.calendar)


def _accumulates(txn: Txn, around: Surroundings) -> bool:
    """Whether it is in no payout because all that is due by now is under the least payout."""
    item, clearing = txn.item, txn.clearing
    if item is None or item.payout_no is not None or item.state is ItemState.HELD:
        return False
    cleared = clearing is not None and clearing.recon_state is ReconState.MATCHED
    least = around.merchant.min_payout
    return cleared and least > 0 and 0 <= around.owed_by(around.now) < least
