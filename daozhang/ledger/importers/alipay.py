"""The frame around the lines of Alipay's bills (DOMAIN.md §7.3).

Comments begin with '#': whose account it is, where the list begins and ends, and the totals after
it. Between them a header and detail lines, comma-separated, values trailed by tabs and blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.lines import Numbered, numbered
from daozhang.ledger.importers.naming import mid_of
from daozhang.ledger.importers.rows import About, BadLine
from daozhang.ledger.importers.tables import columns_of, named_cells
from daozhang.ledger.importers.totals import Side, Tally
from daozhang.money import parse_yuan

__all__ = ["Detail", "Maker", "walk"]

_ACCOUNT = re.compile(r"账号[:：]\s*\[(\d{16})(?:0156)?\]")
"""The partner number, which the bill writes with the currency's code 0156 behind it."""
_TOTAL = re.compile(r"#+\s*(\S+?)合计[:：]\s*(\d+)笔[，,](\D*?)(-?[\d.,]*\d)元")
_SUM_WORDS = ("共", "商家实收共", "商家实收退款共")

type Detail = Mapping[str, str]
type Maker[R] = Callable[[int, str, Detail, str, Tally], R]
"""Makes a row of line number, line, cells by column, merchant, and the tally to add to."""


def walk[R](
    lines: Iterable[str], about: About, needed: Set[str], kinds: Set[str], make: Maker[R]
) -> Iterator[R | BadLine]:
    """Read a bill whose header has the columns `needed` and whose totals are of `kinds`.

    `make` raises InputError for a line that cannot be used. Raises ImportRejected when it is no
    such bill, is cut off, or its totals do not match.
    """
    todo = numbered(lines)
    columns: list[str] = []
    mid, tally = about.mid, Tally()
    for number, line in todo:
        if not line.lstrip().startswith("#"):
            if not columns:
                columns = columns_of(line)
                if not needed <= set(columns):
                    break
                mid = mid or mid_of(about)
            else:
                yield _detail(number, line, columns, mid or "", tally, make)
        elif not columns:
            account = _ACCOUNT.search(line)
            mid = mid or (account[1] if account else None)
        elif "列表结束" in line:
            tally.hold_against(_stated(todo, kinds))
            return
    if not needed <= set(columns):
        raise ImportRejected("里面没有支付宝账单的表头；请下载账单的原始文件再导入")
    raise ImportRejected("账单末尾没有“列表结束”，文件可能没有下载完整；请重新下载")


def _detail[R](
    number: int, line: str, columns: list[str], mid: str, tally: Tally, make: Maker[R]
) -> R | BadLine:
    try:
        named = named_cells(line, columns)
    except InputError as error:
        tally.unreadable += 1
        return BadLine(number, str(error), line)
    try:
        return make(number, line, named, mid, tally)
    except InputError as error:
        return BadLine(number, str(error), line)


def _stated(todo: Numbered, kinds: Set[str]) -> Mapping[str, Side]:
    """The totals; a sum that is of something else than what the lines hold is left out."""
    stated: dict[str, Side] = {}
    for number, line in todo:
        if not line.lstrip().startswith("#"):
            raise ImportRejected(f"第 {number} 行在列表结束之后；请重新下载账单")
        if (total := _TOTAL.search(line)) and total[1] in kinds:
            fen = abs(parse_yuan(total[4])) if total[3] in _SUM_WORDS else None
            stated[total[1]] = Side(int(total[2]), fen)
    if set(stated) != kinds:
        raise ImportRejected("账单末尾没有合计，文件可能没有下载完整；请重新下载")
    return stated
