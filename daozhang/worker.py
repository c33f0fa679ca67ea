"""The worker keeps promises: it writes first when what a merchant waits for has happened. It also
forgets what nobody needs any more."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from daozhang.cases.promises import News, due, look_again, news
from daozhang.cases.reminders import low_balances
from daozhang.conversations.log import lock
from daozhang.conversations.reach import where_to_write
from daozhang.conversations.turn import deliver
from daozhang.database import Sessions
from daozhang.identity import forget
from daozhang.ledger.source import open_store
from daozhang.settings import Settings
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["keep_promises", "run_worker"]

_LOG = logging.getLogger(__name__)

_PAUSE = 2.0
_LONGEST_PAUSE = 60.0


def run_worker(settings: Settings, stop: threading.Event | None = None) -> None:
    """Look for news every few seconds until SIGTERM, Ctrl-C or `stop`. Errors do not end it."""
    stopped = stop or _stop_on_signals()
    calendar = WorkCalendar.load()
    engine, sessions = open_store(settings)
    pause = _PAUSE
    while not stopped.is_set():
        try:
            keep_promises(sessions, calendar, settings.clock.now())
            pause = _PAUSE
        except Exception:
            pause = min(pause * 2, _LONGEST_PAUSE)
            _LOG.exception("keeping promises failed; again in %.0f s", pause)
        stopped.wait(pause)
    engine.dispose()


def keep_promises(sessions: Sessions, calendar: WorkCalendar, now: datetime) -> int:
    """Tell what there is to tell, once, and forget; how many times a merchant was written to.

    Each merchant has a transaction of their own: one that fails holds up no other.
    """
    told = 0
    with sessions() as session:
        waiting = due(session, now)
    for mid in waiting:
        try:
            with sessions.begin() as session:
                where = partial(where_to_write, session, now)
                told += _tell(session, news(session, calendar, now, mid, where), now)
        except Exception:
            _LOG.exception("merchant %s could not be told; again in %.0f s", mid, _LONGEST_PAUSE)
            with sessions.begin() as session:
                look_again(session, mid, now + timedelta(seconds=_LONGEST_PAUSE))
    with sessions.begin() as session:
        where = partial(where_to_write, session, now)
        told += _tell(session, low_balances(session, now, where), now)
        forget(session, now)
    return told


def _tell(session: Session, news: Sequence[News], now: datetime) -> int:
    # In one order everywhere, so that two workers cannot wait for each other.
    for one in sorted(news, key=lambda one: one.conversation_id):
        deliver(session, lock(session, one.conversation_id), one.replies, now)
        _LOG.info("conversation %s: told of %s", one.conversation_id, one.about)
    return len(news)


def _stop_on_signals() -> threading.Event:
    stopped = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _number, _frame: stopped.set())
    return stopped
