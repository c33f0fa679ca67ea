"""Balance reminders (ARTICLE.md F2): set, changed and stopped in the talk, told once by the worker.

The ledger may be somebody else's and is never written to: reminders have a table of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from daozhang.cases.models import BalanceWatch
from daozhang.cases.promises import News, Whereabouts, where_it_was_made
from daozhang.database import insert_into
from daozhang.ledger.models import Merchant
from daozhang.money import format_yuan
from daozhang.replies import Reply
from daozhang.texts import load_texts

__all__ = ["MOST", "low_balances", "reminder_of", "set_reminder", "stop_reminder"]

MOST = 100_000_000
"""Fen; a reminder at a higher balance is a slip of the finger."""


def reminder_of(session: Session, mid: str) -> int | None:
    """Below how many fen the merchant wants to be told; None when they do not."""
    return session.scalar(select(BalanceWatch.below).where(BalanceWatch.mid == mid))


def set_reminder(
    session: Session, merchant: Merchant, conversation_id: str, below: int, now: datetime
) -> bool:
    """Watch for a balance below so many fen; True when it is there already, which counts as told.

    There is one reminder a merchant: a new one takes the place of the old, also when two talks set
    one in the same instant.
    """
    low = merchant.balance < below
    wanted = {"conversation_id": conversation_id, "below": below, "told_at": now if low else None}
    setting = insert_into(session, BalanceWatch).values(mid=merchant.mid, **wanted)
    session.execute(setting.on_conflict_do_update(index_elements=["mid"], set_=wanted))
    return low


def stop_reminder(session: Session, mid: str) -> bool:
    """Watch no more; False when there was nothing to stop."""
    stopping = delete(BalanceWatch).where(BalanceWatch.mid == mid).returning(BalanceWatch.mid)
    return session.scalar(stopping) is not None


def low_balances(
    session: Session, now: datetime, where: Whereabouts = where_it_was_made
) -> Sequence[News]:
    """Balances that have fallen below what was set; each is marked told in this transaction.

    A balance is told again only after it has been filled up meanwhile.
    """
    watches = session.scalars(select(BalanceWatch).order_by(BalanceWatch.mid)).all()
    wanted = [one.mid for one in watches]
    balances = {
        one.mid: one.balance
        for one in session.scalars(select(Merchant).where(Merchant.mid.in_(wanted)))
    }
    told: list[News] = []
    for watch in watches:
        balance = balances.get(watch.mid)
        if balance is None or (balance < watch.below) == (watch.told_at is not None):
            continue
        if balance >= watch.below:
            _mark(session, watch, None)
        elif (there := where(watch.mid, watch.conversation_id)) and _mark(session, watch, now):
            told.append(News(f"balance of {watch.mid}", there, (_low(watch, balance),)))
    return told


def _mark(session: Session, watch: BalanceWatch, told_at: datetime | None) -> bool:
    """Note that it has been told, or is not low any more; False when the merchant has changed their
    wish meanwhile, or another worker was first."""
    marking = (
        update(BalanceWatch)
        .where(
            BalanceWatch.mid == watch.mid,
            BalanceWatch.below == watch.below,
            BalanceWatch.told_at.is_not_distinct_from(watch.told_at),
        )
        .values(told_at=told_at)
        .returning(BalanceWatch.mid)
    )
    return session.scalar(marking.execution_options(synchronize_session=False)) is not None


def _low(watch: BalanceWatch, balance: int) -> Reply:
    amount, left = format_yuan(watch.below), format_yuan(balance)
    return Reply(text=load_texts("assistant")("reminder_low", amount=amount, balance=left))
