"""Promises: what is watched for a merchant, and the news when it happens, told once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, CaseStatus, Promise, PromiseKind, PromiseState
from daozhang.cases.tickets import open_ticket, ticket_card
from daozhang.database import insert_into
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.verdict import Finding, Verdict
from daozhang.errors import InputError
from daozhang.replies import Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.texts import load_texts

__all__ = [
    "REVERSAL_PATIENCE",
    "WATCHED_FOR",
    "News",
    "Whereabouts",
    "due",
    "look_again",
    "news",
    "promise",
    "where_it_was_made",
]

REVERSAL_PATIENCE = timedelta(minutes=30)
"""A payment that is still unknown after this goes to error handling (DOMAIN.md §4.1)."""

WATCHED_FOR = timedelta(days=30)
"""How long a promise stands. A payout that was returned takes up to 7 working days, an open
pre-authorisation 30 days (DOMAIN.md §5); most channels carry no news to who has left the talk
longer than two days ago (§8), so it has to wait for them to come back."""

_SHARE_OF_AGE = 30
_SELDOM = timedelta(minutes=5)
"""Who has waited for an hour hears two minutes after it happened, who waits for days after five:
looking at a merchant costs as much as answering them."""


type Whereabouts = Callable[[str, str], str | None]
"""From a merchant and the conversation in which a promise was made to the one in which to keep it;
None while there is none that the merchant can read."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that was promised to be told; `about` is for the log."""

    about: str
    conversation_id: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """News of one promise: what was found of which payments; of none when it gave up on them."""

    news: News
    finding: Finding | None = None
    payments: frozenset[int] = frozenset()


def promise(session: Session, case: Case, kind: PromiseKind, now: datetime) -> bool:
    """Watch the case's payments; False when the same watch is being kept already.

    The store decides: of two talks that promise in the same instant the later one gets False.
    """
    made = insert_into(session, Promise).values(
        case_id=case.id,
        conversation_id=case.conversation_id,
        mid=case.mid,
        kind=kind,
        txn_ids=case.txn_ids,
        payments=hashlib.sha256(json.dumps(sorted(case.txn_ids)).encode()).hexdigest(),
        made_at=now,
        look_at=now,
        finding=case.finding or "",
        state=PromiseState.OPEN,
    )
    return session.scalar(made.on_conflict_do_nothing().returning(Promise.id)) is not None


def where_it_was_made(_mid: str, made_in: str) -> str:
    """Write into the conversation in which the promise was made."""
    return made_in


def due(session: Session, now: datetime) -> Sequence[str]:
    """The merchants who may have news, those that have waited longest first."""
    return session.scalars(
        select(Promise.mid)
        .where(Promise.state == PromiseState.OPEN, Promise.look_at <= now)
        .group_by(Promise.mid)
        .order_by(func.min(Promise.look_at), Promise.mid)
    ).all()


def look_again(session: Session, mid: str, at: datetime) -> None:
    """Look at the merchant's open promises at `at`; they are nobody else's until the transaction
    ends. To be called once a merchant who could not be reached is back."""
    session.execute(
        update(Promise)
        .where(Promise.mid == mid, Promise.state == PromiseState.OPEN)
        .values(look_at=at)
        .execution_options(synchronize_session=False)
    )


def news(
    session: Session,
    calendar: WorkCalendar,
    now: datetime,
    mid: str,
    where: Whereabouts = where_it_was_made,
) -> Sequence[News]:
    """What has happened to the payments that the merchant waits for, which is noted in this
    transaction.

    A promise stays open until its money is settled or a person takes over, so that "it is late" is
    followed by "it is here"; but for no longer than WATCHED_FOR, of which the merchant is told.
    While they are nowhere to be reached it waits for them, and then lapses. The caller writes the
    news into the conversation in the same transaction, so that neither a crash nor a second worker
    loses or doubles it.
    """
    look_again(session, mid, now + _SELDOM)
    open_ones = session.scalars(
        select(Promise)
        .where(Promise.mid == mid, Promise.state == PromiseState.OPEN)
        .order_by(Promise.id)
        .execution_options(populate_existing=True)
    ).all()
    newest = max((one.made_at for one in open_ones), default=now)
    places = [where(mid, one.conversation_id) for one in open_ones]
    investigation = _look_into(session, mid, calendar, now) if any(places) else None
    changes: list[_Change] = []
    for one, there in zip(open_ones, places, strict=True):
        one.look_at = now + min((now - newest) / _SHARE_OF_AGE, _SELDOM)
        verdict = investigation.of(one.txn_ids) if investigation and there else None
        if there and verdict:
            changes.extend(_what_changed(session, one, verdict, now, there))
        elif now - one.made_at >= WATCHED_FOR:
            one.state = PromiseState.LAPSED
    return [one.news for one in _each_once(changes)]


def _look_into(
    session: Session, mid: str, calendar: WorkCalendar, now: datetime
) -> Investigation | None:
    try:
        return Investigation(session, mid, calendar, now)
    except InputError:
        return None


def _what_changed(
    session: Session, one: Promise, verdict: Verdict, now: datetime, there: str
) -> list[_Change]:
    case, age = session.get_one(Case, one.case_id), now - one.made_at
    about, texts = f"promise {one.id}", load_texts("assistant")
    if verdict.finding != one.finding:
        one.finding = verdict.finding
        if verdict.settled:
            one.state, one.kept_at = PromiseState.KEPT, now
        case.outcome, case.finding, case.cause = verdict.outcome, verdict.finding, verdict.cause
        if verdict.settled and case.status is CaseStatus.INFORMED:
            case.status = CaseStatus.SOLVED
        opening = texts("kept")
    elif one.kind is PromiseKind.REVERSAL and age >= REVERSAL_PATIENCE:
        one.state, one.kept_at = PromiseState.KEPT, now
        case.conversation_id = there
        return [_Change(News(about, there, (_reversal_late(session, case, now),)))]
    elif age >= WATCHED_FOR:
        one.state = PromiseState.LAPSED
        opening = texts("promise_over", days=WATCHED_FOR.days)
    else:
        return []
    first, *rest = tell(verdict, now)
    replies = (first.model_copy(update={"text": opening + first.text}), *rest)
    ids = verdict.subject.ids if verdict.subject else ()
    return [_Change(News(about, there, replies), verdict.finding, frozenset(ids))]


def _each_once(changes: Sequence[_Change]) -> Sequence[_Change]:
    """Without those of which another one tells the same, of these payments or more: a day can be
    watched, and a payment of that day as well."""
    told: list[_Change] = []
    for one in sorted(changes, key=lambda change: len(change.payments), reverse=True):
        known = (other for other in told if other.finding == one.finding)
        if not one.payments or not any(one.payments <= other.payments for other in known):
            told.append(one)
    return told


def _reversal_late(session: Session, case: Case, now: datetime) -> Reply:
    ticket = open_ticket(session, case, "reversal_late", now)
    return Reply(
        text=load_texts("assistant")("kept_reversal_late"),
        ticket=ticket_card(session, ticket, now),
    )
