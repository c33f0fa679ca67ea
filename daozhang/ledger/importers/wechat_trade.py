"""The 微信支付交易账单 (ALL, SUCCESS and REFUND), line by line (DOMAIN.md §7.1).

A bill is a header, detail lines, a summary header and a summary line; every value below a header
begins with a back-tick, amounts are yuan. Columns are found by name, so that the three kinds, and
the early form that some old merchants still get, are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.cells import as_moment
from daozhang.ledger.importers.lines import decoded, numbered
from daozhang.ledger.importers.rows import About, BadLine, TradeRow
from daozhang.ledger.importers.ticked import names, values
from daozhang.ledger.words import Channel, TxnKind, TxnState
from daozhang.money import parse_yuan

__all__ = ["read", "read_bill", "recognise"]

_EARLY_NAMES = {
    "子商户号": "特约商户号",
    "总金额": "应结订单金额",
    "总交易额": "应结订单总金额",
    "总退款金额": "退款总金额",
}
"""Names of the early form, with what they are called today."""

_NEEDED = {
    "交易时间",
    "商户号",
    "特约商户号",
    "微信订单号",
    "商户订单号",
    "交易状态",
    "货币种类",
    "应结订单金额",
    "手续费",
}
_NEEDED_OF_REFUNDS = {"微信退款单号", "商户退款单号", "退款金额", "退款状态"}
_NEEDED_OF_SUMMARY = {"总交易单数", "应结订单总金额", "手续费总金额"}
_SUMMARY_BEGINS = "总交易单数"

_KINDS = {"SUCCESS": TxnKind.SALE, "REFUND": TxnKind.REFUND, "REVOKED": TxnKind.VOID}
_REFUND_STATES = {
    "SUCCESS": TxnState.APPROVED,
    "PROCESSING": TxnState.APPROVED,  # already taken from the merchant, on its way to the payer
    "FAIL": TxnState.DECLINED,
}
_NUMBER = re.compile(r"[!-~]{1,64}")
_WALLET_NUMBER = re.compile(r"[0-9A-Za-z]{1,32}")
"""Letters and digits only: what a spreadsheet made '4.2E+27' of is no number any more."""


@dataclass(slots=True)
class _Totals:
    """What was read so far; money in fen. Lines whose figures cannot be read are only counted."""

    lines: int = 0
    unreadable: int = 0
    orders: int = 0
    refunds: int = 0
    fees: int = 0


def recognise(head: bytes, name: str) -> bool:
    """Whether a file that begins with `head` is a trade bill of WeChat's."""
    first, _, _ = decoded(head).partition("\n")
    return set(_names(first)) >= _NEEDED


def read(lines: Iterable[str], about: About) -> Iterator[TradeRow | BadLine]:
    """Read a bill as every format is read; it says all by itself."""
    return read_bill(lines)


def read_bill(lines: Iterable[str]) -> Iterator[TradeRow | BadLine]:
    """Read a bill, given its lines; detail lines come out in their order.

    Raises ImportRejected, at the latest after the last line, when it is no such bill, is cut
    off, or its totals do not match its summary; what came out before is then not to be kept.
    """
    todo = numbered(lines)
    columns = _header(next(todo, (0, ""))[1])
    totals = _Totals()
    for number, line in todo:
        if line.lstrip("`").startswith(_SUMMARY_BEGINS):
            _check(totals, _summary(line, next(todo, (0, ""))[1]))
            if (extra := next(todo, None)) is not None:
                raise ImportRejected(f"第 {extra[0]} 行在汇总之后，账单应到汇总为止；请重新下载")
            return
        yield _detail(number, line, columns, totals)
    raise ImportRejected("账单末尾没有汇总，文件可能没有下载完整；请重新下载")


def _header(line: str) -> list[str]:
    columns = _names(line)
    needed = _NEEDED | (_NEEDED_OF_REFUNDS if "退款金额" in columns else set())
    if not needed <= set(columns):
        raise ImportRejected("第一行不是微信支付交易账单的表头；请下载“交易账单”的原始文件再导入")
    return columns


def _names(line: str) -> list[str]:
    return [_EARLY_NAMES.get(name, name) for name in names(line)]


def _detail(number: int, line: str, columns: list[str], totals: _Totals) -> TradeRow | BadLine:
    totals.lines += 1
    try:
        named = values(line, columns)
        settled = parse_yuan(named["应结订单金额"])
        refunded = parse_yuan(named.get("退款金额", "0"))
        fee = parse_yuan(named["手续费"])
    except InputError as error:
        totals.unreadable += 1
        return BadLine(number, str(error), line)
    totals.orders += settled
    totals.refunds += refunded
    totals.fees += fee
    try:
        return _row(number, line, named, settled, refunded, fee)
    except InputError as error:
        return BadLine(number, str(error), line)


def _row(
    number: int, line: str, named: Mapping[str, str], settled: int, refunded: int, fee: int
) -> TradeRow:
    kind = _KINDS.get(named["交易状态"])
    if kind is None:
        raise InputError(f"不认识的交易状态“{named['交易状态']}”")
    if named["货币种类"] != "CNY":
        raise InputError(f"货币是“{named['货币种类']}”，只收人民币")
    if kind is TxnKind.SALE:
        state, refund_no = TxnState.APPROVED, None
        at, own_no = named["交易时间"], named["商户订单号"]
        amount, counted = parse_yuan(named.get("订单金额", named["应结订单金额"])), settled
    else:
        if not named.keys() >= _NEEDED_OF_REFUNDS:
            raise InputError("支付账单里不应有退款")
        state = _refund_state(kind, named["退款状态"])
        refund_no = _refund_number(kind, named["微信退款单号"])
        at = named.get("退款申请时间", named["交易时间"])
        own_no = named["商户退款单号"] if refund_no else named["商户订单号"]
        amount, counted = parse_yuan(named.get("申请退款金额", named["退款金额"])), refunded
    if amount <= 0:
        raise InputError("金额应大于零")
    sub_mid = named["特约商户号"]
    moment = as_moment(at)
    return TradeRow(
        line_no=number,
        text=line,
        at=moment,
        clear_date=moment.date(),
        channel=Channel.WECHAT,
        mid=_matching(_WALLET_NUMBER, "商户号", named["商户号"] if sub_mid == "0" else sub_mid),
        kind=kind,
        state=state,
        wallet_no=_matching(_WALLET_NUMBER, "微信订单号", named["微信订单号"]),
        order_no=_matching(_NUMBER, "商户单号", own_no),
        refund_no=refund_no,
        amount=amount,
        settled=counted,
        fee=fee,
    )


def _refund_state(kind: TxnKind, text: str) -> TxnState:
    if kind is TxnKind.VOID and text == "":
        return TxnState.APPROVED
    if text not in _REFUND_STATES:
        raise InputError(f"不认识的退款状态“{text}”")
    return _REFUND_STATES[text]


def _refund_number(kind: TxnKind, text: str) -> str | None:
    """A revocation may stand without a refund number: '0' or empty."""
    if kind is TxnKind.VOID and text in ("", "0"):
        return None
    return _matching(_WALLET_NUMBER, "微信退款单号", text)


def _matching(pattern: re.Pattern[str], what: str, text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise InputError(f"{what}“{text}”不对，可能被表格软件改过")
    return text


def _summary(header: str, line: str) -> Mapping[str, int]:
    """Summary names with their numbers: the count as it is, everything else in fen."""
    columns = _names(header)
    try:
        if not set(columns) >= _NEEDED_OF_SUMMARY:
            raise InputError("汇总的列数不对")
        named = values(line, columns)
        count = int(named.pop("总交易单数"))
        return {"总交易单数": count} | {name: parse_yuan(text) for name, text in named.items()}
    except (InputError, ValueError):
        raise ImportRejected("账单的汇总读不出来，文件可能没有下载完整；请重新下载") from None


def _check(totals: _Totals, stated: Mapping[str, int]) -> None:
    """Hold what was read against the summary; raises ImportRejected naming the total.

    Every line whose figures could be read counts, also one that is quarantined for another
    reason. Lines whose figures could not be read may make up for what is missing: for no more
    bills than there are such lines, and with no negative takings or refunds.
    """
    missing = stated["总交易单数"] - (totals.lines - totals.unreadable)
    if not 0 <= missing <= totals.unreadable:
        raise ImportRejected(
            f"汇总写 {stated['总交易单数']} 笔，明细有 {totals.lines} 笔，对不上；请重新下载账单"
        )
    read = {"应结订单总金额": totals.orders, "退款总金额": totals.refunds}
    gaps = {name: stated[name] - fen for name, fen in read.items() if name in stated}
    fee_gap = stated["手续费总金额"] - totals.fees
    wrong = [name for name, gap in gaps.items() if (gap < 0 if missing else gap != 0)]
    if fee_gap != 0 and not missing:
        wrong.append("手续费总金额")
    if wrong:
        raise ImportRejected(f"{wrong[0]}与明细之和对不上，文件可能被改过；请重新下载账单")
