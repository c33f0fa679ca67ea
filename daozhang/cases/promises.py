"""Promises: what is watched for a merchant, and the news when it happens, told once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, CaseStatus, Promise, PromiseKind, PromiseState
from daozhang.cases.tickets import open_ticket, ticket_card
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.errors import InputError
from daozhang.replies import Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.texts import load_texts

__all__ = ["REVERSAL_PATIENCE", "News", "Whereabouts", "news", "promise", "where_it_was_made"]

_LOG = logging.getLogger(__name__)

REVERSAL_PATIENCE = timedelta(minutes=30)
"""A payment that is still unknown after this goes to error handling (DOMAIN.md §4.1)."""


type Whereabouts = Callable[[str, str], str | None]
"""From a merchant and the conversation in which a promise was made to the one in which to keep it;
None while there is none that the merchant can read."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that was promised to be told; `about` is for the log."""

    about: str
    conversation_id: str
    replies: tuple[Reply, ...]


def promise(session: Session, case: Case, kind: PromiseKind, now: datetime) -> bool:
    """Watch the case's payments; False when the same watch is being kept already."""
    standing = session.scalars(
        select(Promise).where(Promise.mid == case.mid, Promise.state == PromiseState.OPEN)
    ).all()
    if any(one.txn_ids == case.txn_ids and one.kind is kind for one in standing):
        return False
    session.add(
        Promise(
            case_id=case.id,
            conversation_id=case.conversation_id,
            mid=case.mid,
            kind=kind,
            txn_ids=case.txn_ids,
            made_at=now,
            finding=case.finding or "",
            state=PromiseState.OPEN,
        )
    )
    return True


def where_it_was_made(_mid: str, made_in: str) -> str:
    """Write into the conversation in which the promise was made."""
    return made_in


def news(
    session: Session,
    calendar: WorkCalendar,
    now: datetime,
    where: Whereabouts = where_it_was_made,
) -> Sequence[News]:
    """Open promises whose payments have a new finding, which is noted in this transaction.

    A promise stays open until its money is settled or a person takes over, so that "it is late" is
    followed by "it is here". One that cannot be looked up holds up no other, one whose merchant is
    nowhere to be reached waits until they are. The caller writes the
    news into the conversation in the same transaction, so that neither a crash nor a second worker
    loses or doubles it: rows are locked where the store can.
    """
    open_ones = session.scalars(
        select(Promise)
        .where(Promise.state == PromiseState.OPEN)
        .order_by(Promise.id)
        .with_for_update(skip_locked=True)
    ).all()
    told: list[News] = []
    for one in open_ones:
        try:
            there = where(one.mid, one.conversation_id)
            replies = _what_changed(session, one, calendar, now, there) if there else []
        except Exception:
            _LOG.exception("promise %s could not be looked up", one.id)
            continue
        if there and replies:
            told.append(News(f"promise {one.id}", there, tuple(replies)))
    return told


def _what_changed(
    session: Session, one: Promise, calendar: WorkCalendar, now: datetime, there: str
) -> list[Reply]:
    try:
        investigation = Investigation(session, one.mid, calendar, now)
    except InputError:
        return []
    verdict = investigation.of(one.txn_ids)
    case = session.get(Case, one.case_id)
    if verdict is None or case is None:
        return []
    if verdict.finding == one.finding:
        if one.kind is PromiseKind.ARRIVAL or now - one.made_at < REVERSAL_PATIENCE:
            return []
        one.state, one.kept_at = PromiseState.KEPT, now
        case.conversation_id = there
        return [_reversal_late(session, case, now)]
    one.finding = verdict.finding
    if verdict.settled:
        one.state, one.kept_at = PromiseState.KEPT, now
    case.outcome, case.finding, case.cause = verdict.outcome, verdict.finding, verdict.cause
    if verdict.settled and case.status is CaseStatus.INFORMED:
        case.status = CaseStatus.SOLVED
    first, *rest = tell(verdict, now)
    opening = load_texts("assistant")("kept")
    return [first.model_copy(update={"text": opening + first.text}), *rest]


def _reversal_late(session: Session, case: Case, now: datetime) -> Reply:
    ticket = open_ticket(session, case, "reversal_late", now)
    return Reply(
        text=load_texts("assistant")("kept_reversal_late"),
        ticket=ticket_card(session, ticket, now),
    )
