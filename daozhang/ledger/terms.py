"""From a merchant's row to its settlement terms, and from a payment to its due time."""

from __future__ import annotations

from dataclasses import replace

from daozhang.clock import local_date
from daozhang.ledger.models import Merchant, Txn
from daozhang.ledger.words import Channel
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, due_for
from daozhang.settlement.terms import WALLET_CUTOFF, Terms

__all__ = ["due_of", "terms_of"]


def terms_of(merchant: Merchant) -> Terms:
    """The settlement terms that the merchant's contract sets."""
    return Terms(
        product=merchant.product,
        cutoff=merchant.cutoff,
        window_start=merchant.window_start,
        window_end=merchant.window_end,
        instant_cap_single=merchant.instant_cap_single,
        instant_cap_day=merchant.instant_cap_day,
        opened_on=merchant.opened_on,
    )


def due_of(txn: Txn, merchant: Merchant, calendar: WorkCalendar) -> Due:
    """The due time under the merchant's terms; wallets cut their day at midnight.

    What the acquirer has already written into the settlement item goes before the calculation.
    """
    due = due_for(
        terms_of(merchant),
        txn.local_at,
        calendar=calendar,
        amount=txn.amount,
        cutoff=None if txn.channel is Channel.CARD else WALLET_CUTOFF,
    )
    item = txn.item
    if item is None:
        return due
    return replace(
        due, settle_day=item.settle_date, due_day=local_date(item.due_at), due_at=item.due_at
    )
