"""Balance reminders (ARTICLE.md F2): set, changed and stopped in the talk, told once by the worker.

The ledger may be somebody else's and is never written to: reminders have a table of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.models import BalanceWatch
from daozhang.cases.promises import News, Whereabouts, where_it_was_made
from daozhang.ledger.models import Merchant
from daozhang.money import format_yuan
from daozhang.replies import Reply
from daozhang.texts import load_texts

__all__ = ["MOST", "low_balances", "reminder_of", "set_reminder", "stop_reminder"]

MOST = 100_000_000
"""Fen; a reminder at a higher balance is a slip of the finger."""


def reminder_of(session: Session, mid: str) -> int | None:
    """Below how many fen the merchant wants to be told; None when they do not."""
    watch = session.get(BalanceWatch, mid)
    return watch.below if watch else None


def set_reminder(
    session: Session, merchant: Merchant, conversation_id: str, below: int, now: datetime
) -> bool:
    """Watch for a balance below so many fen; True when it is there already, which counts as told.

    There is one reminder a merchant: a new one takes the place of the old.
    """
    low = merchant.balance < below
    watch = session.get(BalanceWatch, merchant.mid)
    if watch is None:
        watch = BalanceWatch(mid=merchant.mid)
        session.add(watch)
    watch.conversation_id, watch.below = conversation_id, below
    watch.told_at = now if low else None
    return low


def stop_reminder(session: Session, mid: str) -> bool:
    """Watch no more; False when there was nothing to stop."""
    watch = session.get(BalanceWatch, mid)
    if watch is not None:
        session.delete(watch)
    return watch is not None


def low_balances(
    session: Session, now: datetime, where: Whereabouts = where_it_was_made
) -> Sequence[News]:
    """Balances that have fallen below what was set; each is marked told in this transaction.

    A balance is told again only after it has been filled up meanwhile.
    """
    watches = session.scalars(
        select(BalanceWatch).order_by(BalanceWatch.mid).with_for_update(skip_locked=True)
    ).all()
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
            watch.told_at = None
        elif there := where(watch.mid, watch.conversation_id):
            watch.told_at = now
            told.append(News(f"balance of {watch.mid}", there, (_low(watch, balance),)))
    return told


def _low(watch: BalanceWatch, balance: int) -> Reply:
    amount, left = format_yuan(watch.below), format_yuan(balance)
    return Reply(text=load_texts("assistant")("reminder_low", amount=amount, balance=left))
