"""乐刷打款: payout orders with planned, suspended and paid amounts in fen (DOMAIN.md §7.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.banks import short_name
from daozhang.ledger.importers.cells import as_day, as_fen, as_id, as_moment, last4
from daozhang.ledger.importers.lines import decoded, numbered
from daozhang.ledger.importers.rows import About, BadLine, PayoutRow
from daozhang.ledger.importers.tables import columns_of, has_columns, named_cells
from daozhang.ledger.words import PayoutState

__all__ = ["read", "recognise"]

_NEEDED = {
    "billId",
    "createTime",
    "bankretTime",
    "merchantId",
    "planAmount",
    "suspendAmount",
    "realAmount",
    "state",
    "failReason",
    "remark",
}
_STATES = {
    "-1": PayoutState.FAILED,
    "0": PayoutState.PAYING,
    "1": PayoutState.SUCCESS,
    "2": PayoutState.RETURNED,
    "3": PayoutState.FROZEN,
}
_BILL_NO = re.compile(r"(?<!\d)20\d{14,30}(?!\d)")


def recognise(head: bytes, name: str) -> bool:
    return has_columns(decoded(head), _NEEDED)


def read(lines: Iterable[str], about: About) -> Iterator[PayoutRow | BadLine]:
    """Read a file. Raises ImportRejected when its first line does not name the columns."""
    todo = numbered(lines)
    columns = columns_of(next(todo, (0, ""))[1])
    if not set(columns) >= _NEEDED:
        raise ImportRejected("第一行不是乐刷打款单的列名（billId、createTime 等）；请使用原始文件")
    for number, line in todo:
        try:
            yield _row(number, line, named_cells(line, columns))
        except InputError as error:
            yield BadLine(number, str(error), line)


def _row(number: int, line: str, named: Mapping[str, str]) -> PayoutRow:
    no = as_id("billId", named["billId"], 40)
    state = _STATES.get(named["state"])
    if state is None:
        raise InputError(f"不认识的打款状态“{named['state']}”")
    plan, suspended, real = (
        as_fen(named[name]) for name in ("planAmount", "suspendAmount", "realAmount")
    )
    if min(plan, suspended, real) < 0 or real + suspended > plan:
        raise InputError("应付、止付、实付金额对不上")
    day = named.get("settDate", "")
    return PayoutRow(
        line_no=number,
        text=line,
        mid=as_id("merchantId", named["merchantId"]),
        no=no,
        state=state,
        plan=plan,
        suspended=suspended,
        real=real if state is PayoutState.SUCCESS else 0,
        created_at=as_moment(named["createTime"]),
        result_at=_maybe_moment(named["bankretTime"]),
        account_bank=short_name(named.get("bankBranch", "")),
        account_last4=last4(named.get("bankAccount", "")),
        fail_text=named["failReason"] or None,
        previous_no=_previous(no, named["remark"]),
        settle_day=as_day(day) if day else None,
    )


def _maybe_moment(text: str) -> datetime | None:
    return as_moment(text) if text else None


def _previous(no: str, remark: str) -> str | None:
    """The older order that a re-created payout names in its remark; numbers begin with the day."""
    return next((other for other in _BILL_NO.findall(remark) if other < no), None)
