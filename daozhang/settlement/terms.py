"""What a merchant and the acquirer agreed on: product, cut-off, payout window, instant caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from daozhang.settlement.products import Product

__all__ = ["WALLET_CUTOFF", "Terms"]

WALLET_CUTOFF = time(0)
"""Wallets cut their day at midnight (微信支付 [S57]), whatever the card cut-off is."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Settlement terms; wall-clock times are Shanghai's, caps are fen, None is no cap."""

    product: Product
    cutoff: time
    """A trade at or after it belongs to the next settlement day; 00:00 keeps the calendar day."""
    window_start: time
    window_end: time
    instant_cap_single: int | None = None
    instant_cap_day: int | None = None
    opened_on: date | None = None
    """The first day on the network; None when nobody knows, which refuses nothing."""
