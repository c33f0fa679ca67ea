"""Transactions of a bill on their way into the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from daozhang.clock import local_date
from daozhang.ledger.importers.booking import MOVED, book
from daozhang.ledger.importers.desk import Outcome, Taken
from daozhang.ledger.importers.rows import TradeRow
from daozhang.ledger.models import Merchant, Txn
from daozhang.ledger.words import TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["TradeDesk"]

type Key = tuple[str, ...]
"""What makes two records one transaction; the first part says which number it goes by."""

_GIVE_BACK = (TxnKind.REFUND, TxnKind.VOID)
_ORIGINALS = (TxnKind.SALE, TxnKind.PREAUTH_COMPLETION)


class TradeDesk:
    """Books transactions and joins refunds to their sales, in whichever order they come in.

    A transaction that the ledger has is left as it is. It is found by the wallet's number, by
    reference number and day, or by the merchant's order number, whichever both records have.
    """

    def __init__(self, session: Session, calendar: WorkCalendar) -> None:
        self._session = session
        self._calendar = calendar

    def take(
        self, rows: Sequence[TradeRow], merchants: Mapping[str, Merchant]
    ) -> Sequence[Outcome]:
        """Write `rows`, whose merchants are all in `merchants`, and say what became of each."""
        ledger: dict[Key, Txn] = {}
        txns = {txn.id: txn for txn in self._candidates(rows)}
        for txn in txns.values():
            ledger.update(dict.fromkeys(_keys_of_txn(txn), txn))
        everyone = list(txns.values())
        outcomes: list[Outcome] = []
        for row in rows:
            known = _find(row, ledger)
            if known is None:
                txn = book(row, merchants[row.mid], self._calendar)
                self._session.add(txn)
                everyone.append(txn)
                ledger.update(dict.fromkeys(_keys_of_row(row), txn))
                outcomes.append(Taken.STORED)
            elif known.amount != row.amount:
                outcomes.append("账上已有这笔交易，但金额不同")
            else:
                outcomes.append(Taken.KNOWN)
        self._session.flush()
        _join_refunds(everyone)
        return outcomes

    def _candidates(self, rows: Sequence[TradeRow]) -> Iterator[Txn]:
        """What the ledger has under the numbers of `rows`, and all that was given back there."""
        numbers: tuple[tuple[InstrumentedAttribute[str | None], set[tuple[str, str]]], ...] = (
            (Txn.wallet_no, {(row.mid, row.wallet_no) for row in rows if row.wallet_no}),
            (Txn.ref_no, {(row.mid, row.ref_no) for row in rows if row.ref_no}),
            (Txn.order_no, {(row.mid, row.order_no) for row in rows if row.order_no}),
        )
        for column, pairs in numbers:
            if pairs:
                wanted = select(Txn).where(tuple_(Txn.mid, column).in_(pairs))
                yield from self._session.scalars(wanted)


def _find(row: TradeRow, ledger: Mapping[Key, Txn]) -> Txn | None:
    for key in _keys_of_row(row):
        txn = ledger.get(key)
        if txn is not None and not _differ(row, txn):
            return txn
    return None


def _differ(row: TradeRow, txn: Txn) -> bool:
    """Two records with one order number are still two when a stronger number tells them apart."""
    for one, other in ((row.wallet_no, txn.wallet_no), (_ref_no(row), txn.ref_no)):
        if one and other:
            return one != other
    return False


def _ref_no(row: TradeRow) -> str | None:
    return row.refund_no or row.ref_no


def _keys_of_row(row: TradeRow) -> Iterator[Key]:
    return _keys(
        (row.mid, row.kind),
        row.wallet_no,
        _ref_no(row),
        row.order_no,
        str(local_date(row.at)),
        row.at.isoformat() if row.kind in _GIVE_BACK else str(row.state in MOVED),
    )


def _keys_of_txn(txn: Txn) -> Iterator[Key]:
    return _keys(
        (txn.mid, txn.kind),
        txn.wallet_no,
        txn.ref_no,
        txn.order_no,
        str(local_date(txn.local_at)),
        txn.local_at.isoformat() if txn.kind in _GIVE_BACK else str(txn.state in MOVED),
    )


def _keys(
    begin: tuple[str, TxnKind],
    wallet_no: str | None,
    ref_no: str | None,
    order_no: str | None,
    day: str,
    attempt: str,
) -> Iterator[Key]:
    """`attempt` tells apart what shares an order number: a declined try and the one that went
    through, or two parts of a refund."""
    mid, kind = begin
    if wallet_no:
        yield ("wallet", mid, kind, wallet_no, (ref_no or "") if kind in _GIVE_BACK else "")
    if ref_no and not (wallet_no and kind in _GIVE_BACK):
        yield ("ref", mid, kind, ref_no, day)
    if order_no:
        yield ("order", mid, kind, order_no, attempt)


def _join_refunds(txns: Iterable[Txn]) -> None:
    """Point refunds and revocations to their sales.

    A sale that was revoked is VOIDED, one that was given back in full REFUNDED; after a part of
    it was given back it stays APPROVED. The transactions have to have their ids.
    """
    orders: defaultdict[tuple[str, str], list[Txn]] = defaultdict(list)
    for txn in txns:
        if txn.wallet_no:
            orders[txn.mid, txn.wallet_no].append(txn)
    for order in orders.values():
        sale = next((txn for txn in order if txn.kind in _ORIGINALS), None)
        if sale is not None and len(order) > 1:
            _join(sale, [txn for txn in order if txn.kind in _GIVE_BACK])


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
