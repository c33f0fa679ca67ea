"""The frame around the rows of a merchant portal's export, CSV or Excel (DOMAIN.md §7.8).

A title or two, a header, rows, and sometimes a line that begins with 合计. Spreadsheets have
often been at work on it, so dates, numbers and text are read in every shape they may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.lines import Numbered, numbered
from daozhang.ledger.importers.rows import BadLine
from daozhang.ledger.importers.tables import cells_of, find_header, named_cells
from daozhang.money import parse_yuan

__all__ = ["Maker", "walk", "yuan", "zero_filled"]

_SUMMARY = ("合计", "总计", "汇总")

type Maker[R] = Callable[[int, str, Mapping[str, str]], R]
"""Makes a row of line number, line and cells by column."""


def walk[R](
    lines: Iterable[str], needed: set[str], summed: str, make: Maker[R]
) -> Iterator[R | BadLine]:
    """Read an export whose header has the columns `needed`; `summed` is the one held against 合计.

    `make` raises InputError for a row that cannot be used; one whose figure cannot be read leaves
    the total unchecked. Raises ImportRejected when there is no
    such header, or the total does not match.
    """
    todo = numbered(lines)
    columns = find_header(todo, needed)
    if columns is None:
        raise ImportRejected(f"前几行里没有表头；应有这些列：{'、'.join(sorted(needed))}")
    total, readable = 0, True
    for number, line in todo:
        if line.lstrip("\"\t ='").startswith(_SUMMARY):
            if readable:
                _check(line, columns, summed, total)
            _expect_end(todo)
            return
        try:
            named = named_cells(line, columns)
            total += yuan(named[summed])
        except InputError as error:
            readable = False
            yield BadLine(number, str(error), line)
            continue
        try:
            yield make(number, line, named)
        except InputError as error:
            yield BadLine(number, str(error), line)


def yuan(text: str) -> int:
    """Yuan to fen, with or without ¥ and 元; empty or '-' is nothing."""
    bare = text.strip("¥￥元 ")
    return parse_yuan(bare) if bare not in ("", "-", "--") else 0


def zero_filled(text: str, width: int) -> str:
    """A number of fixed width whose leading zeros a spreadsheet has dropped."""
    return text.zfill(width) if text.isdigit() else text


def _check(line: str, columns: list[str], summed: str, total: int) -> None:
    cells = cells_of(line)
    place = columns.index(summed)
    text = cells[place] if place < len(cells) else ""
    if text and yuan(text) != total:
        raise ImportRejected(f"“{summed}”的合计与各行之和对不上，文件可能被改过；请重新导出")


def _expect_end(todo: Numbered) -> None:
    for number, line in todo:
        if any(cell for cell in line.split(",")[1:]):
            raise ImportRejected(f"第 {number} 行在合计之后；一个文件只能有一份导出")
