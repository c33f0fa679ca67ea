"""A gateway for tests: in this process without a network, or on a free port."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from daozhang.app import create_app
from daozhang.channels.tokens import mint_token
from daozhang.database import Base, Sessions, connect
from daozhang.ledger import models as _tables  # noqa: F401 - part of the schema
from daozhang.settings import Settings
from daozhang.terminal_chat import read_events
from tests.conversations.kit import BotTransport, until
from tests.worlds import MID, a_merchant, a_terminal

__all__ = ["Door", "door", "events", "served", "settings_for"]

KEY = "a key for tests that is long enough"


@dataclass
class Door:
    """The app, a client that speaks as `MID`, and the bot behind it."""

    app: FastAPI
    client: httpx.AsyncClient
    bot: BotTransport
    settings: Settings
    sessions: Sessions


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings with a store of its own that has one merchant with one terminal."""
    url = f"sqlite:///{folder / 'store.sqlite3'}"
    engine, sessions = connect(url)
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        a_merchant(session)
        a_terminal(session)
    engine.dispose()
    return Settings(database_url=url, token_secret=KEY, **changes)


def bearer(settings: Settings, mid: str = MID, ttl: float = 600) -> dict[str, str]:
    return {"Authorization": f"Bearer {mint_token(settings, mid, timedelta(seconds=ttl))}"}


@asynccontextmanager
async def door(folder: Path, **changes: Any) -> AsyncIterator[Door]:
    """The app without a network. Its event stream needs `served`."""
    settings, bot = settings_for(folder, **changes), BotTransport()
    app = create_app(settings, bot)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://gateway", headers=bearer(settings)
        ) as client,
    ):
        yield Door(app, client, bot, settings, app.state.gateway.sessions)


@asynccontextmanager
async def served(folder: Path, **changes: Any) -> AsyncIterator[Door]:
    """The app on a free port of this machine."""
    settings, bot = settings_for(folder, **changes), BotTransport()
    app = create_app(settings, bot)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        running = asyncio.create_task(server.serve([listener]))
        await until(lambda: server.started)
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx.AsyncClient(
            base_url=base_url, headers=bearer(settings), trust_env=False
        ) as client:
            yield Door(app, client, bot, settings, app.state.gateway.sessions)
        server.should_exit = True
        await running


@asynccontextmanager
async def events(
    client: httpx.AsyncClient, **request: Any
) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """The stream as (type, data) for as long as the block lasts."""
    async with client.stream("GET", "/api/v1/events", **request) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _parsed(response)


async def _parsed(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    lines: list[str] = []
    async for line in response.aiter_lines():
        lines.append(line)
        if line == "":
            for kind, data in read_events(lines):
                yield kind, json.loads(data)
            lines = []
