"""The moment a stranger has proven who they are: what they had asked is answered at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from daozhang.cases.granting import grant_wish
from daozhang.cases.models import CaseStatus
from daozhang.cases.parking import offer_return
from daozhang.cases.strangers import recognise, wanted
from daozhang.cases.talk import Talk, led
from daozhang.cases.telling import look_up
from daozhang.diagnosis.investigation import Investigation
from daozhang.replies import Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.understanding import Understanding

__all__ = ["hand_over_stranger", "welcome"]


def welcome(
    session: Session, calendar: WorkCalendar, now: datetime, conversation_id: str, mid: str
) -> list[Reply]:
    """The bubbles for whoever has just proven to be `mid`; the first one ends the form."""
    talk = Talk(session, calendar, now, conversation_id, mid, Understanding("", "greet"))
    name = Investigation(session, mid, calendar, now).merchant.name
    replies = led(talk.texts("proven", name=name), _answered(talk))
    replies[0] = replies[0].model_copy(update={"identity": "proven"})
    if talk.case is not None:
        talk.case.changed_at = now
    return offer_return(talk, replies)


def hand_over_stranger(
    session: Session, calendar: WorkCalendar, now: datetime, conversation_id: str
) -> list[Reply]:
    """A person has to find out who this is: too many codes were wrong."""
    talk = Talk(session, calendar, now, conversation_id, None, Understanding("", "ask_human"))
    if (case := wanted(talk)) is not None:
        talk.case, talk.understood = case, Understanding(case.complaint, "ask_human")
    return talk.hand_over("identity")


def _answered(talk: Talk) -> list[Reply]:
    waiting = recognise(talk)
    if waiting is None:
        return talk.says("proven_ask")
    case, question = waiting
    talk.understood = Understanding(case.complaint, question.intent)
    if granted := grant_wish(talk):
        case.status = CaseStatus.CLOSED
        return granted
    talk.case = case
    return look_up(talk, case, question.asked)
