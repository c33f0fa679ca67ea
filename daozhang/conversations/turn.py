"""One turn's record: the message that is next, and the ways in which it ends up answered.

All of it is plain work on the store. Every write checks first that the turn is still ours: a person
who took the conversation over meanwhile, or another gateway, makes it void (StaleVersion).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.alarms import alarm_in
from daozhang.cases.status import CaseState, case_state, hand_over_unanswered
from daozhang.cases.tickets import support_hours, ticket_of
from daozhang.conversations.control import move
from daozhang.conversations.log import lock, say
from daozhang.conversations.models import Author, Control, Conversation, Message, MessageState
from daozhang.errors import StaleVersion
from daozhang.replies import Button, Reply
from daozhang.texts import load_texts

__all__ = [
    "BACK_TO_BOT",
    "Turn",
    "answer",
    "deliver",
    "give_up",
    "go_back_to_bot",
    "is_for_staff",
    "next_turn",
    "note_for_staff",
    "tell_waiting",
]

BACK_TO_BOT = "control:bot"
_UNANSWERED = (MessageState.RECEIVED, MessageState.WAITING)
_TALKING = timedelta(minutes=10)
"""A colleague who wrote less than this ago is there: no need to say that they will see it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A merchant's message to be answered, and how its conversation stood when it was read."""

    conversation_id: str
    message_id: int
    mid: str | None
    text: str
    choice: str | None
    control: Control
    version: int
    owner: str
    case: CaseState


def next_turn(session: Session, conversation_id: str, owner: str) -> Turn | None:
    """The oldest unanswered message; None when there is none, or the lease is lost."""
    conversation = session.get_one(Conversation, conversation_id)
    message = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.state.in_(_UNANSWERED))
        .order_by(Message.id)
        .limit(1)
    ).first()
    if message is None or conversation.lease_owner != owner:
        return None
    return Turn(
        conversation_id=conversation_id,
        message_id=message.id,
        mid=conversation.mid,
        text=message.text,
        choice=message.choice,
        control=conversation.control,
        version=conversation.version,
        owner=owner,
        case=case_state(session, conversation_id),
    )


def is_for_staff(turn: Turn, now: datetime) -> bool:
    """Whether people answer this message. A ticket that waits for tomorrow keeps nobody from
    being helped tonight: until somebody takes it, the bot goes on outside working hours."""
    match turn.control:
        case Control.HUMAN:
            return True
        case Control.QUEUED:
            return support_hours().staffed(now)
        case _:
            return False


def answer(session: Session, turn: Turn, now: datetime, replies: Sequence[Reply]) -> None:
    """Store the bot's bubbles. Raises StaleVersion when the answer is not wanted any more."""
    conversation, message = _claim(session, turn)
    deliver(session, conversation, replies, now, message.id)
    message.state = MessageState.ANSWERED


def deliver(
    session: Session,
    conversation: Conversation,
    replies: Sequence[Reply],
    now: datetime,
    in_reply_to: int | None = None,
) -> None:
    """Say the assistant's bubbles; one with a ticket puts the conversation into people's queue."""
    for reply in replies:
        say(session, conversation, Author.BOT, reply, now, in_reply_to)
    if conversation.control is Control.BOT and any(reply.ticket for reply in replies):
        move(conversation, Control.QUEUED, "ticket")


def tell_waiting(session: Session, turn: Turn, now: datetime) -> None:
    """Tell the merchant, once for a message, that the bot is not there and will answer later."""
    conversation, message = _claim(session, turn)
    if message.state is MessageState.RECEIVED:
        told = Reply(text=load_texts("gateway")("restarting"))
        say(session, conversation, Author.SYSTEM, told, now, message.id)
        message.state = MessageState.WAITING


def give_up(session: Session, turn: Turn, now: datetime) -> None:
    """Call a person for a message that the bot did not answer."""
    conversation, message = _claim(session, turn)
    reply = hand_over_unanswered(session, turn.conversation_id, turn.mid, turn.text, now)
    deliver(session, conversation, [reply], now, message.id)
    message.state = MessageState.ANSWERED


def note_for_staff(session: Session, turn: Turn, now: datetime) -> None:
    """The message is for people: say that they will see it, unless one is just talking.

    Fraud, distress and the like are answered all the same, and make the ticket more urgent.
    """
    conversation, message = _claim(session, turn)
    ticket = ticket_of(session, turn.conversation_id)
    queued = turn.control is Control.QUEUED
    if ticket is not None and (queued or not _staff_is_talking(session, turn, now)):
        texts = load_texts("assistant")
        back = Button(id=BACK_TO_BOT, label=texts("button_bot"))
        text = texts("queued_noted", number=ticket.number)
        alarm = alarm_in(turn.text)
        if alarm is not None:
            text = texts(f"alarm_{alarm.kind}")
            if alarm.priority > ticket.priority:
                ticket.reason, ticket.priority = alarm.kind, alarm.priority
        noted = Reply(text=text, buttons=(back,) if queued else ())
        say(session, conversation, Author.SYSTEM, noted, now, message.id)
    message.state = MessageState.ANSWERED


def go_back_to_bot(session: Session, turn: Turn, now: datetime) -> None:
    """The merchant goes on with the bot while the ticket waits."""
    conversation, message = _claim(session, turn)
    move(conversation, Control.BOT, "merchant")
    ticket = ticket_of(session, turn.conversation_id)
    if ticket is not None:
        back = Reply(text=load_texts("assistant")("back_with_bot", number=ticket.number))
        say(session, conversation, Author.BOT, back, now, message.id)
    message.state = MessageState.ANSWERED


def _claim(session: Session, turn: Turn) -> tuple[Conversation, Message]:
    conversation = lock(session, turn.conversation_id)
    message = session.get_one(Message, turn.message_id, populate_existing=True)
    ours = conversation.version == turn.version and conversation.lease_owner == turn.owner
    if not ours or message.state not in _UNANSWERED:
        raise StaleVersion(f"会话 {turn.conversation_id} 已转手，消息 {turn.message_id} 的答复作废")
    return conversation, message


def _staff_is_talking(session: Session, turn: Turn, now: datetime) -> bool:
    last = session.scalars(
        select(Message.at)
        .where(
            Message.conversation_id == turn.conversation_id,
            Message.author.in_((Author.STAFF, Author.SYSTEM)),
        )
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    return last is not None and now - last < _TALKING
