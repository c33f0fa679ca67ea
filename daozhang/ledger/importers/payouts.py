"""Payouts of a bill on their way into the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from daozhang.clock import at, local_date
from daozhang.ledger.importers.desk import Outcome, Taken
from daozhang.ledger.importers.rows import PayoutRow
from daozhang.ledger.models import Merchant, Payout, SettleItem, Txn
from daozhang.ledger.terms import terms_of
from daozhang.ledger.words import ItemState, PayoutState, Product
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["PayoutDesk"]

_ONE_DAY = timedelta(days=1)
_PROGRESS = {
    PayoutState.CREATED: 0,
    PayoutState.PAYING: 1,
    PayoutState.FROZEN: 2,
    PayoutState.FAILED: 3,
    PayoutState.SUCCESS: 3,
    PayoutState.CREDITED: 4,
    PayoutState.RETURNED: 5,
}
"""How far a payout has come; news only lead forward. Even a success may be returned (退票)."""
_PAID = (PayoutState.SUCCESS, PayoutState.CREDITED)


class PayoutDesk:
    """Books payouts, takes in news of known ones and points to what they pay.

    A payout is linked with the items of its settlement day when these add up to it to the fen,
    and number as many as the bill says; else it is left without. One that was made in place of
    another (`previous_no`) leaves the items with that one.
    """

    def __init__(self, session: Session, calendar: WorkCalendar) -> None:
        self._session = session
        self._calendar = calendar
        self._waiting: dict[str, str] = {}
        """Successors whose predecessor has not come up yet."""

    def take(
        self, rows: Sequence[PayoutRow], merchants: Mapping[str, Merchant]
    ) -> Sequence[Outcome]:
        """Write `rows`, whose merchants are all in `merchants`, and say what became of each."""
        wanted = select(Payout).where(Payout.no.in_({row.no for row in rows}))
        ledger = {payout.no: payout for payout in self._session.scalars(wanted)}
        outcomes: list[Outcome] = []
        new: list[tuple[PayoutRow, Payout]] = []
        for row in rows:
            payout = ledger.get(row.no)
            if payout is None:
                payout = ledger[row.no] = self._book(row, merchants[row.mid])
                self._session.add(payout)
                new.append((row, payout))
                outcome: Outcome = Taken.STORED
            else:
                outcome = self._hear(row, payout)
            if isinstance(outcome, Taken) and row.previous_no and payout.previous_no is None:
                self._waiting[row.no] = row.previous_no
            outcomes.append(outcome)
        self._session.flush()
        for row, payout in new:
            if row.previous_no is None:
                self._link(row, payout)
        return outcomes

    def close(self) -> None:
        """Point successors to their predecessors, wherever in the file either stood."""
        for no, previous_no in self._waiting.items():
            payout = self._session.get_one(Payout, no)
            previous = self._session.get(Payout, previous_no)
            if previous is not None and previous.mid == payout.mid:
                payout.previous_no = previous_no

    def _book(self, row: PayoutRow, merchant: Merchant) -> Payout:
        return Payout(
            no=row.no,
            mid=row.mid,
            state=row.state,
            plan_amount=row.plan,
            suspended_amount=row.suspended,
            real_amount=row.real,
            due_at=self._due_at(row.created_at, merchant),
            created_at=row.created_at,
            submitted_at=None if row.state is PayoutState.CREATED else row.created_at,
            result_at=row.result_at,
            credited_at=row.credited_at,
            bank_channel="",
            account_bank=row.account_bank or merchant.account_bank,
            account_last4=row.account_last4 or merchant.account_last4,
            fail_text=row.fail_text[:120] if row.fail_text else None,
        )

    def _hear(self, row: PayoutRow, known: Payout) -> Outcome:
        if known.mid != row.mid:
            return "账上这个单号属于别的商户"
        if known.plan_amount != row.plan:
            return "账上已有这笔出款，但金额不同"
        if row.state is known.state or _PROGRESS[row.state] < _PROGRESS[known.state]:
            return Taken.KNOWN
        if _PROGRESS[row.state] == _PROGRESS[known.state]:
            return f"账上这笔出款已是 {known.state}，与这一行的 {row.state} 矛盾"
        known.state = row.state
        known.suspended_amount, known.real_amount = row.suspended, row.real
        known.result_at = row.result_at or known.result_at
        known.credited_at = row.credited_at
        known.fail_text = row.fail_text[:120] if row.fail_text else None
        self._session.execute(
            update(SettleItem)
            .where(SettleItem.payout_no == known.no)
            .values(state=_item_state(known))
        )
        return Taken.STORED

    def _link(self, row: PayoutRow, payout: Payout) -> None:
        if row.settle_day is None:
            return
        traded = at(row.settle_day - _ONE_DAY, time(0)), at(row.settle_day + _ONE_DAY, time(0))
        items = self._session.scalars(
            select(SettleItem)
            .join(Txn)
            .where(
                Txn.mid == row.mid,
                Txn.local_at >= traded[0],
                Txn.local_at < traded[1],
                SettleItem.settle_date == row.settle_day,
                SettleItem.payout_no.is_(None),
                SettleItem.state != ItemState.HELD,
            )
        ).all()
        if sum(item.net for item in items) != row.plan or row.items not in (None, len(items)):
            return
        for item in items:
            item.payout_no, item.state = payout.no, _item_state(payout)
        payout.due_at = max((item.due_at for item in items), default=payout.due_at)

    def _due_at(self, created_at: datetime, merchant: Merchant) -> datetime:
        """The end of the merchant's payout window in which a payout that was just made falls."""
        day, window_end = local_date(created_at), terms_of(merchant).window_end
        if created_at >= at(day, window_end):
            day += _ONE_DAY
        if merchant.product in (Product.T1, Product.T0):
            day = self._calendar.next_working_day(day - _ONE_DAY)
        return at(day, window_end)


def _item_state(payout: Payout) -> ItemState:
    return ItemState.PAID if payout.state in _PAID else ItemState.DUE
