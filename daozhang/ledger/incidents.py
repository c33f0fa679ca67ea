"""Incidents as staff keep them: what runs, what begins, what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from daozhang.errors import InputError
from daozhang.ledger.models import Incident
from daozhang.ledger.words import IncidentScope

__all__ = ["begin", "end", "running"]


def running(session: Session, now: datetime) -> Sequence[Incident]:
    """Incidents that have begun and are not over, the oldest first."""
    return session.scalars(
        select(Incident)
        .where(Incident.since <= now, or_(Incident.until.is_(None), Incident.until > now))
        .order_by(Incident.since)
    ).all()


def begin(
    session: Session,
    scope: IncidentScope,
    target: str,
    now: datetime,
    public_text: str | None,
    *,
    planned: bool = False,
) -> Incident:
    """Open an incident as of now. Raises InputError when the same one is running already."""
    if any((one.scope, one.target) == (scope, target) for one in running(session, now)):
        raise InputError(f"{scope} {target} 的故障已经登记了，用 daozhang incidents list 查看")
    incident = Incident(
        scope=scope, target=target, since=now, planned=planned, public_text=public_text
    )
    session.add(incident)
    session.flush()
    return incident


def end(session: Session, number: int, now: datetime) -> None:
    """Close a running incident. Raises InputError when there is none of that number."""
    for incident in running(session, now):
        if incident.id == number:
            incident.until = now
            return
    raise InputError(f"没有进行中的故障 {number}，用 daozhang incidents list 查看")
