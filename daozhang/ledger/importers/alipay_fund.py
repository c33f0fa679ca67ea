"""The 支付宝账务明细, line by line (DOMAIN.md §7.3): what moved on the account.

Withdrawals (提现) are the payouts; everything else stands in the trade bill and is only held
against the totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from daozhang.errors import InputError
from daozhang.ledger.importers.alipay import Detail, walk
from daozhang.ledger.importers.cells import as_id, as_moment
from daozhang.ledger.importers.lines import decoded
from daozhang.ledger.importers.rows import About, BadLine, PassedLine, PayoutRow
from daozhang.ledger.importers.tables import has_columns
from daozhang.ledger.importers.totals import Tally
from daozhang.ledger.words import PayoutState
from daozhang.money import parse_yuan

__all__ = ["read", "recognise"]

_NEEDED = {
    "账务流水号",
    "业务流水号",
    "发生时间",
    "收入金额(+元)",
    "支出金额(-元)",
    "业务类型",
    "备注",
}
_IN, _OUT = "收入", "支出"
_WITHDRAWAL = "提现"


def recognise(head: bytes, name: str) -> bool:
    return has_columns(decoded(head), _NEEDED)


def read(lines: Iterable[str], about: About) -> Iterator[PayoutRow | PassedLine | BadLine]:
    """Read a bill; the merchant is the account that it names. See `alipay.walk`."""
    return walk(lines, about, _NEEDED, {_IN, _OUT}, _row)


def _row(number: int, line: str, named: Detail, mid: str, tally: Tally) -> PayoutRow | PassedLine:
    try:
        income = abs(parse_yuan(named["收入金额(+元)"] or "0"))
        outgo = abs(parse_yuan(named["支出金额(-元)"] or "0"))
        if (income == 0) == (outgo == 0):
            raise InputError("收入与支出应恰有一项")
    except InputError:
        tally.unreadable += 1
        raise
    tally.add(_IN if income else _OUT, income or outgo)
    if _WITHDRAWAL not in named["业务类型"] + named.get("业务描述", ""):
        return PassedLine(number)
    booked = as_moment(named["发生时间"])
    return PayoutRow(
        line_no=number,
        text=line,
        mid=mid,
        no=as_id("业务流水号", named["业务流水号"], 40),
        state=PayoutState.RETURNED if income else PayoutState.SUCCESS,
        plan=income or outgo,
        real=outgo,
        created_at=booked,
        result_at=booked,
        fail_text=(named["备注"] or None) if income else None,
    )
