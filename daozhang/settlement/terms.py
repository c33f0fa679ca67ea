"""What a merchant and the acquirer agreed on: product, cut-off, payout window, instant caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from daozhang.settlement.products import Product

__all__ = ["Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Settlement terms for one way of paying: cards and wallets cut their day at different times.

    Wall-clock times are Shanghai's, caps are fen, None is no cap.
    """

    product: Product
    cutoff: time
    """A trade at or after it belongs to the next settlement day; 00:00 keeps the calendar day."""
    window_start: time
    window_end: time
    instant_from: time | None = None
    """The hours of instant payouts (秒到); without them, and from 00:00 to 00:00, all day."""
    instant_until: time | None = None
    takes: timedelta = timedelta(0)
    """The longest that an instant payout, or one of several runs, takes until it is there."""
    runs: tuple[time, ...] = ()
    """When the day's several payout runs are made (批次结算); empty when there is only one.

    They matter for money of the same day. Money of the day before goes with the first run, and
    the later ones catch what that one missed, so that it is still due by the end of the window.
    """
    fallback: Product = Product.T1
    """The cycle of what is refused same-day money."""
    instant_cap_single: int | None = None
    instant_cap_day: int | None = None
    opened_on: date | None = None
    """The first day on the network; None when nobody knows, which refuses nothing."""
    trading_since: date | None = None
    """The first day of uninterrupted normal trading; None when nobody knows, likewise."""
    certain: bool = True
    """False when a part of them is not the contract's but a guess: then no time is a promise."""
