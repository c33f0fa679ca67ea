"""The record of help: cases, tickets, promises and the turns that were taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from daozhang.database import Base, Moment, Word

__all__ = [
    "BalanceWatch",
    "Case",
    "CaseStatus",
    "Lesson",
    "Promise",
    "PromiseKind",
    "PromiseState",
    "Ticket",
    "TicketState",
    "Turn",
]


class CaseStatus(StrEnum):
    """CLARIFYING and WALKING cases are open: every next message belongs to them.

    Of one conversation at most one is open. A PARKED case waits for its turn: a walk that something
    else came between, or a complaint that was only noted.
    """

    CLARIFYING = "clarifying"
    WALKING = "walking"
    PARKED = "parked"
    INFORMED = "informed"
    SOLVED = "solved"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self in {CaseStatus.CLARIFYING, CaseStatus.WALKING}


class PromiseKind(StrEnum):
    """What is watched for: the money's arrival, or the reversal of a doubtful payment."""

    ARRIVAL = "arrival"
    REVERSAL = "reversal"


class PromiseState(StrEnum):
    """LAPSED: its time was over, or another open promise was the same."""

    OPEN = "open"
    KEPT = "kept"
    LAPSED = "lapsed"


class TicketState(StrEnum):
    QUEUED = "queued"
    TAKEN = "taken"
    CLOSED = "closed"


class Case(Base):
    """One complaint. `version` rises with every change, so that two writers cannot both win."""

    __tablename__ = "cases"
    __table_args__ = (Index(None, "conversation_id", "id"), Index(None, "mid", "status"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    conversation_id: Mapped[str] = mapped_column(String(36))
    mid: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[CaseStatus] = mapped_column(Word(CaseStatus))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    complaint: Mapped[str] = mapped_column(String(2000))
    question: Mapped[dict[str, object] | None] = mapped_column(JSON)
    """What was asked last and is open, as `questions.Question` writes it."""
    asked: Mapped[dict[str, object] | None] = mapped_column(JSON)
    """What the payment was looked up by, as `questions.Asked` writes it: corrections go on top."""
    misses: Mapped[int] = mapped_column(default=0)
    """How many times in a row the merchant could not be understood or their payment found."""
    txn_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    tid: Mapped[str | None] = mapped_column(String(8))
    """The machine that it is about, where a machine's trouble was told without a payment."""
    outcome: Mapped[str | None] = mapped_column(String(32))
    finding: Mapped[str | None] = mapped_column(String(32))
    cause: Mapped[str | None] = mapped_column(String(32))
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    playbook: Mapped[str | None] = mapped_column(String(40))
    playbook_state: Mapped[str | None] = mapped_column(Text)
    offered_in: Mapped[str | None] = mapped_column(String(36))
    """The conversation in which going on with this case was offered last, when it is elsewhere."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a class dict


class Ticket(Base):
    """A case in a person's hands. The number is what the merchant may quote."""

    __tablename__ = "tickets"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(36), index=True)
    mid: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(40))
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    """Tickets with more are taken sooner; 0 is the usual."""
    state: Mapped[TicketState] = mapped_column(Word(TicketState))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    summary: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Who, what, verdict, evidence, steps tried: lines for the person who takes over."""


_IS_OPEN = text("state = 'open'")


class Promise(Base):
    """A promise to write first when something happens; of open ones no two are the same."""

    __tablename__ = "promises"
    __table_args__ = (
        Index(None, "state", "look_at"),
        Index(None, "mid", "state"),
        Index(
            "uq_promises_open",
            *("mid", "kind", "payments"),
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(36))
    mid: Mapped[str] = mapped_column(String(32))
    kind: Mapped[PromiseKind] = mapped_column(Word(PromiseKind))
    txn_ids: Mapped[list[int]] = mapped_column(JSON)
    payments: Mapped[str] = mapped_column(String(64))
    """A digest of `txn_ids` in order of number: a day's are too many for an index."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    look_at: Mapped[datetime] = mapped_column(Moment)
    """When to look for news next."""
    finding: Mapped[str] = mapped_column(String(32))
    """The finding that the merchant heard last: a different one is news."""
    state: Mapped[PromiseState] = mapped_column(Word(PromiseState))
    kept_at: Mapped[datetime | None] = mapped_column(Moment)


class BalanceWatch(Base):
    """A merchant wants to be told when their balance falls below so many fen.

    `told_at` is set while the balance is that low and they know it.
    """

    __tablename__ = "balance_watches"

    mid: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36))
    below: Mapped[int] = mapped_column(BigInteger)
    told_at: Mapped[datetime | None] = mapped_column(Moment)


class Turn(Base):
    """The answer to one message, stored with what it changed: asking again changes nothing."""

    __tablename__ = "turns"

    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    replies: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    guess: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    """What the bot made of the message, as `lessons.Guess` writes it; None for tapped buttons."""


class Lesson(Base):
    """A message that was not understood, or that staff say was meant otherwise.

    The text is masked and stands apart from who wrote it. A person's label may become training
    data, by a person's hand.
    """

    __tablename__ = "lessons"

    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    text: Mapped[str] = mapped_column(String(200))
    guess: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    """What the bot made of it, as `lessons.Guess` writes it."""
    intent: Mapped[str | None] = mapped_column(String(40))
    """The label that staff gave; None while nobody has."""
    causes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    labelled_by: Mapped[str | None] = mapped_column(String(40))
    labelled_at: Mapped[datetime | None] = mapped_column(Moment)
