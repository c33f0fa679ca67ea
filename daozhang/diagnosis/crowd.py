"""Crowd evidence: the same trouble at many merchants at once speaks for an incident.

For staff only: it looks across merchants. What it suspects is told to nobody until a person has
opened an incident and said what may be public.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from daozhang.ledger.incidents import running
from daozhang.ledger.models import Merchant, Payout, Terminal, Txn
from daozhang.ledger.words import IncidentScope, PayoutState

__all__ = ["AT_LEAST", "SHARE", "WINDOW", "Suspicion", "suspicions"]

WINDOW = timedelta(hours=1)
"""How far back failed payments are counted."""
AT_LEAST = 5
"""Fewer merchants than this are no crowd."""
SHARE = 0.3
"""The part of all that must be in trouble: a busy bank always has some refusals."""

_BANK_SILENT = ("91", "92", "98", "06")
_SLOW = ("96", "09", "68")
_KEYS_OR_FORMAT = ("A0", "30", "63", "99")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """An incident that the rows speak for: what, since when, and how many merchants."""

    scope: IncidentScope
    target: str
    since: datetime
    merchants: int
    troubled: int
    looked_at: int
    fact: str


def suspicions(session: Session, now: datetime) -> Sequence[Suspicion]:
    """What many merchants suffer at this moment and no running incident explains yet."""
    known = {(one.scope, one.target) for one in running(session, now)}
    found = (*_silent_issuers(session, now), *_slow_channels(session, now))
    found = (*found, *_stuck_banks(session, now), *_silent_regions(session, now))
    found = (*found, *_bad_versions(session, now))
    new = [one for one in found if (one.scope, one.target) not in known]
    return sorted(new, key=lambda one: one.merchants, reverse=True)


def _silent_issuers(session: Session, now: datetime) -> Iterator[Suspicion]:
    for row in _by(session, now, Txn.issuer, Txn.response_code.in_(_BANK_SILENT)):
        yield _suspicion(IncidentScope.BANK, row, "codes 91/92/98/06")


def _slow_channels(session: Session, now: datetime) -> Iterator[Suspicion]:
    for row in _by(session, now, Txn.channel, Txn.response_code.in_(_SLOW)):
        yield _suspicion(IncidentScope.CHANNEL, row, "codes 96/09/68")


def _bad_versions(session: Session, now: datetime) -> Iterator[Suspicion]:
    troubled = Txn.response_code.in_(_KEYS_OR_FORMAT)
    for row in _by(session, now, Terminal.app_version, troubled):
        yield _suspicion(IncidentScope.VERSION, row, "codes A0/30/63/99 on one version")


def _stuck_banks(session: Session, now: datetime) -> Iterator[Suspicion]:
    """Receiving banks that leave payouts without an answer after they were due."""
    stuck = case((Payout.state == PayoutState.PAYING, 1), else_=0)
    rows = session.execute(
        select(
            Payout.account_bank,
            func.min(Payout.due_at),
            func.count(func.distinct(case((stuck == 1, Payout.mid)))),
            func.sum(stuck),
            func.count(),
        )
        .where(Payout.due_at <= now, Payout.due_at > now - timedelta(days=1))
        .group_by(Payout.account_bank)
    )
    for row in rows:
        if _is_crowd(row[2], row[3], row[4]):
            yield _suspicion(IncidentScope.BANK, tuple(row), "payouts without an answer")


def _silent_regions(session: Session, now: datetime) -> Iterator[Suspicion]:
    """Regions whose terminals have gone silent together."""
    silent = case((Terminal.last_heartbeat_at < now - timedelta(minutes=30), 1), else_=0)
    rows = session.execute(
        select(
            Terminal.registered_area,
            func.max(Terminal.last_heartbeat_at),
            func.count(func.distinct(case((silent == 1, Terminal.mid)))),
            func.sum(silent),
            func.count(),
        )
        .where(Terminal.last_heartbeat_at > now - timedelta(days=1))
        .group_by(Terminal.registered_area)
    )
    for row in rows:
        if _is_crowd(row[2], row[3], row[4]):
            yield _suspicion(IncidentScope.REGION, tuple(row), "terminals silent together")


def _by(
    session: Session,
    now: datetime,
    what: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    troubled: ColumnElement[bool],
) -> Iterator[tuple[str, datetime, int, int, int]]:
    """Payments of the window by `what`: target, first trouble, merchants, troubled, all.

    They are looked up merchant by merchant, for which there is an index.
    """
    rows = session.execute(
        select(
            what,
            func.min(case((troubled, Txn.local_at))),
            func.count(func.distinct(case((troubled, Txn.mid)))),
            func.sum(case((troubled, 1), else_=0)),
            func.count(),
        )
        .outerjoin(Terminal, Terminal.tid == Txn.tid)
        .where(Txn.mid.in_(select(Merchant.mid)))
        .where(Txn.local_at > now - WINDOW, Txn.local_at <= now, what.is_not(None))
        .group_by(what)
    )
    for target, since, merchants, count, total in rows:
        if _is_crowd(merchants, count, total):
            yield str(target), since, merchants, count, total


def _is_crowd(merchants: int, troubled: int, total: int) -> bool:
    return merchants >= AT_LEAST and troubled >= SHARE * total


def _suspicion(
    scope: IncidentScope, row: tuple[str, datetime, int, int, int], fact: str
) -> Suspicion:
    target, since, merchants, troubled, total = row
    return Suspicion(scope, target, since, merchants, troubled, total, fact)
