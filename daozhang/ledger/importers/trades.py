"""Transactions of a bill on their way into the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import String, and_, select, update, values
from sqlalchemy import column as sql_column
from sqlalchemy.orm import InstrumentedAttribute, Session

from daozhang.clock import local_date
from daozhang.ledger.importers.booking import GIVE_BACK, MOVED, Booking, book, write
from daozhang.ledger.importers.desk import Outcome, Taken
from daozhang.ledger.importers.rows import TradeRow
from daozhang.ledger.lookups import MerchantLedger
from daozhang.ledger.models import Merchant, Txn
from daozhang.ledger.terms import SoldBetween, taken_before, terms_of
from daozhang.ledger.words import TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["TradeDesk"]

type Key = tuple[str, ...]
"""What makes two records one transaction; the first part says which number it goes by."""

_ORIGINALS = (TxnKind.SALE, TxnKind.PREAUTH_COMPLETION)


@dataclass(slots=True)
class _Entry:
    """What matters here of a transaction in the ledger, or on its way there (`id` is 0)."""

    id: int
    mid: str
    kind: TxnKind
    state: TxnState
    amount: int
    at: datetime
    wallet_no: str | None
    ref_no: str | None
    order_no: str | None
    original_id: int | None


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
        terms_for = cache(lambda mid, channel: terms_of(merchants[mid], channel))
        # Nothing is written before all rows are looked at: what the ledger has stays the same.
        ledger_of = cache(lambda mid: cache(MerchantLedger(self._session, mid).sold))
        old = list(self._candidates(rows))
        ledger = {key: entry for entry in old for key in _keys(entry)}
        new: list[_Entry] = []
        bookings: list[Booking] = []
        outcomes: list[Outcome] = []
        for row in rows:
            entry = _entry(row)
            known = _find(entry, ledger)
            if known is None:
                terms = terms_for(row.mid, row.channel)
                sold = _with(new, row.mid, ledger_of(row.mid))
                taken = taken_before(terms, row.at, sold)
                bookings.append(book(row, terms, self._calendar, taken_today=taken))
                new.append(entry)
                ledger.update(dict.fromkeys(_keys(entry), entry))
                outcomes.append(Taken.STORED)
            elif known.amount != row.amount:
                outcomes.append("账上已有这笔交易，但金额不同")
            else:
                outcomes.append(Taken.KNOWN)
        for entry, txn_id in zip(new, write(self._session, bookings), strict=True):
            entry.id = txn_id
        if changed := _join_refunds([*old, *new]):
            self._session.execute(
                update(Txn),
                [
                    {"id": entry.id, "state": entry.state, "original_id": entry.original_id}
                    for entry in changed
                ],
            )
        return outcomes

    def _candidates(self, rows: Sequence[TradeRow]) -> Iterator[_Entry]:
        """What the ledger has under the numbers of `rows`, and all that was given back there.

        Joined with a list of pairs, for SQLite scans the table when asked for pairs with IN.
        """
        numbers: tuple[tuple[InstrumentedAttribute[str | None], set[tuple[str, str]]], ...] = (
            (Txn.wallet_no, {(row.mid, row.wallet_no) for row in rows if row.wallet_no}),
            (Txn.ref_no, {(row.mid, row.ref_no) for row in rows if row.ref_no}),
            (Txn.order_no, {(row.mid, row.order_no) for row in rows if row.order_no}),
        )
        seen: set[int] = set()
        for column, pairs in numbers:
            if not pairs:
                continue
            asked = values(sql_column("mid", String), sql_column("number", String), name="asked")
            listed = asked.data(list(pairs)).cte("asked")
            wanted = select(
                Txn.id,
                Txn.mid,
                Txn.kind,
                Txn.state,
                Txn.amount,
                Txn.local_at,
                Txn.wallet_no,
                Txn.ref_no,
                Txn.order_no,
                Txn.original_id,
            ).join(listed, and_(Txn.mid == listed.c.mid, column == listed.c.number))
            for found in self._session.execute(wanted).tuples():
                if found[0] not in seen:
                    seen.add(found[0])
                    yield _Entry(*found)


def _with(new: Sequence[_Entry], mid: str, ledger: SoldBetween) -> SoldBetween:
    """The merchant's sales in the ledger and among what is about to be written."""

    def sold(since: datetime, before: datetime) -> Sequence[tuple[datetime, int]]:
        added = (
            (one.at, one.amount)
            for one in new
            if one.mid == mid and one.kind is TxnKind.SALE and one.state is TxnState.APPROVED
        )
        within = (one for one in added if since <= one[0] < before)
        return sorted([*ledger(since, before), *within])

    return sold


def _entry(row: TradeRow) -> _Entry:
    return _Entry(
        0,
        row.mid,
        row.kind,
        row.state,
        row.amount,
        row.at,
        row.wallet_no,
        row.refund_no or row.ref_no,
        row.order_no,
        None,
    )


def _find(entry: _Entry, ledger: Mapping[Key, _Entry]) -> _Entry | None:
    for key in _keys(entry):
        known = ledger.get(key)
        if known is not None and not _differ(entry, known):
            return known
    return None


def _differ(one: _Entry, other: _Entry) -> bool:
    """Two records with one order number are still two when a stronger number tells them apart."""
    if one.wallet_no and other.wallet_no and one.wallet_no != other.wallet_no:
        return True
    return bool(one.ref_no and other.ref_no and one.ref_no != other.ref_no)


def _keys(entry: _Entry) -> Iterator[Key]:
    """The strongest first. What shares an order number without being one is kept apart: a
    declined try from the one that went through, and the parts of a refund by their moments."""
    gives_back = entry.kind in GIVE_BACK
    if entry.wallet_no:
        refund_no = (entry.ref_no or "") if gives_back else ""
        yield ("wallet", entry.mid, entry.kind, entry.wallet_no, refund_no)
    if entry.ref_no and not (entry.wallet_no and gives_back):
        yield ("ref", entry.mid, entry.kind, entry.ref_no, f"{local_date(entry.at)}")
    if entry.order_no:
        attempt = entry.at.isoformat() if gives_back else str(entry.state in MOVED)
        yield ("order", entry.mid, entry.kind, entry.order_no, attempt)


def _join_refunds(entries: Iterable[_Entry]) -> list[_Entry]:
    """Point refunds and revocations to their sales; what was changed by it.

    A sale that was revoked is VOIDED, one that was given back in full REFUNDED; after a part of
    it was given back it stays APPROVED. The entries have to have their ids.
    """
    orders: defaultdict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        if entry.wallet_no:
            orders[entry.mid, entry.wallet_no].append(entry)
    changed: list[_Entry] = []
    for order in orders.values():
        sale = next((entry for entry in order if entry.kind in _ORIGINALS), None)
        if sale is not None and len(order) > 1:
            changed += _join(sale, [entry for entry in order if entry.kind in GIVE_BACK])
    return changed


def _join(sale: _Entry, takings_back: list[_Entry]) -> Iterator[_Entry]:
    for entry in takings_back:
        if entry.original_id != sale.id:
            entry.original_id = sale.id
            yield entry
    done = [entry for entry in takings_back if entry.state is TxnState.APPROVED]
    if sale.state is not TxnState.APPROVED or not done:
        return
    if any(entry.kind is TxnKind.VOID for entry in done):
        sale.state = TxnState.VOIDED
        yield sale
    elif sum(entry.amount for entry in done) >= sale.amount:
        sale.state = TxnState.REFUNDED
        yield sale
