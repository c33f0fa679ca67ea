"""The tables of a conversation: who has it in hand, and every message in the order of its id."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from daozhang.database import Base, Moment, Word

__all__ = ["Author", "Control", "Conversation", "Message", "MessageState"]


class Control(StrEnum):
    """In whose hands a conversation is; `control.py` has the moves between them."""

    BOT = "bot"
    QUEUED = "queued"
    HUMAN = "human"
    CLOSED = "closed"


class Author(StrEnum):
    MERCHANT = "merchant"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class MessageState(StrEnum):
    """How far a merchant's message got. WAITING: not answered, and the merchant knows it."""

    RECEIVED = "received"
    WAITING = "waiting"
    ANSWERED = "answered"


class Conversation(Base):
    """One person on one channel. `version` rises when hands change or a stranger proves who they
    are, and only then: an answer that is under way meanwhile is dropped.

    The lease says which gateway takes the turns; it is written past the version, since a turn must
    not drop its own answer.
    """

    __tablename__ = "conversations"
    # Named as it was when an address was always a merchant number.
    __table_args__ = (UniqueConstraint("address", "channel", name="uq_conversations_mid_channel"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(32))
    """Who is there, in the channel's own terms: a merchant number, or a visitor's id."""
    mid: Mapped[str | None] = mapped_column(String(32), index=True)
    """The merchant that they are proven to be; None for a stranger."""
    opened_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    """After this nobody can read it any more; None where one can always come back."""
    control: Mapped[Control] = mapped_column(Word(Control), default=Control.BOT)
    version: Mapped[int] = mapped_column()
    lease_owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a class dict


class Message(Base):
    """One bubble. Ids are never used twice; within a conversation they rise in order of commit."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        Index(None, "conversation_id", "id"),
        Index(None, "state", "conversation_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    client_id: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[Author] = mapped_column(Word(Author))
    text: Mapped[str] = mapped_column(Text)
    choice: Mapped[str | None] = mapped_column(String(80))
    payload: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    """The Reply with its buttons and cards, for what merchants did not write themselves."""
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[MessageState | None] = mapped_column(Word(MessageState))
    """Set on the merchant's messages only."""
    in_reply_to: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
