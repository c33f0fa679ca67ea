"""Two talks of one merchant in the same instant: on SQLite and on PostgreSQL one of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.assistant import Assistant
from daozhang.cases.models import BalanceWatch, Case, CaseStatus, Promise, PromiseKind
from daozhang.cases.promises import WATCHED_FOR, promise
from daozhang.cases.reminders import set_reminder, stop_reminder
from daozhang.database import Base, Sessions, connect
from daozhang.ledger.models import Merchant
from daozhang.texts import load_texts
from tests.cases.conftest import StoppedClock, Talker, amount
from tests.worlds import CALENDAR, MID, a_merchant, a_sale, a_terminal, moment

NOW = moment("2026-11-22 10:20")
TALKS = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    engine, sessions = connect(url)
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        shop = a_merchant(session)
        a_terminal(session)
        a_sale(session, shop, 300_000, "2026-11-21 15:10")
    yield sessions
    engine.dispose()


def at_once[T](sessions: Sessions, do: Callable[[Session, int], T]) -> list[T]:
    """Do it in as many transactions as there are talks, all begun before any goes on."""
    ready = Barrier(TALKS)

    def one(number: int) -> T:
        with sessions.begin() as session:
            session.scalars(select(Merchant)).all()
            ready.wait(10)
            return do(session, number)

    with ThreadPoolExecutor(TALKS) as pool:
        return list(pool.map(one, range(TALKS)))


def a_case(sessions: Sessions, talk: str, txn_ids: list[int]) -> Case:
    case = Case(
        conversation_id=talk,
        mid=MID,
        status=CaseStatus.INFORMED,
        opened_at=NOW,
        changed_at=NOW,
        complaint="钱没到",
        txn_ids=txn_ids,
        finding="before_due",
    )
    with sessions.begin() as session:
        session.add(case)
    return case


def test_one_promise_is_made(sessions: Sessions) -> None:
    cases = [a_case(sessions, f"talk {number}", [1, 2]) for number in range(TALKS)]
    made = at_once(
        sessions,
        lambda session, number: promise(session, cases[number], PromiseKind.ARRIVAL, NOW),
    )
    assert made.count(True) == 1
    with sessions() as session:
        kept = session.scalars(select(Promise)).one()
    assert kept.conversation_id == f"talk {made.index(True)}"


def test_the_same_payments_in_another_order_are_the_same_watch(sessions: Sessions) -> None:
    one, other = a_case(sessions, "a", [1, 2]), a_case(sessions, "b", [2, 1])
    with sessions.begin() as session:
        assert promise(session, one, PromiseKind.ARRIVAL, NOW)
        assert not promise(session, other, PromiseKind.ARRIVAL, NOW)
        assert promise(session, other, PromiseKind.REVERSAL, NOW)


def test_both_talks_are_answered(sessions: Sessions) -> None:
    clock, ready, texts = StoppedClock(NOW), Barrier(2), load_texts("assistant")
    assistant = Assistant(sessions, CALENDAR, clock)

    def talker(name: str) -> Talker:
        numbers = count(100 if name == "web" else 200)
        one = Talker(sessions, clock, assistant, conversation_id=name, _numbers=numbers)
        one.say("report_delay", amount(300_000))
        return one

    def watch(one: Talker) -> str:
        ready.wait(10)
        (reply,) = one.tap("watch")
        return reply.text

    with ThreadPoolExecutor(2) as pool:
        said = set(pool.map(watch, [talker("web"), talker("wechat")]))
    assert said == {texts("promise_arrival", days=WATCHED_FOR.days), texts("promise_already")}
    with sessions() as session:
        assert session.scalars(select(Promise)).one()


def test_one_reminder_is_set(sessions: Sessions) -> None:
    def wish(session: Session, number: int) -> None:
        merchant = session.get_one(Merchant, MID)
        set_reminder(session, merchant, f"talk {number}", 10_000 + number, NOW)

    at_once(sessions, wish)
    with sessions() as session:
        kept = session.scalars(select(BalanceWatch)).one()
    assert kept.conversation_id == f"talk {kept.below - 10_000}"


def test_one_talk_stops_the_reminder(sessions: Sessions) -> None:
    with sessions.begin() as session:
        set_reminder(session, session.get_one(Merchant, MID), "talk", 10_000, NOW)
    assert at_once(sessions, lambda session, _n: stop_reminder(session, MID)).count(True) == 1
