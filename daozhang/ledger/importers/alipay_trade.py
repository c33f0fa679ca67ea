"""The 支付宝业务明细, line by line (DOMAIN.md §7.3): sales, and refunds with negative amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from daozhang.errors import InputError
from daozhang.ledger.importers.alipay import Detail, walk
from daozhang.ledger.importers.cells import as_id, as_moment
from daozhang.ledger.importers.lines import decoded
from daozhang.ledger.importers.rows import About, BadLine, TradeRow
from daozhang.ledger.importers.tables import has_columns
from daozhang.ledger.importers.totals import Tally
from daozhang.ledger.words import Channel, TxnKind, TxnState
from daozhang.money import parse_yuan

__all__ = ["read", "recognise"]

_NEEDED = {
    "支付宝交易号",
    "商户订单号",
    "业务类型",
    "创建时间",
    "完成时间",
    "订单金额(元)",
    "商家实收(元)",
    "退款批次号/请求号",
    "服务费(元)",
}
_KINDS = {"交易": TxnKind.SALE, "退款": TxnKind.REFUND}


def recognise(head: bytes, name: str) -> bool:
    return has_columns(decoded(head), _NEEDED)


def read(lines: Iterable[str], about: About) -> Iterator[TradeRow | BadLine]:
    """Read a bill; the merchant is the account that it names. See `alipay.walk`."""
    return walk(lines, about, _NEEDED, _KINDS.keys(), _row)


def _row(number: int, line: str, named: Detail, mid: str, tally: Tally) -> TradeRow:
    try:
        kind = _KINDS.get(named["业务类型"])
        if kind is None:
            raise InputError(f"不认识的业务类型“{named['业务类型']}”")
        received = abs(parse_yuan(named["商家实收(元)"]))
    except InputError:
        tally.unreadable += 1
        raise
    tally.add(named["业务类型"], received)
    amount = abs(parse_yuan(named["订单金额(元)"]))
    if amount == 0:
        raise InputError("金额不应是零")
    fee = abs(parse_yuan(named["服务费(元)"] or "0"))
    shared = abs(parse_yuan(named.get("分润(元)") or "0"))
    refund = kind is TxnKind.REFUND
    refund_no = named["退款批次号/请求号"]
    moment = as_moment(named["完成时间"] or named["创建时间"])
    return TradeRow(
        line_no=number,
        text=line,
        mid=mid,
        channel=Channel.ALIPAY,
        kind=kind,
        state=TxnState.APPROVED,
        at=moment,
        clear_date=moment.date(),
        wallet_no=as_id("支付宝交易号", named["支付宝交易号"], 64),
        order_no=as_id("商户订单号", named["商户订单号"], 64),
        refund_no=as_id("退款请求号", refund_no) if refund else None,
        amount=amount,
        settled=received - shared,
        fee=-fee if refund else fee,
    )
