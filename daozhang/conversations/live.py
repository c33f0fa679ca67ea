"""Live listeners: who waits for a conversation's news is woken, whichever process wrote it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from daozhang.conversations.log import Entry, read_after
from daozhang.conversations.models import Message
from daozhang.database import Sessions

__all__ = ["Hub", "Typing"]

_LOG = logging.getLogger(__name__)

_POLL = 0.3
_WINDOW = 100
"""How far back the poll looks: on PostgreSQL an id may become visible after a higher one."""
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Typing:
    """Whether an answer is being prepared."""

    on: bool


class Hub:
    """Wakes the listeners of this process: at once for its own writes, by a poll for all others."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._typing: set[str] = set()
        self._seen: set[int] = set()
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await asyncio.to_thread(self._fresh)
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    def notify(self, conversation_id: str) -> None:
        """There is something new to read."""
        for event in self._listeners.get(conversation_id, ()):
            event.set()

    def typing(self, conversation_id: str, *, on: bool) -> None:
        """An answer is being prepared, or no longer."""
        (self._typing.add if on else self._typing.discard)(conversation_id)
        self.notify(conversation_id)

    async def follow(
        self, conversation_id: str, after: int, until: float
    ) -> AsyncIterator[Entry | Typing]:
        """Everything after the id `after`, then what comes; ends at the Unix time `until`."""
        shown = False
        with self._listen(conversation_id) as news:
            while True:
                news.clear()
                typing = conversation_id in self._typing
                page = await asyncio.to_thread(self._read, conversation_id, after)
                for entry in page:
                    yield entry
                    after = entry.id
                if len(page) == _PAGE:
                    continue
                if typing is not shown:
                    yield Typing(typing)
                    shown = typing
                try:
                    await asyncio.wait_for(news.wait(), until - time.time())
                except TimeoutError:
                    return

    @contextmanager
    def _listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._listeners[conversation_id].add(event)
        try:
            yield event
        finally:
            self._listeners[conversation_id].discard(event)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    def _read(self, conversation_id: str, after: int) -> list[Entry]:
        with self._sessions() as session:
            return list(read_after(session, conversation_id, after, _PAGE))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_POLL)
            try:
                for conversation_id in await asyncio.to_thread(self._fresh):
                    self.notify(conversation_id)
            except SQLAlchemyError:
                _LOG.exception("looking for new messages failed")

    def _fresh(self) -> set[str]:
        """Conversations with a message that this process had not seen yet."""
        floor = max(self._seen, default=0) - _WINDOW
        recent = select(Message.id, Message.conversation_id).order_by(Message.id.desc())
        with self._sessions() as session:
            rows = session.execute(
                recent.where(Message.id > floor) if self._seen else recent.limit(_WINDOW)
            ).all()
        fresh = {conversation_id for id_, conversation_id in rows if id_ not in self._seen}
        self._seen = {id_ for id_, _ in rows}
        return fresh
