"""What the gateway has to know of a conversation's case, and its way out when the bot is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as when
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.tickets import open_ticket, ticket_card
from daozhang.replies import Reply
from daozhang.texts import load_texts

__all__ = ["CaseState", "case_state", "hand_over_unanswered", "latest_case"]

_OPEN = [status for status in CaseStatus if status.is_open]


@dataclass(frozen=True, slots=True)
class CaseState:
    """Whether the next message belongs to an open case, and the bot session that it runs in.

    Every case gets a session of its own, since a tracker that grows makes every turn slower.
    """

    open: bool
    session_key: str


def latest_case(session: Session, conversation_id: str) -> Case | None:
    """The case that the next message belongs to: the open one, else the one that changed last."""
    return session.scalars(
        select(Case)
        .where(Case.conversation_id == conversation_id, Case.status != CaseStatus.PARKED)
        .order_by(
            when((Case.status.in_(_OPEN), 0), else_=1), Case.changed_at.desc(), Case.id.desc()
        )
        .limit(1)
    ).first()


def case_state(session: Session, conversation_id: str) -> CaseState:
    """The state that goes with the next message of this conversation to the bot."""
    case = latest_case(session, conversation_id)
    if case is None:
        return CaseState(open=False, session_key=conversation_id)
    return CaseState(case.status.is_open, f"{conversation_id}.{case.id}")


def hand_over_unanswered(
    session: Session, conversation_id: str, mid: str | None, text: str, now: datetime
) -> Reply:
    """A ticket for a message that the bot could not answer, and what the merchant is told."""
    case = latest_case(session, conversation_id)
    if case is None or not case.status.is_open:
        case = Case(
            conversation_id=conversation_id,
            mid=mid,
            status=CaseStatus.CLARIFYING,
            opened_at=now,
            changed_at=now,
            complaint=text,
        )
        session.add(case)
        session.flush()
    ticket = open_ticket(session, case, "bot_down", now, [f"未答复：{text}"])
    return Reply(
        text=load_texts("assistant")("ticket_open_bot_down"),
        ticket=ticket_card(session, ticket, now),
    )
