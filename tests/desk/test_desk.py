from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daozhang.cases.models import Case, CaseStatus, TicketState
from daozhang.conversations.models import Control
from daozhang.desk import Desk
from daozhang.errors import InputError
from daozhang.texts import load_texts
from tests.conversations.kit import Place, a_ticket, place


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


def ticket(here: Place) -> str:
    card = a_ticket(here.sessions, here.conversation_id, here.clock).ticket
    assert card
    return card.number


async def test_the_first_reply_takes_the_conversation(here: Place) -> None:
    desk, number = Desk(here.sessions, here.clock), ticket(here)
    desk.reply(number, "我来看一下", "小李")
    desk.reply(number, "查到了", "小李")
    assert here.control() is Control.HUMAN
    assert here.said() == ["staff 我来看一下", "staff 查到了"]
    assert [one.state for one in desk.list_tickets()] == [TicketState.TAKEN]


async def test_closing_gives_the_conversation_back_and_says_so(here: Place) -> None:
    desk, number = Desk(here.sessions, here.clock), ticket(here)
    desk.reply(number, "已补打款", "小李")
    desk.close(number)
    assert here.control() is Control.BOT
    assert here.said()[-1] == f"system {load_texts('gateway')('ticket_closed', number=number)}"
    assert desk.list_tickets() == []
    with here.sessions() as session:
        assert session.query(Case).one().status is CaseStatus.CLOSED


async def test_a_ticket_shows_what_is_known_and_what_was_said(here: Place) -> None:
    desk, number = Desk(here.sessions, here.clock), ticket(here)
    here.post("a", "钱没到")
    shown = desk.show_ticket(number)
    assert "原话：钱没到" in shown.summary
    assert [one.text for one in shown.transcript] == ["钱没到"]


async def test_of_a_long_talk_a_ticket_shows_the_end(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daozhang.desk.desk._TRANSCRIPT", 2)
    desk, number = Desk(here.sessions, here.clock), ticket(here)
    for said in ("一", "二", "三"):
        here.post(said, said)
    assert [one.text for one in desk.show_ticket(number).transcript] == ["二", "三"]


async def test_a_closed_or_unknown_ticket_takes_no_reply(here: Place) -> None:
    desk, number = Desk(here.sessions, here.clock), ticket(here)
    desk.close(number)
    for wrong in (number, "DZ000000-0000"):
        with pytest.raises(InputError):
            desk.reply(wrong, "在吗", "小李")
    with pytest.raises(InputError):
        desk.reply(number, "  ", "小李")
    assert here.control() is Control.BOT
