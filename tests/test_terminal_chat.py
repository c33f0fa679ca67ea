from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
from rich.console import Console
from sqlalchemy import select

from daozhang.channels.tokens import mint_visitor_token
from daozhang.clock import SHANGHAI
from daozhang.conversations.log import Entry
from daozhang.conversations.models import Author, Conversation
from daozhang.replies import Button, Reply, Stage, TicketCard, Timeline
from daozhang.terminal_chat import TerminalChat, bubble, read_events
from tests.channels.kit import KEY, bearer, served
from tests.worlds import MID

NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)


def an_entry(**changes: object) -> Entry:
    facts = {"id": 1, "author": Author.BOT, "text": "查到了", "at": NOON, "client_id": None}
    return Entry.model_validate(facts | changes)


def test_a_timeline_is_shown_as_text() -> None:
    card = Timeline(
        title="刷卡 3,000元",
        amount="3,000元",
        net="2,982元",
        due="11月23日 18:00前",
        stages=(
            Stage(key="paid", label="刷卡成功", at="11月21日 15:10", state="done"),
            Stage(key="paid_out", label="出款", state="current"),
            Stage(key="credited", label="到账", state="stopped", note="被退回"),
        ),
    )
    assert list(bubble(an_entry(timeline=card))) == [
        "到账助手：查到了",
        "  刷卡 3,000元 · 实到2,982元 · 11月23日 18:00前",
        "    ● 刷卡成功 11月21日 15:10",
        "    ◉ 出款",
        "    ✕ 到账 被退回",
    ]


def test_a_ticket_and_buttons_are_shown_as_text() -> None:
    buttons = (Button(id="a", label="做好了"), Button(id="b", label="268元", hint="昨天"))
    ticket = TicketCard(number="DZ261122-0001", summary="", next="同事会回复。")
    assert list(bubble(an_entry(author=Author.SYSTEM, buttons=buttons, ticket=ticket))) == [
        "系统：查到了",
        "  工单 DZ261122-0001：同事会回复。",
        "  1. 做好了",
        "  2. 268元（昨天）",
    ]


def test_events_are_read_as_they_are_sent() -> None:
    lines = ["id: 1", "event: message", 'data: {"a": 1}', "", ": ping", "", "data: x", ""]
    assert list(read_events(lines)) == [("message", '{"a": 1}'), ("message", "x")]


async def test_a_talk_with_a_button_chosen_by_its_number(tmp_path: Path) -> None:
    async with served(tmp_path) as at:
        pick = Button(id="pick:42", label="3,000元")
        at.bot.say = lambda _body: [Reply(text="哪一笔？", buttons=(pick,))]
        screen = io.StringIO()

        def talk() -> None:
            with httpx.Client(
                base_url=at.client.base_url, headers=bearer(at.settings), trust_env=False
            ) as client:
                console = Console(file=screen, width=100)
                TerminalChat(client, console).run(["钱没到\n", "\n", "1\n"], in_turn=True)

        await asyncio.to_thread(talk)
        assert at.bot.texts == ["钱没到", "3,000元"]
        assert at.bot.asked[1]["metadata"]["choice"] == "pick:42"
        assert screen.getvalue().count("哪一笔？") == 2


async def test_a_visitor_proves_who_they_are_line_by_line(tmp_path: Path) -> None:
    async with served(tmp_path, demo=True) as at:
        at.bot.say = lambda _body: [Reply(text="先确认您是哪家商户。", identity="asked")]
        phones = at.app.state.gateway.codes
        screen = io.StringIO()

        def lines() -> Iterator[str]:
            yield "钱没到"
            yield from ("/确认", MID, "12")
            yield from ("/确认", MID, "31000001")
            code = phones.messages(at.settings.clock.now())[0].code
            yield f"{(int(code) + 1) % 1_000_000:06}"
            yield code

        def talk() -> None:
            headers = {"Authorization": f"Bearer {mint_visitor_token(KEY)}"}
            with httpx.Client(
                base_url=at.client.base_url, headers=headers, trust_env=False
            ) as client:
                chat = TerminalChat(client, Console(file=screen, width=100))
                chat.run(lines(), in_turn=True)

        await asyncio.to_thread(talk)
        assert at.bot.texts == ["钱没到"]
        with at.sessions() as session:
            assert session.scalars(select(Conversation.mid)).all() == [MID]
        assert "还可以试2次" in screen.getvalue()
