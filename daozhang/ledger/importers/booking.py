"""How a transaction of a bill is written: the transaction, its clearing and what is owed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import insert
from sqlalchemy.orm import Session

from daozhang.clock import at
from daozhang.ledger.facts import RULESET
from daozhang.ledger.importers.rows import TradeRow
from daozhang.ledger.models import Clearing, SettleItem, Txn
from daozhang.ledger.terms import due_of
from daozhang.ledger.words import ItemState, ReconState, TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, due_for
from daozhang.settlement.terms import Terms

__all__ = ["GIVE_BACK", "MOVED", "Booking", "book", "write"]

MOVED = (TxnState.APPROVED, TxnState.VOIDED, TxnState.REFUNDED)
"""States in which money went over to the merchant, even if it went back later."""
GIVE_BACK = (TxnKind.REFUND, TxnKind.VOID)


@dataclass(frozen=True, slots=True)
class Booking:
    """A row that is to be written, and when its money is due; None when no money moved."""

    row: TradeRow
    due: Due | None


def book(row: TradeRow, terms: Terms, calendar: WorkCalendar, *, taken_today: int = 0) -> Booking:
    """Work out when the money of a row is due under the merchant's terms.

    `taken_today` (fen) is what was paid instantly earlier on its day.

    A clearing day later than our own cut-off says goes before it.
    """
    if row.state not in MOVED:
        return Booking(row, None)
    txn = Txn(channel=row.channel, amount=row.amount, local_at=row.at)
    due = due_of(txn, terms, calendar, taken_today=taken_today)
    if row.clear_date is not None and row.clear_date > due.settle_day:
        due = due_for(terms, at(row.clear_date, time(0)), calendar=calendar)
    return Booking(row, due)


def write(session: Session, bookings: Sequence[Booking]) -> Sequence[int]:
    """Insert transactions with their clearings and settlement items; their ids, in order.

    A refund stands under the order it belongs to (`wallet_no`), with its own number as `ref_no`;
    its item is negative: net = signed amount - fee - deducted, where `deducted` is the part of
    coupons. One that moved no money has neither clearing nor item, and one that was in no
    clearing file yet has no clearing.
    """
    if not bookings:
        return []
    inserted = insert(Txn).returning(Txn.id, sort_by_parameter_order=True)
    ids = session.scalars(inserted, [_txn(booking.row) for booking in bookings]).all()
    owed = [
        (txn_id, booking.row, booking.due)
        for txn_id, booking in zip(ids, bookings, strict=True)
        if booking.due is not None
    ]
    clearings = [
        {"txn_id": txn_id, "clear_date": row.clear_date, "recon_state": ReconState.MATCHED}
        for txn_id, row, _ in owed
        if row.clear_date is not None
    ]
    if clearings:
        session.execute(insert(Clearing), clearings)
    if owed:
        session.execute(insert(SettleItem), [_item(*one) for one in owed])
    return ids


def _txn(row: TradeRow) -> dict[str, object]:
    return {
        "mid": row.mid,
        "tid": row.tid,
        "channel": row.channel,
        "kind": row.kind,
        "amount": row.amount,
        "local_at": row.at,
        "host_at": row.at,
        "state": row.state,
        "response_code": row.response_code,
        "ruleset": RULESET if row.response_code else None,
        "card_last4": row.card_last4,
        "card_type": row.card_type,
        "issuer": row.issuer,
        "ref_no": row.refund_no or row.ref_no,
        "trace_no": row.trace_no,
        "batch_no": row.batch_no,
        "auth_code": row.auth_code,
        "order_no": row.order_no,
        "wallet_no": row.wallet_no,
    }


def _item(txn_id: int, row: TradeRow, due: Due) -> dict[str, object]:
    sign = -1 if row.kind in GIVE_BACK else 1
    return {
        "txn_id": txn_id,
        "mid": row.mid,
        "settle_date": due.settle_day,
        "due_at": due.due_at,
        "fee": row.fee,
        "deducted": sign * (row.amount - row.settled),
        "net": sign * row.settled - row.fee,
        "state": ItemState.PENDING,
    }
