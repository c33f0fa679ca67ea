"""Lines of comma-separated values under a header that names the columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice

from daozhang.errors import InputError
from daozhang.ledger.importers.cells import clean, column
from daozhang.ledger.importers.lines import Numbered

__all__ = ["cells_of", "columns_of", "find_header", "has_columns", "named_cells"]

_HEADER_WITHIN = 10
"""Exports write a title or two above the header."""


def cells_of(line: str) -> list[str]:
    """The cells of one line, cleaned."""
    if '"' in line:
        try:
            return [clean(cell) for cell in next(csv.reader([line], strict=True))]
        except csv.Error:
            raise InputError("引号没有成对，读不出各列") from None
    return [clean(cell) for cell in line.split(",")]


def columns_of(line: str) -> list[str]:
    """The columns that a header names; blank ones at its end are dropped."""
    try:
        columns = [column(cell) for cell in cells_of(line)]
    except InputError:
        return []
    while columns and not columns[-1]:
        columns.pop()
    return columns


def named_cells(line: str, columns: Sequence[str]) -> dict[str, str]:
    """The cells of a line by column. Raises InputError when there are too few or too many."""
    cells = cells_of(line)
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if len(cells) != len(columns):
        raise InputError(f"应有 {len(columns)} 列，实有 {len(cells)} 列")
    return dict(zip(columns, cells, strict=True))


def find_header(todo: Numbered, needed: set[str]) -> list[str] | None:
    """Read on to the header that has the columns `needed`; None without one near the top."""
    for _, line in islice(todo, _HEADER_WITHIN):
        columns = columns_of(line)
        if needed <= set(columns):
            return columns
    return None


def has_columns(text: str, needed: set[str]) -> bool:
    """Whether one of the first lines of `text` is a header with the columns `needed`."""
    return any(needed <= set(columns_of(line)) for line in text.splitlines()[:_HEADER_WITHIN])
