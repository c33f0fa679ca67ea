"""From a merchant's row to its settlement terms, and from a payment to its due time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from daozhang.clock import at, local_date
from daozhang.ledger.models import Merchant, Payout, Txn
from daozhang.ledger.words import Channel, Product
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, Reason, due_for, put_off, taken_instantly
from daozhang.settlement.payout_channels import may_wait, payout_channel
from daozhang.settlement.published import Published, published
from daozhang.settlement.terms import Terms

__all__ = ["SoldBetween", "due_of", "filled_from", "taken_before", "terms_of"]

type SoldBetween = Callable[[datetime, datetime], Iterable[tuple[datetime, int]]]
"""When each payment between two moments was, and its fen; the earliest first."""

_ONE_DAY = timedelta(days=1)
_SAME_DAY = (Product.T0, Product.D0, Product.S0)


def terms_of(merchant: Merchant, channel: Channel = Channel.CARD) -> Terms:
    """The settlement terms for one way of paying: the contract's, then the provider's published.

    They are certain when the contract says all that counts, or what fills it is well established.
    """
    row, filled = _published(merchant), filled_from(merchant)
    card, minutes, cap = channel is Channel.CARD, merchant.instant_minutes, None
    if filled is not None:
        cap = filled.cap_card if card else filled.cap_wallet
    return Terms(
        product=merchant.product,
        cutoff=(merchant.cutoff or row.cutoff) if card else row.wallet_cutoff,
        window_start=merchant.window_start or row.window_start,
        window_end=merchant.window_end or row.window_end,
        instant_from=merchant.instant_from or row.instant_from,
        instant_until=merchant.instant_until or row.instant_until,
        takes=row.takes if minutes is None else timedelta(minutes=minutes),
        runs=tuple(sorted(merchant.payout_runs or ())),
        fallback=merchant.fallback or row.fallback,
        instant_cap_single=merchant.instant_cap_single or cap,
        instant_cap_day=merchant.instant_cap_day,
        opened_on=merchant.opened_on,
        trading_since=merchant.trading_since,
        certain=filled is None or filled.confidence.solid,
    )


def filled_from(merchant: Merchant) -> Published | None:
    """The published row that fills the merchant's terms; None when the contract says it all."""
    known: list[object] = [merchant.cutoff, merchant.window_start, merchant.window_end]
    if merchant.product in _SAME_DAY:
        known.append(merchant.fallback)
    if merchant.product is Product.S0:
        known += [merchant.instant_from, merchant.instant_until, merchant.instant_minutes]
    return _published(merchant) if None in known else None


def _published(merchant: Merchant) -> Published:
    return published(merchant.provider or "", merchant.product)


def due_of(txn: Txn, terms: Terms, calendar: WorkCalendar, *, taken_today: int = 0) -> Due:
    """The due time under the terms for its way of paying.

    What the acquirer has already written into the settlement item goes before the calculation,
    and the hours of the system that carries the payout come on top. `taken_today` (fen) is what
    `taken_before` says.
    """
    due = due_for(
        terms, txn.local_at, calendar=calendar, amount=txn.amount, taken_today=taken_today
    )
    item = txn.item
    if item is not None:
        day = local_date(item.due_at)
        due = replace(due, settle_day=item.settle_date, due_day=day, due_at=item.due_at)
        if item.payout is not None:
            return _carried(due, item.payout, terms, calendar)
    if may_wait(due, txn.amount, calendar):
        return replace(due, reasons=(*due.reasons, Reason.LARGE_VALUE))
    return due


def taken_before(terms: Terms, moment: datetime, sold: SoldBetween) -> int:
    """What the day's sales before `moment` have used of its instant cap, in fen."""
    if terms.product is not Product.S0 or terms.instant_cap_day is None:
        return 0
    day = local_date(moment)
    # The whole day, so that a store is asked once for all of its payments.
    of_day = sold(at(day, terms.instant_from or time(0)), at(day + _ONE_DAY, time(0)))
    return taken_instantly((amount for when, amount in of_day if when < moment), terms)


def _carried(due: Due, payout: Payout, terms: Terms, calendar: WorkCalendar) -> Due:
    """A payout handed over while its system is closed goes when that opens (DOMAIN.md §2.5)."""
    channel = payout_channel(payout.bank_channel)
    made = payout.submitted_at or payout.created_at
    opens = channel.open_from(made, calendar) if channel else made
    if opens <= made:
        return due
    return put_off(due, Reason.CHANNEL_CLOSED, opens, terms, calendar=calendar)
