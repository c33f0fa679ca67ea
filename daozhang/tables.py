"""Tables of facts: the CSV files of `data/facts/`, each with a source column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence

from daozhang.errors import ConfigError
from daozhang.settings import ROOT

__all__ = ["read_facts"]


def read_facts[T](name: str, parse: Callable[[dict[str, str]], T]) -> Sequence[T]:
    """Every row of a table, parsed. Raises ConfigError naming the file and the line."""
    path = ROOT / "data" / "facts" / name
    rows: list[T] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    rows.append(parse(row))
                except (KeyError, TypeError, ValueError) as error:
                    raise ConfigError(f"data/facts/{name} 第 {number} 行不对：{error}") from None
    except OSError as error:
        raise ConfigError(f"data/facts/{name} 读不出来：{error.strerror}") from None
    return rows
