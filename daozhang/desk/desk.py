"""Taking tickets: who waits, what is known, an answer into the conversation, and the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, CaseStatus, Ticket, TicketState
from daozhang.clock import Clock
from daozhang.conversations.control import move
from daozhang.conversations.log import Entry, lock, read_last, say
from daozhang.conversations.models import Author, Control, Conversation
from daozhang.database import Sessions
from daozhang.errors import InputError
from daozhang.redaction import redact
from daozhang.replies import Reply
from daozhang.texts import load_texts

__all__ = ["Desk", "TicketLine", "TicketView"]

_TRANSCRIPT = 1000
"""So many messages are shown with a ticket, the newest ones."""


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in the queue."""

    number: str
    mid: str | None
    reason: str
    state: TicketState
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class TicketView:
    """All that the person who takes the ticket needs: the summary and the talk up to now."""

    line: TicketLine
    summary: tuple[str, ...]
    transcript: tuple[Entry, ...]


class Desk:
    """The tickets in the store behind `sessions`."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    def list_tickets(self) -> Sequence[TicketLine]:
        """Tickets that are not closed, the most urgent and then the oldest first."""
        with self._sessions() as session:
            open_ones = session.scalars(
                select(Ticket)
                .where(Ticket.state != TicketState.CLOSED)
                .order_by(Ticket.priority.desc(), Ticket.opened_at, Ticket.number)
            )
            return [_line(one) for one in open_ones]

    def show_ticket(self, number: str) -> TicketView:
        """Raises InputError when there is no such ticket."""
        with self._sessions() as session:
            ticket = _ticket(session, number)
            talk = read_last(session, ticket.conversation_id, _TRANSCRIPT)
            return TicketView(_line(ticket), tuple(ticket.summary), tuple(talk))

    def reply(self, number: str, text: str, staff: str) -> None:
        """Write to the merchant as `staff`; the conversation is theirs from now on.

        Raises InputError when there is no such open ticket, or the text is empty.
        """
        if not text.strip():
            raise InputError(load_texts("gateway")("desk_empty"))
        with self._sessions.begin() as session:
            ticket, conversation = _take(session, number)
            if conversation.control is not Control.HUMAN:
                move(conversation, Control.HUMAN, f"{staff} took {number}")
            ticket.state = TicketState.TAKEN
            kept = Reply(text=redact(text.strip()).text)
            say(session, conversation, Author.STAFF, kept, self._clock.now())

    def close(self, number: str) -> None:
        """The matter is settled: the merchant is told, and the bot has the conversation again.

        Raises InputError when there is no such open ticket.
        """
        with self._sessions.begin() as session:
            now = self._clock.now()
            ticket, conversation = _take(session, number)
            if conversation.control is not Control.BOT:
                move(conversation, Control.CLOSED, f"{number} closed")
                move(conversation, Control.BOT, f"{number} closed")
            ticket.state, ticket.closed_at = TicketState.CLOSED, now
            case = session.get_one(Case, ticket.case_id)
            if case.status is CaseStatus.HANDED_OVER:
                case.status, case.changed_at = CaseStatus.CLOSED, now
            told = Reply(text=load_texts("gateway")("ticket_closed", number=number))
            say(session, conversation, Author.SYSTEM, told, now)


def _ticket(session: Session, number: str) -> Ticket:
    ticket = session.get(Ticket, number)
    if ticket is None:
        raise InputError(load_texts("gateway")("desk_unknown", number=number))
    return ticket


def _take(session: Session, number: str) -> tuple[Ticket, Conversation]:
    """An open ticket and its conversation, locked."""
    ticket = _ticket(session, number)
    conversation = lock(session, ticket.conversation_id)
    session.refresh(ticket)
    if ticket.state is TicketState.CLOSED:
        raise InputError(load_texts("gateway")("desk_closed", number=number))
    return ticket, conversation


def _line(ticket: Ticket) -> TicketLine:
    return TicketLine(ticket.number, ticket.mid, ticket.reason, ticket.state, ticket.opened_at)
