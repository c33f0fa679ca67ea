"""The browser's channel (docs/protocol.md): messages in by POST, the conversation out as events."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from daozhang.channels.codes import CodeSender
from daozhang.channels.guards import RateLimit
from daozhang.channels.problems import Problem, describe, refusal
from daozhang.channels.tokens import Caller, read_token
from daozhang.clock import Clock
from daozhang.conversations.bot import Bot
from daozhang.conversations.live import Hub, Typing
from daozhang.conversations.log import Entry, Incoming, Person, Received, open_for, receive
from daozhang.conversations.proving import Proving
from daozhang.conversations.turns import TurnRunner
from daozhang.database import Sessions
from daozhang.errors import NotAuthorised

__all__ = ["Gateway", "TheCaller", "TheGateway", "conversation_of", "gateway_of", "router"]

MAX_LENGTH = 2000
_PING = 15
_LAST_ID = 2**63 - 1
"""No store has a higher message id."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the routes work with, put together by `daozhang.app`."""

    sessions: Sessions
    clock: Clock
    bot: Bot
    hub: Hub
    turns: TurnRunner
    limit: RateLimit
    token_key: str
    proving: Proving
    codes: CodeSender | None
    """How one-time codes reach merchants; None where strangers cannot prove who they are."""
    visitors: RateLimit


class PostedMessage(BaseModel):
    """What a merchant wrote, or the button that they tapped."""

    client_id: Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f]{1,64}$")]
    """Made by the client, once for each message: sending it again stores nothing."""
    text: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=MAX_LENGTH, pattern=r"^[^\x00]*$"
        ),
    ]
    choice: Annotated[str, StringConstraints(pattern=r"^[a-z0-9:_.-]{1,80}$")] | None = None
    """The id of the tapped button, with its label as `text`."""


class Accepted(BaseModel):
    """The message is stored under this id; what is said to it comes as events."""

    message: int
    duplicate: bool


class Health(BaseModel):
    status: Literal["ok"] = "ok"


def gateway_of(request: Request) -> Gateway:
    gateway = request.app.state.gateway
    assert isinstance(gateway, Gateway)  # noqa: S101 - the app factory sets it
    return gateway


_bearer = HTTPBearer(auto_error=False, description="The merchant's or visitor's token (JWT).")
type TheGateway = Annotated[Gateway, Depends(gateway_of)]


def caller_of(
    gateway: TheGateway,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    if credentials is None:
        raise NotAuthorised("no token")
    return read_token(gateway.token_key, credentials.credentials)


type TheCaller = Annotated[Caller, Depends(caller_of)]

router = APIRouter()


@router.post(
    "/api/v1/messages",
    status_code=202,
    responses=describe(
        Problem.BAD_REQUEST,
        Problem.NOT_AUTHORISED,
        Problem.TOO_LARGE,
        Problem.EMPTY,
        Problem.TOO_LONG,
        Problem.INVALID,
        Problem.TOO_MANY,
    ),
)
async def post_message(posted: PostedMessage, gateway: TheGateway, caller: TheCaller) -> Accepted:
    """Store a message. It is answered in the conversation, in order, as soon as it can be."""
    if wait := gateway.limit.wait(caller.address):
        raise refusal(Problem.TOO_MANY, {"Retry-After": str(math.ceil(wait))})
    received = await run_in_threadpool(_store, gateway, caller, posted)
    gateway.hub.notify(received.conversation_id)
    gateway.turns.wake(received.conversation_id)
    return Accepted(message=received.message_id, duplicate=received.duplicate)


@router.get(
    "/api/v1/events",
    response_class=EventSourceResponse,
    responses=describe(Problem.NOT_AUTHORISED, Problem.INVALID),
)
async def get_events(
    gateway: TheGateway,
    caller: TheCaller,
    after: Annotated[int, Query(ge=0, le=_LAST_ID)] = 0,
    last_event_id: Annotated[str, Header(pattern=r"^\d{0,18}$")] = "",
) -> EventSourceResponse:
    """The conversation from the message after `after` or `Last-Event-ID`, then live.

    Ends when the token runs out; a client comes back with a new one and misses nothing.
    """
    conversation_id = await run_in_threadpool(conversation_of, gateway, caller)
    start = int(last_event_id or after)
    stream = gateway.hub.follow(conversation_id, start, caller.until)
    return EventSourceResponse(_events(stream), ping=_PING, send_timeout=_PING)


@router.get("/healthz")
async def get_health() -> Health:
    """200 while the gateway runs."""
    return Health()


@router.get("/readyz", responses=describe(Problem.NOT_READY))
async def get_readiness(gateway: TheGateway) -> Health:
    """200 once the bot has answered a real question."""
    if not await gateway.bot.is_ready():
        raise refusal(Problem.NOT_READY)
    return Health()


def conversation_of(gateway: Gateway, caller: Caller) -> str:
    """The caller's conversation, begun when there is none; a visitor's ends with their token."""
    now = gateway.clock.now()
    ends_at = None
    if caller.mid is None:
        ends_at = now + timedelta(seconds=caller.until - time.time())
    person = Person(caller.address, caller.mid, caller.channel, ends_at)
    return open_for(gateway.sessions, person, now)


def _store(gateway: Gateway, caller: Caller, posted: PostedMessage) -> Received:
    now = gateway.clock.now()
    conversation_id = conversation_of(gateway, caller)
    incoming = Incoming(posted.client_id, posted.text, posted.choice)
    return receive(gateway.sessions, conversation_id, incoming, now)


async def _events(stream: AsyncIterator[Entry | Typing]) -> AsyncIterator[ServerSentEvent]:
    async for one in stream:
        match one:
            case Typing(on=on):
                yield ServerSentEvent('{"on": true}' if on else '{"on": false}', event="typing")
            case Entry():
                yield ServerSentEvent(one.model_dump_json(), event="message", id=str(one.id))
