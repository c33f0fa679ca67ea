"""Where a talk is played: a store with its world, a clock, the gateway's turns and the worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Date, select
from sqlalchemy.orm import Session

from daozhang.cases.assistant import Assistant
from daozhang.cases.models import Ticket
from daozhang.clock import SHANGHAI
from daozhang.conversations.bot import Bot
from daozhang.conversations.live import Hub
from daozhang.conversations.log import Incoming, open_conversation, receive
from daozhang.conversations.models import Author, Message, MessageState
from daozhang.conversations.turns import TurnRunner
from daozhang.database import Base, Moment, Sessions, connect
from daozhang.desk.desk import Desk
from daozhang.ledger.loading import store_world
from daozhang.ledger.models import (
    Hold,
    Incident,
    Merchant,
    Payout,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.words import PayoutState, TxnKind, TxnState
from daozhang.simulation.simulated_terminal import press
from daozhang.worker import keep_promises
from tests.cases.conftest import StoppedClock
from tests.talks.room import NOTHING_SAID, Room, StrangersBot
from tests.talks.script import Change, Talk, Turn
from tests.worlds import CALENDAR, a_payout, a_sale

__all__ = ["RealBot", "Stage", "staged"]

type RealBot = Callable[["Stage"], str]
"""Tells a running bot's actions of the stage; the address of its rest channel."""
_PATIENCE = 60.0


@dataclass
class Stage:
    """One merchant's conversation. `last` are the bubbles that the latest turn brought."""

    talk: Talk
    sessions: Sessions
    clock: StoppedClock
    assistant: Assistant
    room: Room
    mid: str
    conversation_id: str
    txn_ids: dict[str, int]
    runner: TurnRunner
    last: list[Message] = field(default_factory=list)
    _seen: int = 0
    _numbers: Any = field(default_factory=count)

    async def play(self, turn: Turn) -> None:
        """Do what the turn says; `last` is what was said to the merchant then."""
        now = self.clock.now()
        if turn.say is not None:
            self.room.heard = turn.heard or NOTHING_SAID
            await self._send(turn.say, None)
        elif turn.tap is not None:
            choice, label = self._button(turn.tap)
            self.room.heard = NOTHING_SAID
            await self._send(label, choice)
        elif turn.wait is not None:
            self.clock.time = now + turn.wait
        elif turn.at is not None:
            self.clock.time = turn.at
        elif turn.worker is not None:
            keep_promises(self.sessions, CALENDAR, now)
        elif turn.staff is not None:
            self._staff(turn.staff)
        with self.sessions.begin() as session:
            for action in turn.press:
                press(session, session.scalars(select(Terminal.tid)).one(), action, now)
            for change in turn.ledger:
                self._change(session, change, now)
        self.last = self._news()

    async def _send(self, text: str, choice: str | None) -> None:
        incoming = Incoming(f"m{next(self._numbers)}", text, choice)
        number = receive(self.sessions, self.conversation_id, incoming, self.clock.now()).message_id
        self.runner.wake(self.conversation_id)
        async with asyncio.timeout(_PATIENCE):
            while not self._answered(number):  # noqa: ASYNC110 - the store is looked at
                await asyncio.sleep(0.01)

    def _answered(self, number: int) -> bool:
        with self.sessions() as session:
            return session.get_one(Message, number).state is MessageState.ANSWERED

    def _button(self, wanted: str) -> tuple[str, str]:
        """The id and label of a button on offer; one that is not there is tapped all the same."""
        for message in reversed(self.last):
            for one in _buttons(message):
                if one["id"] == wanted or (wanted == "resume" and one["id"].startswith("resume:")):
                    return one["id"], one["label"]
        return wanted, "…"

    def _news(self) -> list[Message]:
        with self.sessions() as session:
            found = session.scalars(
                select(Message)
                .where(Message.id > self._seen, Message.author != Author.MERCHANT)
                .order_by(Message.id)
            ).all()
        if found:
            self._seen = found[-1].id
        return list(found)

    def _staff(self, text: str) -> None:
        desk = Desk(self.sessions, self.clock)
        with self.sessions() as session:
            number = session.scalars(select(Ticket.number).order_by(Ticket.number.desc())).first()
        assert number is not None, "there is no ticket to take"
        desk.close(number) if text == "close" else desk.reply(number, text, "小王")

    def _change(self, session: Session, change: Change, now: datetime) -> None:
        if change.new is not None:
            self._add(session, change, now)
            return
        row = self._row(session, change)
        for name, value in change.set.items():
            setattr(row, name, _typed(type(row), name, value, now))

    def _row(self, session: Session, change: Change) -> Base:
        tables: dict[type[Base], Any] = {
            Txn: change.txn and self.txn_ids[change.txn],
            Terminal: change.terminal,
            Merchant: change.merchant,
            Payout: change.payout,
            Hold: change.hold,
            Incident: change.incident,
        }
        table, key = next((table, key) for table, key in tables.items() if key is not None)
        if key == "only":
            return session.scalars(select(table)).one()
        return session.get_one(table, key)

    def _add(self, session: Session, change: Change, now: datetime) -> None:
        merchant = session.get_one(Merchant, self.mid)
        tid = session.scalars(select(Terminal.tid).where(Terminal.mid == self.mid)).first()
        of = [session.get_one(Txn, self.txn_ids[key]) for key in change.carries]
        more = dict(change.set)
        match change.new:
            case "payout":
                state = PayoutState(more.pop("state"))
                at = f"{now:%Y-%m-%d %H:%M:%S}" if state is not PayoutState.CREATED else None
                payout = a_payout(session, *of, state=state, at=at, **more)
                if payout.previous_no:
                    for txn in of:
                        assert txn.item is not None
                        txn.item.payout_no = payout.previous_no
            case "event":
                values = {"tid": tid, "at": now} | _typed_all(TerminalEvent, more, now)
                session.add(TerminalEvent(**values))
            case "sale":
                a_sale(session, merchant, more.pop("amount"), f"{now:%Y-%m-%d %H:%M:%S}", **more)
            case "hold":
                values = {"mid": self.mid, "since": now, "state": "open", "materials": []}
                hold = Hold(**values | _typed_all(Hold, more, now))
                hold.txn_id = of[0].id if of else None
                session.add(hold)
                session.flush()
                for txn in of:
                    assert txn.item is not None
                    txn.item.hold_id = hold.id
            case "incident":
                values = {"target": "", "since": now, "planned": False}
                session.add(Incident(**values | _typed_all(Incident, more, now)))
            case "void" | "refund" as kind:
                after = TxnState.VOIDED if kind == "void" else TxnState.REFUNDED
                of[0].state = after
                undo = Txn(
                    mid=self.mid,
                    tid=of[0].tid,
                    channel=of[0].channel,
                    kind=TxnKind(kind),
                    amount=of[0].amount,
                    local_at=now,
                    state=TxnState.APPROVED,
                    original_id=of[0].id,
                )
                session.add(undo)


def _buttons(message: Message) -> list[dict[str, str]]:
    found: Any = (message.payload or {}).get("buttons", [])
    return list(found)


def _typed_all(table: type[Base], values: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {name: _typed(table, name, value, now) for name, value in values.items()}


def _typed(table: type[Base], name: str, value: Any, now: datetime) -> Any:
    """The value as the column keeps it."""
    kind = table.__table__.c[name].type
    if isinstance(kind, Moment):
        moment = now if value == "now" else datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


@asynccontextmanager
async def staged(talk: Talk, store: Path, real_bot: RealBot | None = None) -> AsyncIterator[Stage]:
    """A stage on the SQLite store at `store`, which has its tables and nothing else."""
    engine, sessions = connect(f"sqlite:///{store}")
    clock = StoppedClock(talk.begins)
    with sessions.begin() as session:
        txn_ids = dict(store_world(session, talk.world).txn_ids)
    mid = talk.world.merchants[0].mid
    conversation_id = open_conversation(sessions, mid, clock.now())
    assistant = Assistant(sessions, CALENDAR, clock)
    room = Room(assistant)
    stage = Stage(
        talk,
        sessions,
        clock,
        assistant,
        room,
        mid,
        conversation_id,
        txn_ids,
        runner=None,  # type: ignore[arg-type]
    )
    kind = StrangersBot if talk.stranger else Bot
    if real_bot is None:
        bot = kind("http://room", _PATIENCE, clock, room)
    else:
        bot = kind(real_bot(stage), _PATIENCE, clock)
    stage.runner = TurnRunner(sessions, bot, Hub(sessions), clock, patience=5.0, pauses=(0.01,))
    try:
        yield stage
    finally:
        await bot.close()
        engine.dispose()
