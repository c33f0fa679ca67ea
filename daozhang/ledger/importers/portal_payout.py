"""A merchant portal's export of settlements, row by row (DOMAIN.md §7.8). Amounts are yuan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time

from daozhang.clock import at
from daozhang.errors import InputError
from daozhang.ledger.importers.banks import short_name
from daozhang.ledger.importers.cells import as_day, as_id, last4, loose_moment
from daozhang.ledger.importers.lines import decoded
from daozhang.ledger.importers.portal import walk, yuan
from daozhang.ledger.importers.rows import About, BadLine, PayoutRow
from daozhang.ledger.importers.tables import has_columns
from daozhang.ledger.words import PayoutState

__all__ = ["read", "recognise"]

_NEEDED = {"结算日期", "结算单号", "商户号", "笔数", "应结", "实结", "出款状态", "失败原因"}
_STATES = {
    "待出款": PayoutState.CREATED,
    "未出款": PayoutState.CREATED,
    "出款中": PayoutState.PAYING,
    "处理中": PayoutState.PAYING,
    "成功": PayoutState.SUCCESS,
    "出款成功": PayoutState.SUCCESS,
    "已出款": PayoutState.SUCCESS,
    "已到账": PayoutState.CREDITED,
    "失败": PayoutState.FAILED,
    "出款失败": PayoutState.FAILED,
    "退票": PayoutState.RETURNED,
    "已退票": PayoutState.RETURNED,
    "冻结": PayoutState.FROZEN,
    "已冻结": PayoutState.FROZEN,
}
_ARRIVED = (PayoutState.SUCCESS, PayoutState.CREDITED)


def recognise(head: bytes, name: str) -> bool:
    return has_columns(decoded(head), _NEEDED)


def read(lines: Iterable[str], about: About) -> Iterator[PayoutRow | BadLine]:
    """Read an export; every row names its merchant. See `portal.walk`."""
    return walk(lines, _NEEDED, "应结", _row)


def _row(number: int, line: str, named: Mapping[str, str]) -> PayoutRow:
    state = _STATES.get(named["出款状态"])
    if state is None:
        raise InputError(f"不认识的出款状态“{named['出款状态']}”")
    plan, real = yuan(named["应结"]), yuan(named["实结"])
    if min(plan, real) < 0 or real > plan:
        raise InputError("应结与实结对不上")
    settle_day = as_day(named["结算日期"])
    arrived = _maybe_moment(named.get("到账时间", ""))
    if arrived is not None and state is PayoutState.SUCCESS:
        state = PayoutState.CREDITED
    return PayoutRow(
        line_no=number,
        text=line,
        mid=as_id("商户号", named["商户号"]),
        no=as_id("结算单号", named["结算单号"], 40),
        state=state,
        plan=plan,
        suspended=plan - real if state in _ARRIVED else 0,
        real=real if state in _ARRIVED else 0,
        created_at=_maybe_moment(named.get("发起时间", "")) or at(settle_day, time(0)),
        result_at=arrived,
        credited_at=arrived if state is PayoutState.CREDITED else None,
        account_bank=short_name(named.get("开户行", "")),
        account_last4=last4(named.get("收款账户(尾号)", named.get("收款账户", ""))),
        fail_text=named["失败原因"].strip("-") or None,
        settle_day=settle_day,
        items=_count(named["笔数"]),
    )


def _maybe_moment(text: str) -> datetime | None:
    return loose_moment(text) if text not in ("", "-") else None


def _count(text: str) -> int | None:
    if text == "":
        return None
    if not text.isdigit():
        raise InputError(f"笔数“{text}”不是整数")
    return int(text)
