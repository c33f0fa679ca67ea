"""What providers have published of their products, for merchants whose contract we do not know.

`data/facts/settlement_products.csv` (DOMAIN.md §2.2): a row is a provider's product, a row without
a provider the product in general. The contract decides; a row only fills what it does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from functools import cache

from daozhang.errors import ConfigError
from daozhang.settlement.products import Product
from daozhang.tables import read_facts

__all__ = ["Confidence", "Published", "published"]


class Confidence(StrEnum):
    """How well a fact is established, in the letters of DOMAIN.md."""

    H = "H"
    M = "M"
    L = "L"
    GK = "GK"

    @property
    def solid(self) -> bool:
        """Whether it may be told to a merchant as what to expect."""
        return self in {Confidence.H, Confidence.M}


@dataclass(frozen=True, slots=True)
class Published:
    """One row of the table. Clock times are Shanghai's; caps are fen, None is none known."""

    provider: str
    product: Product
    cutoff: time
    wallet_cutoff: time
    """Where wallets cut their day; 00:00 keeps the calendar day."""
    window_start: time
    window_end: time
    instant_from: time | None
    instant_until: time | None
    takes: timedelta
    fallback: Product
    """The cycle of what is refused same-day money."""
    cap_card: int | None
    cap_wallet: int | None
    confidence: Confidence
    source: str


def published(provider: str, product: Product) -> Published:
    """The provider's row for the product, or that of the product in general.

    Raises ConfigError when the table has neither.
    """
    rows = _rows()
    row = rows.get((provider, product)) or rows.get(("", product))
    if row is None:
        raise ConfigError(f"data/facts/settlement_products.csv 里没有产品 {product}")
    return row


@cache
def _rows() -> dict[tuple[str, Product], Published]:
    rows = read_facts("settlement_products.csv", _parse)
    return {(row.provider, row.product): row for row in rows}


def _parse(row: dict[str, str]) -> Published:
    return Published(
        provider=row["provider"],
        product=Product(row["product"]),
        cutoff=time.fromisoformat(row["cutoff"]),
        wallet_cutoff=time.fromisoformat(row["wallet_cutoff"]),
        window_start=time.fromisoformat(row["window_start"]),
        window_end=time.fromisoformat(row["window_end"]),
        instant_from=_clock(row["instant_from"]),
        instant_until=_clock(row["instant_until"]),
        takes=timedelta(minutes=int(row["takes_minutes"] or 0)),
        fallback=Product(row["fallback"] or Product.T1),
        cap_card=_fen(row["cap_card"]),
        cap_wallet=_fen(row["cap_wallet"]),
        confidence=Confidence(row["confidence"]),
        source=row["source"],
    )


def _clock(cell: str) -> time | None:
    return time.fromisoformat(cell) if cell else None


def _fen(cell: str) -> int | None:
    return int(cell) if cell else None
