"""Where a merchant can be written to: they may have several conversations, some of them over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from daozhang.conversations.models import Author, Conversation, Message

__all__ = ["where_to_write"]


def where_to_write(session: Session, now: datetime, mid: str, made_in: str) -> str | None:
    """The conversation in which the merchant wrote last, of those that they can still read.

    Where they have written in none of them it is `made_in`, if that can be read, or else the
    newest; None where there is nothing that they can read.
    """
    readable = select(Conversation.id).where(
        Conversation.mid == mid,
        or_(Conversation.ends_at.is_(None), Conversation.ends_at > now),
    )
    last = session.scalars(
        select(Message.conversation_id)
        .where(Message.conversation_id.in_(readable), Message.author == Author.MERCHANT)
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        return last
    there_first = (Conversation.id != made_in, Conversation.opened_at.desc())
    return session.scalars(readable.order_by(*there_first).limit(1)).first()
