from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest

from daozhang.clock import SHANGHAI
from daozhang.conversations.control import MOVES, move
from daozhang.conversations.models import Control, Conversation
from daozhang.errors import IllegalMove

LEGAL = {
    (Control.BOT, Control.QUEUED),
    (Control.BOT, Control.HUMAN),
    (Control.QUEUED, Control.HUMAN),
    (Control.QUEUED, Control.BOT),
    (Control.QUEUED, Control.CLOSED),
    (Control.HUMAN, Control.CLOSED),
    (Control.CLOSED, Control.BOT),
}


def a_conversation(control: Control) -> Conversation:
    opened = datetime(2026, 11, 22, tzinfo=SHANGHAI)
    return Conversation(id="c", mid="m", channel="web", opened_at=opened, control=control)


@pytest.mark.parametrize(("now", "to"), list(product(Control, Control)))
def test_only_the_moves_of_the_table_are_possible(now: Control, to: Control) -> None:
    conversation = a_conversation(now)
    if (now, to) in LEGAL:
        move(conversation, to, "test")
        assert conversation.control is to
    else:
        with pytest.raises(IllegalMove):
            move(conversation, to, "test")
        assert conversation.control is now


def test_the_bot_gets_every_conversation_back_in_the_end() -> None:
    reach = {Control.BOT}
    while more := {one for one in Control if MOVES[one] & reach} - reach:
        reach |= more
    assert reach == set(Control)
