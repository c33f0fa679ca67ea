"""A merchant portal's export of transactions, row by row (DOMAIN.md §7.8). Amounts are yuan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from daozhang.errors import InputError
from daozhang.ledger.importers.booking import MOVED
from daozhang.ledger.importers.cells import as_day, as_id, last4, loose_moment, maybe_id
from daozhang.ledger.importers.lines import decoded
from daozhang.ledger.importers.payment_words import card_type_of, channel_of
from daozhang.ledger.importers.portal import walk, yuan, zero_filled
from daozhang.ledger.importers.rows import About, BadLine, TradeRow
from daozhang.ledger.importers.tables import has_columns
from daozhang.ledger.words import Channel, TxnKind, TxnState

__all__ = ["read", "recognise"]

_NEEDED = {
    "交易日期",
    "交易时间",
    "商户号",
    "交易类型",
    "支付方式",
    "交易金额",
    "手续费",
    "结算金额",
    "交易状态",
    "参考号",
    "订单号",
}
_KINDS = {
    "消费": TxnKind.SALE,
    "收款": TxnKind.SALE,
    "支付": TxnKind.SALE,
    "退货": TxnKind.REFUND,
    "退款": TxnKind.REFUND,
    "撤销": TxnKind.VOID,
    "消费撤销": TxnKind.VOID,
    "预授权": TxnKind.PREAUTH,
    "预授权完成": TxnKind.PREAUTH_COMPLETION,
}
_STATES = {
    "成功": TxnState.APPROVED,
    "交易成功": TxnState.APPROVED,
    "支付成功": TxnState.APPROVED,
    "失败": TxnState.DECLINED,
    "交易失败": TxnState.DECLINED,
    "未知": TxnState.UNKNOWN,
    "超时": TxnState.UNKNOWN,
    "处理中": TxnState.UNKNOWN,
    "冲正中": TxnState.REVERSAL_PENDING,
    "已冲正": TxnState.REVERSED,
    "已撤销": TxnState.VOIDED,
    "已退款": TxnState.REFUNDED,
    "已退货": TxnState.REFUNDED,
}
_GIVE_BACK = (TxnKind.REFUND, TxnKind.VOID)


def recognise(head: bytes, name: str) -> bool:
    return has_columns(decoded(head), _NEEDED)


def read(lines: Iterable[str], about: About) -> Iterator[TradeRow | BadLine]:
    """Read an export; every row names its merchant. See `portal.walk`."""
    return walk(lines, _NEEDED, "交易金额", _row)


def _row(number: int, line: str, named: Mapping[str, str]) -> TradeRow:
    kind = _word(_KINDS, "交易类型", named)
    state = _word(_STATES, "交易状态", named)
    channel = channel_of(named["支付方式"])
    amount, fee = abs(yuan(named["交易金额"])), abs(yuan(named["手续费"]))
    if amount == 0:
        raise InputError("金额不应是零")
    if kind is TxnKind.PREAUTH and state is TxnState.APPROVED:
        state = TxnState.PREAUTH_OPEN
    ref_no = zero_filled(named["参考号"], 12) if channel is Channel.CARD else named["参考号"]
    order_no = maybe_id("订单号", named["订单号"], 64)
    found_by = maybe_id("参考号", ref_no)
    if order_no is None and found_by is None:
        raise InputError("参考号与订单号都没有，认不出是哪一笔")
    day = named.get("清算日期", "")
    return TradeRow(
        line_no=number,
        text=line,
        mid=as_id("商户号", named["商户号"]),
        channel=channel,
        kind=kind,
        state=state,
        at=loose_moment(named["交易日期"].removesuffix(" 00:00:00"), named["交易时间"]),
        clear_date=as_day(day) if day not in ("", "-") else None,
        order_no=order_no,
        ref_no=found_by,
        tid=maybe_id("终端号", zero_filled(named.get("终端号", ""), 8), 8),
        trace_no=maybe_id("凭证号", zero_filled(named.get("凭证号", ""), 6), 6),
        batch_no=maybe_id("批次号", zero_filled(named.get("批次号", ""), 6), 6),
        auth_code=maybe_id("授权码", named.get("授权码", ""), 6),
        response_code=maybe_id("应答码", zero_filled(named.get("应答码", ""), 2), 8),
        card_last4=last4(named.get("卡号(掩码)", named.get("卡号", ""))),
        card_type=card_type_of(named.get("卡类型", "")),
        issuer=named.get("发卡行", "")[:40] or None,
        amount=amount,
        settled=_settled(named["结算金额"], amount, fee, state),
        fee=-fee if kind in _GIVE_BACK else fee,
    )


def _settled(text: str, amount: int, fee: int, state: TxnState) -> int:
    """What counts for the merchant before the fee; an empty cell takes nothing off."""
    if state not in MOVED or text in ("", "-"):
        return amount
    net = abs(yuan(text))
    if net + fee > amount:
        raise InputError("结算金额加手续费大于交易金额")
    if net == 0:
        raise InputError("成功的交易，结算金额不应是零")
    return net + fee


def _word[W](words: Mapping[str, W], what: str, named: Mapping[str, str]) -> W:
    word = words.get(named[what])
    if word is None:
        raise InputError(f"不认识的{what}“{named[what]}”")
    return word
