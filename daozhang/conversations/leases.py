"""Which gateway takes a conversation's turns: a short lease, so that several may run.

A lease that is not renewed runs out, and whoever sweeps next takes the conversation over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from daozhang.conversations.models import Conversation, Message, MessageState

__all__ = ["LEASE", "release", "renew", "take", "waiting"]

LEASE = timedelta(seconds=10)


def take(session: Session, conversation_id: str, owner: str, now: datetime) -> bool:
    """Take or keep the lease; False while another gateway holds it."""
    free = or_(
        Conversation.lease_owner.is_(None),
        Conversation.lease_owner == owner,
        Conversation.lease_until < now,
    )
    result = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, free)
        .values(lease_owner=owner, lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def renew(session: Session, conversation_ids: Collection[str], owner: str, now: datetime) -> None:
    """Keep the leases that are still `owner`'s."""
    session.execute(
        update(Conversation)
        .where(Conversation.id.in_(conversation_ids), Conversation.lease_owner == owner)
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def release(session: Session, conversation_ids: Collection[str], owner: str) -> None:
    """Give the leases back, so that nobody has to wait for their end."""
    session.execute(
        update(Conversation)
        .where(Conversation.id.in_(conversation_ids), Conversation.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def waiting(session: Session, now: datetime) -> Sequence[str]:
    """Conversations with unanswered messages that no gateway is at work on."""
    return session.scalars(
        select(Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Message.state.in_((MessageState.RECEIVED, MessageState.WAITING)),
            or_(Conversation.lease_owner.is_(None), Conversation.lease_until < now),
        )
        .distinct()
    ).all()
