"""Handing a conversation from one to the other: bot → queued → human → closed, and back."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from daozhang.conversations.models import Control, Conversation
from daozhang.errors import IllegalMove

__all__ = ["MOVES", "move"]

_LOG = logging.getLogger(__name__)

MOVES: Mapping[Control, frozenset[Control]] = {
    # A colleague may write while the merchant goes on with the bot: that takes the conversation.
    Control.BOT: frozenset({Control.QUEUED, Control.HUMAN}),
    Control.QUEUED: frozenset({Control.HUMAN, Control.BOT, Control.CLOSED}),
    Control.HUMAN: frozenset({Control.CLOSED}),
    Control.CLOSED: frozenset({Control.BOT}),
}


def move(conversation: Conversation, to: Control, reason: str) -> None:
    """Put a locked conversation into other hands; an answer that is under way will be dropped.

    Raises IllegalMove when `MOVES` does not allow it.
    """
    if to not in MOVES[conversation.control]:
        raise IllegalMove(f"会话 {conversation.id} 不能从 {conversation.control} 转到 {to}")
    _LOG.info("conversation %s: %s -> %s, %s", conversation.id, conversation.control, to, reason)
    conversation.control = to
