"""WeChat's way of writing a table: a back-tick before every value (DOMAIN.md §7.1, §7.2)."""

from __future__ import annotations

from collections.abc import Sequence

from daozhang.errors import InputError
from daozhang.ledger.importers.cells import column

__all__ = ["names", "values"]


def names(line: str) -> list[str]:
    """The columns that a header names."""
    return [column(name) for name in line.split(",")]


def values(line: str, columns: Sequence[str]) -> dict[str, str]:
    """The values of a line by column.

    Values may hold commas, but each begins with a back-tick, so a comma before one splits.
    Raises InputError for a line that is no detail.
    """
    if not line.startswith("`"):
        raise InputError("行首没有反引号，不是明细")
    found = [value.strip() for value in line.removeprefix("`").split(",`")]
    if len(found) != len(columns):
        raise InputError(f"应有 {len(columns)} 列，实有 {len(found)} 列")
    return dict(zip(columns, found, strict=True))
