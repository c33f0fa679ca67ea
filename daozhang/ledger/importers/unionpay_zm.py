"""The 银联商户对账文件 ZM, line by line: fixed width, in bytes of GBK (DOMAIN.md §7.4).

The file is called INN<YYMMDD>88ZM_<merchant>: its settlement day gives the year that the lines
leave out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.cells import as_id, last4, maybe_id, with_year
from daozhang.ledger.importers.lines import decoded, numbered
from daozhang.ledger.importers.naming import day_of
from daozhang.ledger.importers.rows import About, BadLine, TradeRow
from daozhang.ledger.words import CardType, Channel, TxnKind, TxnState

__all__ = ["read", "recognise"]

_WIDTHS = {
    "交易代码": 3,
    "代理机构标识码": 11,
    "发送机构标识码": 11,
    "系统跟踪号": 6,
    "交易传输时间": 10,
    "账号": 19,
    "交易金额": 12,
    "商户类别": 4,
    "终端类型": 2,
    "查询流水号": 21,
    "支付方式(旧)": 2,
    "商户订单号": 32,
    "支付卡类型": 2,
    "原系统跟踪号": 6,
    "原交易日期时间": 10,
    "商户手续费": 13,
    "结算金额": 13,
    "支付方式": 4,
    "集团商户代码": 15,
    "交易类型": 2,
    "交易子类": 2,
    "业务类型": 6,
    "账号类型": 2,
    "账单类型": 4,
    "账单号码": 32,
    "交互方式": 1,
    "原查询流水号": 21,
    "商户代码": 15,
    "分账入账方式": 1,
    "二级商户代码": 15,
    "二级商户简称": 32,
    "二级商户分账入账金额": 13,
    "清算净额": 13,
    "终端号": 8,
}
"""Up to the last field that is read; one blank stands between two fields."""

_KINDS = {
    "01": TxnKind.SALE,
    "03": TxnKind.PREAUTH_COMPLETION,
    "04": TxnKind.REFUND,
    "31": TxnKind.VOID,
    "33": TxnKind.VOID,
}
_OPEN_PREAUTH = {"02", "32"}
_CARD_TYPES = {"01": CardType.DEBIT, "02": CardType.CREDIT, "03": CardType.CREDIT}
_BEGINNING = re.compile(rb"\w{3} [0-9 ]{11} [0-9 ]{11} \d{6} \d{10} .{19} \d{12} \d{4} ", re.DOTALL)
_NAME = re.compile(r"(\d{6})\d\dZM_")
_SIGNED = re.compile(r"([CD])(\d{12})")
_TORN = "�".encode("gb18030")


def _offsets() -> dict[str, slice]:
    begin, offsets = 0, {}
    for name, width in _WIDTHS.items():
        offsets[name] = slice(begin, begin + width)
        begin += width + 1
    return offsets


_FIELDS = _offsets()
_MUST_REACH = _FIELDS["商户代码"].stop


def recognise(head: bytes, name: str) -> bool:
    return _BEGINNING.match(_as_bytes(decoded(head).partition("\n")[0])) is not None


def read(lines: Iterable[str], about: About) -> Iterator[TradeRow | BadLine]:
    """Read a file; it has neither header nor totals, so each line is checked by itself.

    Raises ImportRejected when the first line is none of such a file.
    """
    settle_day = _settle_day(about.name)
    for position, (number, line) in enumerate(numbered(lines)):
        raw = _as_bytes(line)
        if position == 0 and _BEGINNING.match(raw) is None:
            raise ImportRejected("第一行不是银联 ZM 对账文件的格式；请使用原始文件")
        try:
            yield _row(number, line, raw, settle_day, about.today)
        except InputError as error:
            yield BadLine(number, str(error), line)


def _as_bytes(line: str) -> bytes:
    """The bytes that the widths count; half a character counts as the one byte it was."""
    return line.encode("gb18030", errors="replace").replace(_TORN, b"?")


def _settle_day(name: str) -> date | None:
    if match := _NAME.search(name):
        return day_of(f"20{match[1]}")
    return day_of(name)


def _row(number: int, line: str, raw: bytes, settle_day: date | None, today: date) -> TradeRow:
    if len(raw) < _MUST_REACH:
        raise InputError(f"这一行只有 {len(raw)} 字节，不完整")
    field = {
        name: raw[place].decode("gb18030", errors="replace").strip()
        for name, place in _FIELDS.items()
    }
    code = field["交易类型"]
    if code in _OPEN_PREAUTH:
        raise InputError("预授权及其撤销不参与清算，没有记账")
    kind = _KINDS.get(code)
    if kind is None:
        raise InputError(f"不认识的交易类型“{code}”")
    gives_back = kind in (TxnKind.REFUND, TxnKind.VOID)
    amount = _digits("交易金额", field["交易金额"])
    fee, settled = (
        -_signed("商户手续费", field["商户手续费"]),
        _signed("结算金额", field["结算金额"]),
    )
    if amount <= 0:
        raise InputError("金额应大于零")
    if settled != (-amount if gives_back else amount) - fee:
        raise InputError("结算金额不等于交易金额减手续费")
    own = as_id("查询流水号", field["查询流水号"], 21)
    moment = with_year(field["交易传输时间"], settle_day or today)
    return TradeRow(
        line_no=number,
        text=line,
        mid=as_id("商户代码", field["商户代码"]),
        channel=Channel.UNIONPAY_QR,
        kind=kind,
        state=TxnState.APPROVED,
        at=moment,
        clear_date=settle_day or moment.date(),
        wallet_no=as_id("原查询流水号", field["原查询流水号"], 21) if gives_back else own,
        refund_no=own if gives_back else None,
        order_no=as_id("商户订单号", field["商户订单号"]),
        trace_no=as_id("系统跟踪号", field["系统跟踪号"], 6),
        tid=maybe_id("终端号", field["终端号"], 8),
        card_last4=last4(field["账号"]),
        card_type=_CARD_TYPES.get(field["支付卡类型"]),
        amount=amount,
        settled=amount,
        fee=fee,
    )


def _digits(what: str, text: str) -> int:
    if not text.isdigit():
        raise InputError(f"{what}“{text}”不是以分为单位的数字")
    return int(text)


def _signed(what: str, text: str) -> int:
    """C is to the merchant's credit, D to its debit; empty is nothing."""
    if text == "":
        return 0
    match = _SIGNED.fullmatch(text)
    if match is None:
        raise InputError(f"{what}“{text}”不对，应为 C 或 D 加 12 位数字")
    return int(match[2]) if match[1] == "C" else -int(match[2])
