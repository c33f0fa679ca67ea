"""The gateway as one ASGI app: everything is put together here, and nothing at import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from daozhang.channels import apidocs, identity, web
from daozhang.channels.codes import CodeSender, DemoPhones, PushService
from daozhang.channels.guards import BodyLimit, RateLimit, SecurityHeaders
from daozhang.channels.problems import handle_problems
from daozhang.channels.tokens import token_key
from daozhang.conversations.bot import Bot
from daozhang.conversations.live import Hub
from daozhang.conversations.proving import Proving
from daozhang.conversations.turns import TurnRunner
from daozhang.ledger.source import open_store
from daozhang.settings import ROOT, Settings
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["create_app"]

_BODY_LIMIT = 16 * 1024
_MESSAGES, _PER_SECONDS = 20, 10.0
_VISITORS, _PER_MINUTE = 20, 60.0
"""New visitors from one address."""


def create_app(
    settings: Settings, bot_transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """The gateway. `bot_transport` takes the place of the network to the bot.

    Raises ConfigError when the token key is too short.
    """
    engine, sessions = open_store(settings)
    clock = settings.clock
    bot = Bot(settings.bot_url, settings.turn_timeout_seconds, clock, bot_transport)
    hub = Hub(sessions)
    turns = TurnRunner(sessions, bot, hub, clock, patience=settings.bot_patience_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await hub.start()
        await turns.start()
        try:
            yield
        finally:
            await turns.stop()
            await hub.stop()
            await bot.close()
            engine.dispose()

    app = FastAPI(
        title="到账",
        description="Where a merchant's money is. How a client uses it: docs/protocol.md.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    key = token_key(settings)
    codes = _codes(settings)
    app.state.gateway = web.Gateway(
        sessions=sessions,
        clock=clock,
        bot=bot,
        hub=hub,
        turns=turns,
        limit=RateLimit(_MESSAGES, _PER_SECONDS),
        token_key=key,
        proving=Proving(sessions, WorkCalendar.load(), key),
        codes=codes,
        visitors=RateLimit(_VISITORS, _PER_MINUTE),
    )
    handle_problems(app)
    app.add_middleware(BodyLimit, limit=_BODY_LIMIT)
    app.add_middleware(SecurityHeaders)
    app.include_router(web.router)
    app.include_router(identity.router)
    app.include_router(apidocs.router)
    if settings.demo:
        # Where merchants are real, the simulation is not even loaded.
        from daozhang.channels import demo

        app.include_router(demo.router)
    hidden = {"tests"} if settings.demo else {"tests", "demo"}
    app.mount("/static", _Static(hidden), name="static")
    return app


def _codes(settings: Settings) -> CodeSender | None:
    """How one-time codes reach merchants here. The demo shows them itself."""
    if settings.demo:
        return DemoPhones()
    if settings.code_push_url:
        return PushService(settings.code_push_url, token_key(settings))
    return None


class _Static(StaticFiles):
    """Files of `web/` that a browser keeps, and asks each time whether they are still the same.

    The folders in `hidden` are not there.
    """

    def __init__(self, hidden: set[str]) -> None:
        super().__init__(directory=ROOT / "web")
        self._hidden = hidden

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.partition("/")[0] in self._hidden:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
