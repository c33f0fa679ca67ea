"""A store in a file, a bot written by hand, and waiting for what must come."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.tickets import open_ticket, ticket_card
from daozhang.clock import Clock
from daozhang.conversations.bot import Bot
from daozhang.conversations.leases import waiting
from daozhang.conversations.live import Hub
from daozhang.conversations.log import Entry, Incoming, open_conversation, read_after, receive
from daozhang.conversations.models import Control, Conversation
from daozhang.conversations.turns import TurnRunner
from daozhang.database import Base, Sessions, connect
from daozhang.replies import Reply
from tests.worlds import MID

__all__ = ["BotTransport", "Place", "a_ticket", "place", "until"]


class BotTransport(httpx.AsyncBaseTransport):
    """The bot's room as the gateway sees it. `say` makes its bubbles; `down` refuses connections.

    Answers are held back while `gate` is not set, and those to a text in `holds` for its event.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.probes = 0
        self.down = False
        self.loading = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.holds: dict[str, asyncio.Event] = {}
        self.say: Callable[[dict[str, Any]], Sequence[Reply]] = lambda body: [
            Reply(text=f"答：{body['message']}")
        ]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        body = json.loads(await request.aread())
        if body["metadata"].get("probe"):
            self.probes += 1
            return _answer(body, [] if self.loading else [Reply(text="一般次日到账")])
        self.asked.append(body)
        await self.holds.get(body["message"], self.gate).wait()
        return _answer(body, [] if self.loading else self.say(body))

    @property
    def texts(self) -> list[str]:
        return [body["message"] for body in self.asked]


def _answer(body: dict[str, Any], replies: Sequence[Reply]) -> httpx.Response:
    custom = [reply.model_dump(mode="json") for reply in replies]
    return httpx.Response(
        200, json=[{"recipient_id": body["sender"], "custom": one} for one in custom]
    )


@dataclass
class Place:
    """A store with one conversation in it, and gateways that take its turns."""

    sessions: Sessions
    clock: Clock
    conversation_id: str
    bot: BotTransport = field(default_factory=BotTransport)

    def post(self, client_id: str, text: str, choice: str | None = None) -> int:
        incoming = Incoming(client_id, text, choice)
        return receive(self.sessions, self.conversation_id, incoming, self.clock.now()).message_id

    def entries(self) -> list[Entry]:
        with self.sessions() as session:
            return list(read_after(session, self.conversation_id))

    def said(self) -> list[str]:
        """Everything in the conversation as '<author> <text>'."""
        return [f"{one.author} {one.text}" for one in self.entries()]

    def control(self) -> Control:
        with self.sessions() as session:
            return session.get_one(Conversation, self.conversation_id).control

    async def turns_are_over(self) -> None:
        """Wait until no message is unanswered, whoever answers it."""

        def nothing_left() -> bool:
            with self.sessions() as session:
                return not waiting(session, self.clock.now() + timedelta(hours=1))

        await until(nothing_left)

    @asynccontextmanager
    async def gateway(self, patience: float = 30.0) -> AsyncIterator[TurnRunner]:
        """A running turn runner on this store; several may run."""
        bot = Bot("http://bot", 5.0, self.clock, self.bot)
        hub = Hub(self.sessions)
        runner = TurnRunner(self.sessions, bot, hub, self.clock, patience=patience, pauses=(0.01,))
        await runner.start()
        try:
            yield runner
        finally:
            await runner.stop()
            await bot.close()


@asynccontextmanager
async def place(where: Path | str, hour: int = 12) -> AsyncIterator[Place]:
    """In a file in a folder, or at a store's address; it is `hour` o'clock in Shanghai."""
    url = where if isinstance(where, str) else f"sqlite:///{where / 'store.sqlite3'}"
    engine, sessions = connect(url)
    Base.metadata.create_all(engine)
    now = Clock().now()
    clock = Clock(now.replace(hour=hour, minute=0) - now)
    yield Place(sessions, clock, open_conversation(sessions, MID, clock.now()))
    engine.dispose()


def a_ticket(sessions: Sessions, conversation_id: str, clock: Clock) -> Reply:
    """What the assistant says when it hands a case over, with the ticket in the store."""
    with sessions.begin() as session:
        case = Case(
            conversation_id=conversation_id,
            mid=MID,
            status=CaseStatus.CLARIFYING,
            opened_at=clock.now(),
            changed_at=clock.now(),
            complaint="钱没到",
        )
        session.add(case)
        session.flush()
        ticket = open_ticket(session, case, "asked", clock.now())
        return Reply(text="好，我转给同事。", ticket=ticket_card(session, ticket, clock.now()))


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until `condition` holds; fails when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        await asyncio.sleep(0.005)
