"""The message log: everything is written down before anything is done with it.

Writers lock their conversation first. So a client's message is stored once however often it comes,
and ids are visible in the order in which they rise: whoever has seen 17 will not miss a late 16.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daozhang.conversations.models import Author, Control, Conversation, Message, MessageState
from daozhang.database import Sessions
from daozhang.identity import is_awaited
from daozhang.redaction import Kind, redact
from daozhang.replies import Button, IdentityStep, Reply, TicketCard, Timeline
from daozhang.texts import load_texts

GONE = "gone"
"""What is kept of a tap on a button that no longer stands; no button has this id."""
_LOOKBACK = 20
_MARK = re.compile(r"(?!(?<=\d)\.\d)\W")
_CONTROL = "control:"
"""Buttons that move the conversation between hands: the hands it is in decide about them."""

__all__ = [
    "GONE",
    "Entry",
    "Incoming",
    "Person",
    "Received",
    "lock",
    "open_conversation",
    "open_for",
    "read_after",
    "read_last",
    "receive",
    "say",
]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A merchant's message as a channel took it in, not yet fit to be kept."""

    client_id: str
    text: str
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Where a message was stored; `duplicate` when it had been before."""

    conversation_id: str
    message_id: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end of a channel, in its own terms.

    `mid` is the merchant that they are proven to be from the start; strangers have none. After
    `ends_at` nobody can come back to the conversation.
    """

    address: str
    mid: str | None = None
    channel: str = "web"
    ends_at: datetime | None = None


class Entry(BaseModel):
    """One message as clients see it (docs/protocol.md)."""

    model_config = ConfigDict(frozen=True)

    id: int
    author: Author
    text: str
    at: datetime
    client_id: str | None
    buttons: tuple[Button, ...] = ()
    timeline: Timeline | None = None
    ticket: TicketCard | None = None
    identity: IdentityStep | None = None


def open_conversation(sessions: Sessions, mid: str, now: datetime, channel: str = "web") -> str:
    """The id of the merchant's one conversation on `channel`, begun when there is none."""
    return open_for(sessions, Person(mid, mid, channel), now)


def open_for(sessions: Sessions, person: Person, now: datetime) -> str:
    """The id of the one conversation with `person`, begun when there is none."""
    find = select(Conversation.id).where(
        Conversation.channel == person.channel, Conversation.address == person.address
    )
    try:
        with sessions.begin() as session:
            known = session.scalars(find).first()
            if known is not None:
                return known
            opened = Conversation(
                id=str(uuid.uuid4()),
                channel=person.channel,
                address=person.address,
                mid=person.mid,
                opened_at=now,
                ends_at=person.ends_at,
                control=Control.BOT,
            )
            session.add(opened)
            return opened.id
    except IntegrityError:
        # Somebody else began it in the same instant.
        with sessions() as session:
            return session.scalars(find).one()


def lock(session: Session, conversation_id: str) -> Conversation:
    """The conversation, fresh, and nobody else's to write to until the transaction ends."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(version=Conversation.version)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(Conversation, conversation_id, populate_existing=True)


def receive(
    sessions: Sessions, conversation_id: str, incoming: Incoming, now: datetime
) -> Received:
    """Store a merchant's message once, without card numbers and secrets, and tell them kindly."""
    with sessions.begin() as session:
        conversation = lock(session, conversation_id)
        known = session.scalars(
            select(Message.id).where(
                Message.conversation_id == conversation_id,
                Message.client_id == incoming.client_id,
            )
        ).first()
        if known is not None:
            return Received(conversation_id, known, duplicate=True)
        redacted = redact(incoming.text, codes=is_awaited(session, conversation_id, now))
        message = Message(
            conversation_id=conversation_id,
            client_id=incoming.client_id,
            author=Author.MERCHANT,
            text=redacted.text,
            choice=_choice_of(session, conversation_id, incoming),
            at=now,
            state=MessageState.RECEIVED,
        )
        session.add(message)
        session.flush()
        if redacted.kinds:
            texts = load_texts("gateway")
            told = (texts(f"redacted_{kind}") for kind in Kind if kind in redacted.kinds)
            notice = Reply(text="".join(told))
            say(session, conversation, Author.SYSTEM, notice, now, message.id)
        return Received(conversation_id, message.id, duplicate=False)


def _choice_of(session: Session, conversation_id: str, incoming: Incoming) -> str | None:
    """The button that was tapped, if it still can be, or whose words were typed; GONE for a tap on
    one that was passed over. So a second tap, or one in another window, cannot answer the next
    question, and whoever types what stands on a button has chosen it."""
    choice = incoming.choice
    if choice is not None and choice.startswith(_CONTROL):
        return choice
    standing = _standing(session, conversation_id)
    if choice is not None:
        return choice if any(one.id == choice for one in standing) else GONE
    typed = _plain(incoming.text)
    meant = [one.id for one in standing if _plain(one.label) == typed]
    return meant[0] if len(meant) == 1 else None


def _standing(session: Session, conversation_id: str) -> tuple[Button, ...]:
    """The buttons that can be tapped: until the merchant says something or newer ones come. News
    without buttons leaves them as they are."""
    latest = select(Message).where(Message.conversation_id == conversation_id)
    for message in session.scalars(latest.order_by(Message.id.desc()).limit(_LOOKBACK)):
        if message.author is Author.MERCHANT:
            break
        if message.payload and (reply := Reply.model_validate(message.payload)).buttons:
            return reply.buttons
    return ()


def _plain(words: str) -> str:
    """Words as they count when typed: without blanks, marks and the particles of speech.

    The point of a number stays: 298.20元 is not 29820元.
    """
    return _MARK.sub("", unicodedata.normalize("NFKC", words)).rstrip("吧啊呀哦了的")


def say(
    session: Session,
    conversation: Conversation,
    author: Author,
    reply: Reply,
    now: datetime,
    in_reply_to: int | None = None,
) -> int:
    """Write one bubble into a locked conversation; returns its id."""
    plain = reply == Reply(text=reply.text)
    message = Message(
        conversation_id=conversation.id,
        author=author,
        text=reply.text,
        payload=None if plain else reply.model_dump(mode="json"),
        at=now,
        in_reply_to=in_reply_to,
    )
    session.add(message)
    session.flush()
    return message.id


def read_after(
    session: Session, conversation_id: str, after: int = 0, limit: int = 200
) -> Sequence[Entry]:
    """The conversation's messages with a higher id than `after`, oldest first."""
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.id > after)
        .order_by(Message.id)
        .limit(limit)
    )
    return [_entry(row) for row in rows]


def read_last(session: Session, conversation_id: str, limit: int) -> Sequence[Entry]:
    """The conversation's newest messages, oldest first."""
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id.desc())
        .limit(limit)
    ).all()
    return [_entry(row) for row in reversed(rows)]


def _entry(row: Message) -> Entry:
    reply = Reply.model_validate(row.payload) if row.payload else Reply()
    return Entry(
        id=row.id,
        author=row.author,
        text=row.text,
        at=row.at,
        client_id=row.client_id,
        buttons=reply.buttons,
        timeline=reply.timeline,
        ticket=reply.ticket,
        identity=reply.identity,
    )
