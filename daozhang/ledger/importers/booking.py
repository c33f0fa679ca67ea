"""How a line of a wallet's bill is written into the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from daozhang.clock import local_date
from daozhang.ledger.importers.wechat_trade import TradeRow
from daozhang.ledger.models import Clearing, Merchant, SettleItem, Txn
from daozhang.ledger.terms import due_of
from daozhang.ledger.words import Channel, ItemState, ReconState, TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["TxnKey", "book", "join_refunds", "key_of_row", "key_of_txn"]

type TxnKey = tuple[str, str, TxnKind, str | None]
"""What makes two records one transaction: merchant, wallet's order, kind, wallet's refund."""


def key_of_row(row: TradeRow) -> TxnKey:
    return (row.mid, row.wallet_no, row.kind, row.refund_no)


def key_of_txn(txn: Txn) -> TxnKey:
    refund_no = None if txn.kind is TxnKind.SALE else txn.ref_no
    return (txn.mid, txn.wallet_no or "", txn.kind, refund_no)


def book(row: TradeRow, merchant: Merchant, calendar: WorkCalendar) -> Txn:
    """The transaction of a line with its clearing and settlement item.

    A refund stands under the order it belongs to (`wallet_no`), with the wallet's refund number
    as `ref_no`; its item is negative: net = signed amount - fee - deducted, where `deducted` is
    the part of coupons. One that failed moves no money and has neither clearing nor item.
    """
    txn = Txn(
        mid=row.mid,
        channel=Channel.WECHAT,
        kind=row.kind,
        amount=row.amount,
        local_at=row.at,
        host_at=row.at,
        state=row.state,
        order_no=row.order_no,
        wallet_no=row.wallet_no,
        ref_no=row.refund_no,
    )
    if row.state is TxnState.DECLINED:
        return txn
    due = due_of(txn, merchant, calendar)
    sign = 1 if row.kind is TxnKind.SALE else -1
    txn.clearing = Clearing(clear_date=local_date(row.at), recon_state=ReconState.MATCHED)
    txn.item = SettleItem(
        mid=row.mid,
        settle_date=due.settle_day,
        due_at=due.due_at,
        fee=row.fee,
        deducted=sign * (row.amount - row.settled),
        net=sign * row.settled - row.fee,
        state=ItemState.PENDING,
    )
    return txn


def join_refunds(txns: Iterable[Txn]) -> None:
    """Point refunds and revocations to their sales, in whichever order they came in.

    A sale that was revoked is VOIDED, one that was given back in full REFUNDED; after a part of
    it was given back it stays APPROVED. The transactions have to have their ids.
    """
    orders: defaultdict[tuple[str, str | None], list[Txn]] = defaultdict(list)
    for txn in txns:
        orders[txn.mid, txn.wallet_no].append(txn)
    for order in orders.values():
        sale = next((txn for txn in order if txn.kind is TxnKind.SALE), None)
        if sale is not None:
            _join(sale, [txn for txn in order if txn.kind in (TxnKind.REFUND, TxnKind.VOID)])


def _join(sale: Txn, takings_back: list[Txn]) -> None:
    for txn in takings_back:
        txn.original_id = sale.id
    done = [txn for txn in takings_back if txn.state is TxnState.APPROVED]
    if sale.state is not TxnState.APPROVED:
        return
    if any(txn.kind is TxnKind.VOID for txn in done):
        sale.state = TxnState.VOIDED
    elif sum(txn.amount for txn in done) >= sale.amount:
        sale.state = TxnState.REFUNDED
