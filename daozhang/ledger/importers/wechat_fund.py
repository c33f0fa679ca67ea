"""The 微信支付资金账单 (BASIC, OPERATION, FEES), line by line (DOMAIN.md §7.2).

It lists what moved on one account of one merchant, whom it does not name. Withdrawals are the
payouts; everything else stands in the trade bill and is only held against the summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.cells import as_id, as_moment
from daozhang.ledger.importers.lines import decoded, numbered
from daozhang.ledger.importers.naming import mid_of
from daozhang.ledger.importers.rows import About, BadLine, PassedLine, PayoutRow
from daozhang.ledger.importers.ticked import names, values
from daozhang.ledger.importers.totals import Side, Tally
from daozhang.ledger.words import PayoutState
from daozhang.money import parse_yuan

__all__ = ["read", "recognise"]

_NEEDED = {"记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "收支类型", "收支金额(元)"}
_SUMMARY_BEGINS = "资金流水总笔数"
_NEEDED_OF_SUMMARY = {"资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"}
_WITHDRAWAL = "提现"
_STATES = {"支出": PayoutState.SUCCESS, "收入": PayoutState.RETURNED}
"""A withdrawal leaves the account; one that the bank sends back comes in again."""


def recognise(head: bytes, name: str) -> bool:
    first, _, _ = decoded(head).partition("\n")
    return set(names(first)) >= _NEEDED


def read(lines: Iterable[str], about: About) -> Iterator[PayoutRow | PassedLine | BadLine]:
    """Read a bill. Raises ImportRejected as the trade bill does, and when nobody says whose
    bill it is."""
    todo = numbered(lines)
    columns = names(next(todo, (0, ""))[1])
    if not set(columns) >= _NEEDED:
        raise ImportRejected("第一行不是微信支付资金账单的表头；请下载“资金账单”的原始文件再导入")
    mid = mid_of(about)
    tally = Tally()
    for number, line in todo:
        if line.lstrip("`").startswith(_SUMMARY_BEGINS):
            tally.hold_against(_summary(line, next(todo, (0, ""))[1]))
            if (extra := next(todo, None)) is not None:
                raise ImportRejected(f"第 {extra[0]} 行在汇总之后，账单应到汇总为止；请重新下载")
            return
        yield _detail(number, line, columns, mid, tally)
    raise ImportRejected("账单末尾没有汇总，文件可能没有下载完整；请重新下载")


def _detail(
    number: int, line: str, columns: list[str], mid: str, tally: Tally
) -> PayoutRow | PassedLine | BadLine:
    try:
        named = values(line, columns)
        direction = named["收支类型"]
        if direction not in _STATES:
            raise InputError(f"不认识的收支类型“{direction}”")
        amount = parse_yuan(named["收支金额(元)"])
    except InputError as error:
        tally.unreadable += 1
        return BadLine(number, str(error), line)
    tally.add(direction, amount)
    if _WITHDRAWAL not in named["业务名称"] + named.get("业务类型", ""):
        return PassedLine(number)
    try:
        return _payout(number, line, named, mid, amount)
    except InputError as error:
        return BadLine(number, str(error), line)


def _payout(number: int, line: str, named: Mapping[str, str], mid: str, amount: int) -> PayoutRow:
    if amount <= 0:
        raise InputError("金额应大于零")
    booked = as_moment(named["记账时间"])
    state = _STATES[named["收支类型"]]
    returned = state is PayoutState.RETURNED
    return PayoutRow(
        line_no=number,
        text=line,
        mid=mid,
        no=as_id("微信支付业务单号", named["微信支付业务单号"]),
        state=state,
        plan=amount,
        real=0 if returned else amount,
        created_at=booked,
        result_at=booked,
        fail_text=(named.get("备注") or None) if returned else None,
    )


def _summary(header: str, line: str) -> Mapping[str, Side]:
    columns = names(header)
    try:
        if not set(columns) >= _NEEDED_OF_SUMMARY:
            raise InputError("汇总的列数不对")
        named = values(line, columns)
        sides = {
            kind: Side(int(named[f"{kind}笔数"]), parse_yuan(named[f"{kind}金额"]))
            for kind in _STATES
        }
        whole = int(named["资金流水总笔数"])
    except (InputError, ValueError):
        raise ImportRejected("账单的汇总读不出来，文件可能没有下载完整；请重新下载") from None
    if whole != sum(side.count for side in sides.values()):
        raise ImportRejected("汇总的总笔数不等于收入与支出之和，文件可能被改过；请重新下载账单")
    return sides
