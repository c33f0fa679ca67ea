"""A shop on Sunday morning, and somebody to talk to about its money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from daozhang.cases.assistant import Assistant, Incoming, Route
from daozhang.cases.models import Case
from daozhang.cases.status import case_state, latest_case
from daozhang.clock import Clock
from daozhang.database import Base, Sessions, connect
from daozhang.ledger.words import PayoutState, TxnState
from daozhang.replies import Reply
from daozhang.understanding import Entity, Understanding
from tests.worlds import CALENDAR, MID, a_merchant, a_payout, a_sale, a_terminal, moment


class StoppedClock(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.time = now

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **span: float) -> None:
        self.time += timedelta(**span)


@dataclass
class Talker:
    """One merchant in one conversation; says things as the bot's room would have understood."""

    sessions: Sessions
    clock: StoppedClock
    assistant: Assistant
    mid: str | None = MID
    conversation_id: str = "conversation"
    _numbers: Iterator[int] = field(default_factory=count)

    def say(
        self,
        intent: str,
        *entities: Entity,
        text: str = "…",
        causes: tuple[tuple[str, float], ...] = (),
        route: Route | None = None,
        message_id: str | None = None,
        ranking: tuple[tuple[str, float], ...] = (),
    ) -> list[Reply]:
        return self._respond(
            Understanding(text, intent, 0.9, ranking, causes, entities), route, message_id
        )

    def tap(self, choice: str) -> list[Reply]:
        return self._respond(Understanding("", "affirm", choice=choice), Route.PLAYBOOK, None)

    def case(self) -> Case:
        with self.sessions() as session:
            case = latest_case(session, self.conversation_id)
            assert case is not None
            return case

    def _respond(
        self, understood: Understanding, route: Route | None, message_id: str | None
    ) -> list[Reply]:
        with self.sessions() as session:
            is_open = case_state(session, self.conversation_id).open
        door = route or (Route.PLAYBOOK if is_open else _ROUTES.get(understood.intent))
        assert door is not None
        return self.assistant.respond(
            door,
            Incoming(
                message_id or f"m{next(self._numbers)}",
                self.conversation_id,
                self.mid,
                understood,
            ),
        )


def amount(fen: int) -> Entity:
    return Entity("amount", fen, str(fen // 100))


def button_ids(replies: list[Reply]) -> list[str]:
    return [button.id for reply in replies for button in reply.buttons]


_ROUTES = {
    "report_delay": Route.DIAGNOSE,
    "report_fault": Route.DIAGNOSE,
    "ask_status": Route.DIAGNOSE,
    "ask_human": Route.HAND_OVER,
    "complain_anger": Route.HAND_OVER,
    "ask_arrival_time": Route.ANSWER,
    "ask_fee": Route.ANSWER,
    "greet": Route.SMALLTALK,
    "thank": Route.SMALLTALK,
    "say_back": Route.SMALLTALK,
    "say_correct": Route.SMALLTALK,
    "nlu_fallback": Route.ASK_BACK,
}


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(moment("2026-11-22 10:20"))


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Sessions]:
    """A store with one shop: not due, after the cut-off, refused by the bank, in doubt."""
    engine, sessions = connect(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        shop = a_merchant(session)
        terminal = a_terminal(session)
        terminal.signal = 1
        terminal.last_heartbeat_at = moment("2026-11-22 09:30")
        a_sale(session, shop, 300_000, "2026-11-21 15:10")
        a_sale(session, shop, 168_000, "2026-11-20 23:12")
        refused = a_sale(session, shop, 1_260_000, "2026-11-19 14:02")
        a_payout(
            session,
            refused,
            state=PayoutState.FAILED,
            at="2026-11-20 04:35",
            fail_text="II类卡当日超限",
        )
        a_sale(
            session,
            shop,
            26_800,
            "2026-11-22 09:40",
            state=TxnState.REVERSAL_PENDING,
            response_code="68",
        )
    yield sessions
    engine.dispose()


@pytest.fixture
def merchant(sessions: Sessions, clock: StoppedClock) -> Talker:
    return Talker(sessions, clock, Assistant(sessions, CALENDAR, clock))
