"""Look-ups in the ledger, always within one merchant: another merchant's row cannot come out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CompoundSelect, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from daozhang.ledger.models import (
    Hold,
    Incident,
    Merchant,
    Notice,
    Payout,
    SettleItem,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.words import Channel, HoldState, ItemState, TxnKind, TxnState

__all__ = ["SAMPLE", "MerchantLedger", "TxnQuery"]

SAMPLE = 200
"""Of how many terminals a question about a version is answered."""

_ACCUMULATES = timedelta(days=90)
"""How long small sums are added up until there is enough to pay out."""
_PAYMENTS = (TxnKind.SALE, TxnKind.PREAUTH, TxnKind.PREAUTH_COMPLETION)
_UNDOING = (TxnKind.REFUND, TxnKind.VOID, TxnKind.CHARGEBACK)
_NEWEST = (Txn.local_at.desc(), Txn.id.desc())
"""Every store gives the same order, also within one second."""
_DOUBTFUL = (
    TxnState.UNKNOWN,
    TxnState.REVERSAL_PENDING,
    TxnState.REVERSAL_FAILED,
    TxnState.OFFLINE_STORED,
    TxnState.PREAUTH_OPEN,
)


@dataclass(frozen=True, slots=True)
class TxnQuery:
    """What is known of a payment. Amounts in fen, both ends included; `until` is excluded."""

    amount_low: int | None = None
    amount_high: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    ref_no: str | None = None
    order_no: str | None = None
    card_last4: str | None = None
    tid: str | None = None
    channels: tuple[Channel, ...] = ()
    """The ways of paying that can be meant; empty when any can."""

    @property
    def names_one(self) -> bool:
        """Whether amount, number or card is given: enough to mean particular payments."""
        return any((self.amount_low is not None, self.ref_no, self.order_no, self.card_last4))


class MerchantLedger:
    """One merchant's part of the ledger, read within `session`."""

    def __init__(self, session: Session, mid: str) -> None:
        self._session = session
        self.mid = mid

    def merchant(self) -> Merchant | None:
        return self._session.get(Merchant, self.mid)

    def find(self, query: TxnQuery, *, limit: int = 500) -> Sequence[Txn]:
        """Payments that fit, newest first, with clearing, item, payout and hold loaded."""
        wanted = self._payments()
        if query.amount_low is not None and query.amount_low == query.amount_high:
            wanted = wanted.where(Txn.amount == query.amount_low)
        else:
            if query.amount_low is not None:
                wanted = wanted.where(Txn.amount >= query.amount_low)
            if query.amount_high is not None:
                wanted = wanted.where(Txn.amount <= query.amount_high)
        if query.since is not None:
            wanted = wanted.where(Txn.local_at >= query.since)
        if query.until is not None:
            wanted = wanted.where(Txn.local_at < query.until)
        if query.ref_no is not None:
            wanted = wanted.where(Txn.ref_no == query.ref_no)
        if query.order_no is not None:
            wanted = wanted.where(Txn.id.in_(self._numbered(query.order_no)))
        if query.card_last4 is not None:
            wanted = wanted.where(Txn.card_last4 == query.card_last4)
        if query.tid is not None:
            wanted = wanted.where(Txn.tid == query.tid)
        if query.channels:
            wanted = wanted.where(Txn.channel.in_(query.channels))
        if query.ref_no is not None or query.order_no is not None:
            return _newest_first(self._session.scalars(wanted).unique())[:limit]
        return self._session.scalars(wanted.order_by(*_NEWEST).limit(limit)).unique().all()

    def unpaid(self, since: datetime, *, limit: int = 1000) -> Sequence[Txn]:
        """Payments since then that the merchant cannot have yet, newest first.

        Those are doubtful ones and those whose settlement item has not been credited; declined,
        reversed, voided and refunded payments never come and are left out.
        """
        wanted = (
            self._payments()
            .outerjoin(SettleItem, SettleItem.txn_id == Txn.id)
            .outerjoin(Payout, SettleItem.payout_no == Payout.no)
            .where(Txn.local_at >= since)
            .where(
                or_(
                    Txn.state.in_(_DOUBTFUL),
                    (Txn.state == TxnState.APPROVED)
                    & (
                        SettleItem.txn_id.is_(None)
                        | (SettleItem.state != ItemState.PAID)
                        | Payout.credited_at.is_(None)
                    ),
                )
            )
            .order_by(*_NEWEST)
            .limit(limit)
        )
        return self._session.scalars(wanted).unique().all()

    def owed(self, due_by: datetime) -> int:
        """Net fen of the last months' payments that are due by then and in no payout yet."""
        wanted = (
            select(func.coalesce(func.sum(SettleItem.net), 0))
            .join(Txn, Txn.id == SettleItem.txn_id)
            .where(Txn.mid == self.mid, Txn.local_at >= due_by - _ACCUMULATES)
            .where(SettleItem.payout_no.is_(None), SettleItem.due_at <= due_by)
            .where(SettleItem.state.in_((ItemState.PENDING, ItemState.DUE)))
        )
        return int(self._session.scalar(wanted) or 0)

    def sold(self, since: datetime, before: datetime) -> Sequence[tuple[datetime, int]]:
        """When each payment approved between the two moments was, and its fen; the earliest
        first."""
        rows = self._session.execute(
            select(Txn.local_at, Txn.amount)
            .where(Txn.mid == self.mid, Txn.local_at >= since, Txn.local_at < before)
            .where(Txn.kind.in_(_PAYMENTS), Txn.state == TxnState.APPROVED)
            .order_by(Txn.local_at, Txn.id)
        )
        return [(when, amount) for when, amount in rows]

    def txns(self, ids: Sequence[int]) -> Sequence[Txn]:
        """These payments, newest first; ids of other merchants are ignored."""
        wanted = self._payments().where(Txn.id.in_(ids))
        return _newest_first(self._session.scalars(wanted).unique())

    def last_credited(self) -> Payout | None:
        """The payout that reached the merchant's bank most recently."""
        return self._session.scalars(
            select(Payout)
            .where(Payout.mid == self.mid, Payout.credited_at.is_not(None))
            .order_by(Payout.credited_at.desc())
            .limit(1)
        ).first()

    def payout(self, no: str) -> Payout | None:
        return self._session.scalars(
            select(Payout).where(Payout.mid == self.mid, Payout.no == no)
        ).first()

    def items_of(self, payout_no: str) -> Sequence[Txn]:
        """The payments that a payout carries, newest first."""
        wanted = self._payments().join(SettleItem).where(SettleItem.payout_no == payout_no)
        return _newest_first(self._session.scalars(wanted).unique())

    def successor_of(self, payout_no: str) -> Payout | None:
        """The newer payout that was made in place of a failed or returned one, if any."""
        found: Payout | None = None
        number = payout_no
        while nearer := self._session.scalars(
            select(Payout).where(Payout.mid == self.mid, Payout.previous_no == number)
        ).first():
            found, number = nearer, nearer.no
        return found

    def merchant_hold(self) -> Hold | None:
        """A hold on the merchant's whole settlement that is not yet released."""
        return self._session.scalars(
            select(Hold).where(
                Hold.mid == self.mid, Hold.txn_id.is_(None), Hold.state != HoldState.RELEASED
            )
        ).first()

    def merchant_holds(self) -> Sequence[Hold]:
        """Every hold on the merchant's whole settlement, released ones too, newest first."""
        return self._session.scalars(
            select(Hold)
            .where(Hold.mid == self.mid, Hold.txn_id.is_(None))
            .order_by(Hold.since.desc())
        ).all()

    def follow_ups(self, txn_id: int) -> Sequence[Txn]:
        """What was done to a payment afterwards: its void, refunds or completion, oldest first."""
        return self._made_of([txn_id])

    def terminal(self, tid: str) -> Terminal | None:
        return self._session.scalars(
            select(Terminal).where(Terminal.mid == self.mid, Terminal.tid == tid)
        ).first()

    def terminals(self) -> Sequence[Terminal]:
        return self._session.scalars(
            select(Terminal).where(Terminal.mid == self.mid).order_by(Terminal.tid)
        ).all()

    def terminal_events(self, tid: str, since: datetime) -> Sequence[TerminalEvent]:
        """What the merchant's terminal did since then, oldest first."""
        return self._session.scalars(
            select(TerminalEvent)
            .join(Terminal, Terminal.tid == TerminalEvent.tid)
            .where(Terminal.mid == self.mid, TerminalEvent.tid == tid, TerminalEvent.at >= since)
            .order_by(TerminalEvent.at)
        ).all()

    def incidents(self, now: datetime, *, after: datetime | None = None) -> Sequence[Incident]:
        """Disturbances of any bank, channel, platform or region that run at this moment.

        With `after` also those that have ended since then; the newest first.
        """
        return self._session.scalars(
            select(Incident)
            .where(Incident.since <= now)
            .where(or_(Incident.until.is_(None), Incident.until > (after or now)))
            .order_by(Incident.since.desc())
        ).all()

    def notices(self, today: date) -> Sequence[Notice]:
        """Changes of rules in force, the newest first."""
        return self._session.scalars(
            select(Notice)
            .where(Notice.effective_on <= today)
            .order_by(Notice.effective_on.desc(), Notice.id.desc())
        ).all()

    def undoing(self, ids: Collection[int]) -> Sequence[Txn]:
        """Refunds, voids and chargebacks of these payments, oldest first."""
        return [one for one in self._made_of(ids) if one.kind in _UNDOING]

    def carried_by(self, payout_no: str) -> Sequence[Txn]:
        """Everything that a payout settles: payments, and what was taken back from them."""
        return self._session.scalars(
            select(Txn)
            .join(SettleItem, SettleItem.txn_id == Txn.id)
            .where(Txn.mid == self.mid, SettleItem.payout_no == payout_no)
            .options(joinedload(Txn.item))
        ).all()

    def payouts(self, since: datetime, until: datetime) -> Sequence[Payout]:
        """Payouts made between the two moments, newest first."""
        return self._session.scalars(
            select(Payout)
            .where(Payout.mid == self.mid, Payout.created_at >= since, Payout.created_at < until)
            .order_by(Payout.created_at.desc())
        ).all()

    def terminals_with(self, version: str, codes: Collection[str], since: datetime) -> int:
        """On how many terminals of a version, anybody's, such codes came back: never which.

        At most SAMPLE terminals are looked at, so that the answer takes as long in a large ledger.
        """
        sample = (
            select(Terminal.tid, Terminal.mid)
            .where(Terminal.app_version == version)
            .limit(SAMPLE)
            .subquery()
        )
        seen = (
            select(func.count(func.distinct(Txn.tid)))
            .join(sample, (sample.c.mid == Txn.mid) & (sample.c.tid == Txn.tid))
            .where(Txn.local_at >= since, Txn.response_code.in_(codes))
        )
        return self._session.scalar(seen) or 0

    def _numbered(self, number: str) -> CompoundSelect[tuple[int]]:
        """Ids by either of the two numbers, each through its own index."""
        own = select(Txn.id).where(Txn.mid == self.mid)
        return own.where(Txn.order_no == number).union_all(own.where(Txn.wallet_no == number))

    def _made_of(self, ids: Collection[int]) -> list[Txn]:
        """What followed these payments, oldest first; the merchant is checked on the rows."""
        wanted = select(Txn).where(Txn.original_id.in_(ids))
        own = [one for one in self._session.scalars(wanted) if one.mid == self.mid]
        return _newest_first(own)[::-1]

    def _payments(self) -> Select[tuple[Txn]]:
        return (
            select(Txn)
            .where(Txn.mid == self.mid, Txn.kind.in_(_PAYMENTS))
            .options(
                joinedload(Txn.clearing),
                joinedload(Txn.item).joinedload(SettleItem.payout),
                joinedload(Txn.item).joinedload(SettleItem.hold),
            )
        )


def _newest_first(txns: Iterable[Txn]) -> list[Txn]:
    """Sorted here where rows are few: a database that sorts walks all the merchant's payments."""
    return sorted(txns, key=lambda one: (one.local_at, one.id), reverse=True)
