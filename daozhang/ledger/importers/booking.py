"""How a transaction of a bill is written: the transaction, its clearing and what is owed for it."""

from __future__ import annotations

from datetime import time

from daozhang.clock import at
from daozhang.ledger.importers.rows import TradeRow
from daozhang.ledger.models import Clearing, Merchant, SettleItem, Txn
from daozhang.ledger.terms import due_of, terms_of
from daozhang.ledger.words import ItemState, ReconState, TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, due_for
from daozhang.settlement.terms import WALLET_CUTOFF

__all__ = ["MOVED", "book"]

MOVED = (TxnState.APPROVED, TxnState.VOIDED, TxnState.REFUNDED)
"""States in which money went over to the merchant, even if it went back later."""


def book(row: TradeRow, merchant: Merchant, calendar: WorkCalendar) -> Txn:
    """The transaction of a row with its clearing and settlement item.

    A refund stands under the order it belongs to (`wallet_no`), with its own number as `ref_no`;
    its item is negative: net = signed amount - fee - deducted, where `deducted` is the part of
    coupons. One that moved no money has neither clearing nor item, and one that was in no
    clearing file yet has no clearing.
    """
    txn = Txn(
        mid=row.mid,
        tid=row.tid,
        channel=row.channel,
        kind=row.kind,
        amount=row.amount,
        local_at=row.at,
        host_at=row.at,
        state=row.state,
        response_code=row.response_code,
        card_last4=row.card_last4,
        card_type=row.card_type,
        issuer=row.issuer,
        ref_no=row.refund_no or row.ref_no,
        trace_no=row.trace_no,
        batch_no=row.batch_no,
        auth_code=row.auth_code,
        order_no=row.order_no,
        wallet_no=row.wallet_no,
    )
    if row.state not in MOVED:
        return txn
    due = _due(txn, row, merchant, calendar)
    sign = -1 if row.kind in (TxnKind.REFUND, TxnKind.VOID) else 1
    if row.clear_date is not None:
        txn.clearing = Clearing(clear_date=row.clear_date, recon_state=ReconState.MATCHED)
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


def _due(txn: Txn, row: TradeRow, merchant: Merchant, calendar: WorkCalendar) -> Due:
    """When the money is due; a clearing day later than our own cut-off says goes before it."""
    due = due_of(txn, merchant, calendar)
    if row.clear_date is None or row.clear_date <= due.settle_day:
        return due
    return due_for(
        terms_of(merchant), at(row.clear_date, time(0)), calendar=calendar, cutoff=WALLET_CUTOFF
    )
