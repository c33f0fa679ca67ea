"""The call to the bot's room: one message over the rest channel, its bubbles back.

An empty list is how the bot says that something broke (or that it is still loading), so it never
counts as an answer here.
"""

from __future__ import annotations

import asyncio
import time
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import ValidationError

from daozhang.clock import Clock
from daozhang.errors import BotUnavailable, BrokenTurn
from daozhang.replies import Reply

__all__ = ["Bot", "Question", "safe_text"]

_PROBE = "一般什么时候到账"
_READY_FOR = 30.0
"""Seconds for which an answer proves that the bot is there; probes leave traces in its store."""


@dataclass(frozen=True, slots=True)
class Question:
    """One merchant's message on its way to the bot. The same `message_id` gets the same answer."""

    session_key: str
    conversation_id: str
    message_id: str
    mid: str | None
    text: str
    choice: str | None = None
    case_open: bool = False
    probe: bool = False


class Bot:
    """The bot behind `base_url`. `timeout` is the seconds that one turn may take."""

    def __init__(
        self,
        base_url: str,
        timeout: float,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(timeout, connect=2.0, pool=timeout),
            transport=transport,
            trust_env=False,
        )
        self._answered_at: float | None = None
        self._probing = asyncio.Lock()

    async def ask(self, question: Question) -> tuple[Reply, ...]:
        """The bot's bubbles, at least one.

        Raises BrokenTurn when it answers with none, BotUnavailable when it does not answer.
        """
        try:
            replies = await self._post(question)
        except BotUnavailable:
            self._answered_at = None
            raise
        self._answered_at = time.monotonic()
        return replies

    async def is_ready(self) -> bool:
        """Whether the bot answers real questions: it just did, or it does now."""
        async with self._probing:
            if self._answered_at and time.monotonic() - self._answered_at < _READY_FOR:
                return True
            message_id = f"probe-{uuid.uuid4()}"
            try:
                await self.ask(Question("probe", "probe", message_id, None, _PROBE, probe=True))
            except BotUnavailable:
                return False
            return True

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, question: Question) -> tuple[Reply, ...]:
        try:
            response = await self._client.post("/webhooks/rest/webhook", json=self._body(question))
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise BotUnavailable(f"{type(error).__name__}: {error}") from error
        return _replies(response)

    def _body(self, question: Question) -> dict[str, object]:
        metadata: dict[str, object] = {
            "conversation_id": question.conversation_id,
            "message_id": question.message_id,
            "mid": question.mid,
            "case_open": question.case_open,
            "choice": question.choice,
            "now": self._clock.now().isoformat(),
        }
        if question.probe:
            metadata["probe"] = True
        return {
            "sender": question.session_key,
            "message": safe_text(question.text),
            "metadata": metadata,
        }


def safe_text(text: str) -> str:
    """`text` as the bot may get it: never empty, no control characters, never an intent.

    Rasa takes a text that begins with "/" for the name of an intent, on every channel.
    """
    flat = (" " if char.isspace() else char for char in unicodedata.normalize("NFKC", text))
    visible = "".join(char for char in flat if unicodedata.category(char)[0] != "C")
    return visible.lstrip(" /").rstrip() or "…"


def _replies(response: httpx.Response) -> tuple[Reply, ...]:
    try:
        items: Any = response.json()
        replies = tuple(_reply(item) for item in items)
    except (ValueError, TypeError, KeyError, ValidationError) as error:
        raise BrokenTurn(f"the answer cannot be read: {type(error).__name__}") from error
    if not replies:
        raise BrokenTurn("the answer is empty")
    return replies


def _reply(item: dict[str, Any]) -> Reply:
    return Reply.model_validate(item["custom"] if "custom" in item else {"text": item["text"]})
