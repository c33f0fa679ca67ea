"""Taking turns: one message of a conversation at a time, in order, answered once.

A message is stored before it gets here. Whatever happens to this process, to the bot or to the
network, it stays unanswered in the store until somebody answers it.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, repeat

from sqlalchemy.orm import Session

from daozhang.clock import Clock
from daozhang.conversations import leases
from daozhang.conversations.bot import Bot, Question
from daozhang.conversations.live import Hub
from daozhang.conversations.models import Control
from daozhang.conversations.turn import (
    BACK_TO_BOT,
    Turn,
    answer,
    give_up,
    go_back_to_bot,
    is_for_staff,
    next_turn,
    note_for_staff,
    tell_waiting,
)
from daozhang.database import Sessions
from daozhang.errors import BotUnavailable, BrokenTurn, StaleVersion
from daozhang.replies import Reply

__all__ = ["TurnRunner"]

_LOG = logging.getLogger(__name__)

_SWEEP = 2.0
_PAUSES = (0.5, 1.0, 2.0, 3.0)


class TurnRunner:
    """Answers what merchants write. `patience` is the seconds to wait for a bot that restarts."""

    def __init__(
        self,
        sessions: Sessions,
        bot: Bot,
        hub: Hub,
        clock: Clock,
        *,
        patience: float,
        pauses: Sequence[float] = _PAUSES,
    ) -> None:
        self._sessions = sessions
        self._bot = bot
        self._hub = hub
        self._clock = clock
        self._patience = patience
        self._pauses = pauses
        self._owner = str(uuid.uuid4())
        self._called: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what is unanswered, now and whenever another gateway leaves something behind."""
        self._sweeping = asyncio.create_task(self._sweep_forever())

    async def stop(self) -> None:
        """Leave the rest to the next gateway."""
        at_work = [*self._tasks.values(), *([self._sweeping] if self._sweeping else [])]
        conversations = list(self._tasks)
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        await self._store(lambda session: leases.release(session, conversations, self._owner))

    def wake(self, conversation_id: str) -> None:
        """There may be a message to answer."""
        self._called.add(conversation_id)
        if conversation_id not in self._tasks:
            self._tasks[conversation_id] = asyncio.create_task(self._run(conversation_id))

    async def _run(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._called:
                self._called.discard(conversation_id)
                await self._drain(conversation_id)
        except Exception:
            # Unanswered messages stay in the store; the next sweep comes back to them.
            _LOG.exception("conversation %s: a turn failed", conversation_id)
        finally:
            del self._tasks[conversation_id]

    async def _drain(self, conversation_id: str) -> None:
        now = self._clock.now
        if not await self._store(
            lambda session: leases.take(session, conversation_id, self._owner, now())
        ):
            return
        try:
            while turn := await self._store(
                lambda session: next_turn(session, conversation_id, self._owner)
            ):
                try:
                    await self._take(turn)
                except StaleVersion as stale:
                    _LOG.info("%s", stale)
                self._hub.notify(conversation_id)
        finally:
            await self._store(
                lambda session: leases.release(session, [conversation_id], self._owner)
            )

    async def _take(self, turn: Turn) -> None:
        if turn.control is Control.QUEUED and turn.choice == BACK_TO_BOT:
            await self._write(go_back_to_bot, turn)
        elif is_for_staff(turn, self._clock.now()):
            await self._write(note_for_staff, turn)
        else:
            self._hub.typing(turn.conversation_id, on=True)
            try:
                replies = await self._ask(turn)
                ended = give_up if replies is None else partial(answer, replies=replies)
                await self._write(ended, turn)
            finally:
                self._hub.typing(turn.conversation_id, on=False)

    async def _ask(self, turn: Turn) -> Sequence[Reply] | None:
        """The bot's bubbles, waited for while it restarts; None when a person has to take over."""
        question = Question(
            session_key=turn.case.session_key,
            conversation_id=turn.conversation_id,
            message_id=str(turn.message_id),
            mid=turn.mid,
            text=turn.text,
            choice=turn.choice,
            case_open=turn.case.open,
        )
        broken = 0
        for pause in self._until_patience_ends():
            try:
                return await self._bot.ask(question)
            except BotUnavailable as error:
                _LOG.warning("message %s is not answered: %s", turn.message_id, error)
                if isinstance(error, BrokenTurn) and await self._bot.is_ready():
                    broken += 1
                    if broken > 1:
                        return None
                else:
                    await self._write(tell_waiting, turn)
                    self._hub.notify(turn.conversation_id)
            await asyncio.sleep(pause)
        return None

    def _until_patience_ends(self) -> Iterator[float]:
        end = time.monotonic() + self._patience
        for pause in chain(self._pauses, repeat(self._pauses[-1])):
            yield pause
            if time.monotonic() >= end:
                return

    async def _sweep_forever(self) -> None:
        while True:
            try:
                for conversation_id in await self._store(self._sweep):
                    self.wake(conversation_id)
            except Exception:
                _LOG.exception("looking for unanswered messages failed")
            await asyncio.sleep(_SWEEP)

    def _sweep(self, session: Session) -> Sequence[str]:
        now = self._clock.now()
        if self._tasks:
            leases.renew(session, list(self._tasks), self._owner, now)
        return leases.waiting(session, now)

    async def _write(self, change: Callable[[Session, Turn, datetime], None], turn: Turn) -> None:
        await self._store(lambda session: change(session, turn, self._clock.now()))

    async def _store[T](self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction, off the event loop."""

        def in_transaction() -> T:
            with self._sessions.begin() as session:
                return work(session)

        return await asyncio.to_thread(in_transaction)
