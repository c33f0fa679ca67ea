"""The town's plan from `data/simulation/`: its trades, its featured shops, its faults."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from daozhang.errors import ConfigError
from daozhang.ledger.words import AccountClass, Product
from daozhang.settings import ROOT

__all__ = ["FeaturedShop", "Plant", "Trade", "load_chance", "load_featured", "load_trades"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Trade(_Frozen):
    """How a kind of shop does business; the file's head says what each field means."""

    title: str
    mcc: str
    hours: tuple[tuple[float, float], ...]
    per_day: int
    weekend: float
    median: int
    spread: float
    step: int
    card: float
    credit: float
    rate: int
    terminals: int
    names: tuple[str, ...]


class Plant(_Frozen):
    """A fault to plant: what, on which amount in fen, at which wall-clock time, and how."""

    fault: str
    amount: int = 0
    """0 lets the trade decide, as an empty `clock` lets the opening hours."""
    clock: str = ""
    how: str = ""
    code: str = ""
    cause: str | None = None
    text: str = ""
    part: int = 0


class FeaturedShop(_Frozen):
    """A shop with a fixed number and name, whose talk the demo page offers."""

    mid: str
    name: str
    trade: str
    bank: str
    credit_clock: str
    product: Product = Product.T1
    account_class: AccountClass = AccountClass.I
    opened_days_ago: int = 900
    plants: tuple[Plant, ...]


@cache
def load_trades() -> dict[str, Trade]:
    """All trades by key. Raises ConfigError when the file does not fit."""
    return _read("trades.yml", TypeAdapter(dict[str, Trade]))


@cache
def load_featured() -> tuple[FeaturedShop, ...]:
    """The shops that are always there, in the order of the page. Raises ConfigError."""
    return _read("merchants.yml", TypeAdapter(tuple[FeaturedShop, ...]))


@cache
def load_chance() -> tuple[Plant, ...]:
    """What is planted on shops that chance picks. Raises ConfigError."""
    return _read("chance.yml", TypeAdapter(tuple[Plant, ...]))


def _read[T](name: str, kind: TypeAdapter[T]) -> T:
    path = ROOT / "data" / "simulation" / name
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return kind.validate_python(content)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"data/simulation/{name} 读不出来：{error}") from None
