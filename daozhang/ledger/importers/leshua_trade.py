"""The 乐刷交易对账单 (<agent>_trade_new_<day>.txt), line by line (DOMAIN.md §7.5).

No header and no totals: 25 columns, amounts in fen, what does not apply is empty or '*'. The
document does not show the separator; the one that makes 25 columns of the first line is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.cells import (
    as_fen,
    as_id,
    as_moment,
    clean,
    maybe_id,
)
from daozhang.ledger.importers.lines import decoded, numbered
from daozhang.ledger.importers.payment_words import card_type_of, channel_of
from daozhang.ledger.importers.rows import About, BadLine, PassedLine, TradeRow
from daozhang.ledger.words import Channel, TxnKind, TxnState

__all__ = ["read", "recognise"]

_COLUMNS = (
    "记录类型",
    "编号",
    "交易时间",
    "订单号",
    "商户号",
    "费率",
    "交易金额",
    "手续费",
    "结算金额",
    "资金流向",
    "交易类型",
    "支付方式",
    "卡类型",
    "商户优惠类型",
    "参考号",
    "凭证号",
    "终端号",
    "第三方订单号",
    "第三方退款号",
    "支付时间",
    "上游订单号(网、银联)",
    "上游订单号(微信、支付宝)",
    "付款银行",
    "消费者标识",
    "扫码支付交易类型",
)
_SEPARATORS = (",", "|", "\t")
_RECORDS = {"BT", "BV"}
_KINDS = {"进账": TxnKind.SALE, "退款": TxnKind.REFUND}
_OTHER_FLOWS = {"出账", "冻结", "解冻"}
"""Money that leaves or is held as a whole; payouts and holds have sources of their own."""


def recognise(head: bytes, name: str) -> bool:
    return _separator(decoded(head).partition("\n")[0]) is not None


def read(lines: Iterable[str], about: About) -> Iterator[TradeRow | PassedLine | BadLine]:
    """Read a file. Raises ImportRejected when its first line is none of such a file."""
    separator: str | None = None
    for number, line in numbered(lines):
        if separator is None:
            separator = _separator(line)
            if separator is None:
                raise ImportRejected("第一行不是乐刷交易对账单的 25 列；请使用原始文件")
            if clean(line.split(separator)[0]) == _COLUMNS[0]:
                continue
        try:
            yield _row(number, line, [clean(cell) for cell in line.split(separator)])
        except InputError as error:
            yield BadLine(number, str(error), line)


def _separator(line: str) -> str | None:
    for separator in _SEPARATORS:
        cells = line.split(separator)
        if len(cells) == len(_COLUMNS) and clean(cells[0]) in {*_RECORDS, _COLUMNS[0]}:
            return separator
    return None


def _row(number: int, line: str, cells: list[str]) -> TradeRow | PassedLine:
    if len(cells) != len(_COLUMNS):
        raise InputError(f"应有 {len(_COLUMNS)} 列，实有 {len(cells)} 列")
    named = {name: "" if cell == "*" else cell for name, cell in zip(_COLUMNS, cells, strict=True)}
    if named["记录类型"] not in _RECORDS:
        raise InputError(f"不认识的记录类型“{named['记录类型']}”")
    if named["资金流向"] in _OTHER_FLOWS:
        return PassedLine(number)
    kind = _kind(named["资金流向"], named["交易类型"])
    gives_back = kind in (TxnKind.REFUND, TxnKind.VOID)
    channel = channel_of(named["支付方式"])
    amount, fee, settled = (abs(as_fen(named[name])) for name in ("交易金额", "手续费", "结算金额"))
    if amount == 0:
        raise InputError("金额不应是零")
    if settled + fee > amount:
        raise InputError("结算金额加手续费大于交易金额")
    wallet_no = _wallet_no(named, channel)
    own_no = named["第三方退款号"] if gives_back else named["第三方订单号"]
    order_no = as_id("订单号", own_no or named["订单号"], 64)
    moment = as_moment(named["支付时间"] or named["交易时间"])
    return TradeRow(
        line_no=number,
        text=line,
        mid=as_id("商户号", named["商户号"]),
        channel=channel,
        kind=kind,
        state=TxnState.APPROVED,
        at=moment,
        clear_date=moment.date(),
        wallet_no=wallet_no,
        order_no=order_no,
        refund_no=order_no[:32] if gives_back and wallet_no else None,
        ref_no=maybe_id("参考号", named["参考号"]),
        trace_no=maybe_id("凭证号", named["凭证号"], 6),
        tid=maybe_id("终端号", named["终端号"], 8),
        card_type=card_type_of(named["卡类型"]),
        issuer=named["付款银行"][:40] or None,
        amount=amount,
        settled=settled + fee,
        fee=-fee if gives_back else fee,
    )


def _kind(flow: str, deal: str) -> TxnKind:
    kind = _KINDS.get(flow)
    if kind is None:
        raise InputError(f"不认识的资金流向“{flow}”")
    if kind is TxnKind.REFUND:
        return TxnKind.VOID if "撤销" in deal else kind
    return TxnKind.PREAUTH_COMPLETION if "预授权完成" in deal else kind


def _wallet_no(named: dict[str, str], channel: Channel) -> str | None:
    """The number under which wallet or clearing house keep the order; cards have none."""
    if channel is Channel.CARD:
        return None
    upstream = named["上游订单号(微信、支付宝)"] or named["上游订单号(网、银联)"]
    return maybe_id("上游订单号", upstream, 64)
