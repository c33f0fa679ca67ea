"""Whoever has not proven to be a merchant: what they want of the ledger is kept until they have."""

from __future__ import annotations

from sqlalchemy import select

from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.questions import Asked, ProofQuestion, read_question
from daozhang.cases.talk import Talk
from daozhang.cases.tickets import ticket_of
from daozhang.replies import Reply

__all__ = ["ask_who", "first_prove", "recognise", "wanted"]


def first_prove(talk: Talk, case: Case, asked: Asked) -> list[Reply]:
    """Ask a stranger who they are. Of what they wanted, the newest is kept; it gets no row."""
    for earlier in _waiting(talk):
        earlier.status = CaseStatus.CLOSED
    case.status = CaseStatus.PARKED
    question = ProofQuestion(intent=talk.understood.intent, asked=asked)
    case.question = question.model_dump(mode="json")
    return ask_who(talk)


def ask_who(talk: Talk) -> list[Reply]:
    """The form for it, or where to come in when it cannot be proven here."""
    if not talk.can_prove:
        return talk.says("unknown_merchant")
    return [Reply(text=talk.texts("prove_first"), identity="asked")]


def recognise(talk: Talk) -> tuple[Case, ProofQuestion] | None:
    """The talk's cases and ticket are the merchant's from now on. What they had asked, if any."""
    cases = select(Case).where(Case.conversation_id == talk.conversation_id, Case.mid.is_(None))
    waiting = wanted(talk)
    for case in talk.session.scalars(cases).all():
        case.mid = talk.mid
    ticket = ticket_of(talk.session, talk.conversation_id)
    if ticket is not None and ticket.mid is None:
        ticket.mid = talk.mid
    question = read_question(waiting.question) if waiting else None
    if waiting is None or not isinstance(question, ProofQuestion):
        return None
    waiting.question, waiting.status = None, CaseStatus.CLARIFYING
    return waiting, question


def wanted(talk: Talk) -> Case | None:
    """The case that waits for a proof, if any."""
    return next(iter(_waiting(talk)), None)


def _waiting(talk: Talk) -> list[Case]:
    """Cases of this conversation that wait for a proof, the newest first."""
    parked = select(Case).where(
        Case.conversation_id == talk.conversation_id, Case.status == CaseStatus.PARKED
    )
    return [
        one
        for one in talk.session.scalars(parked.order_by(Case.id.desc()))
        if isinstance(read_question(one.question), ProofQuestion)
    ]
