from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, CaseStatus, Promise, PromiseKind, PromiseState, Ticket
from daozhang.cases.promises import WATCHED_FOR, due, promise
from daozhang.cases.reminders import set_reminder
from daozhang.clock import Clock
from daozhang.conversations.log import Incoming, Person, open_for, read_after, receive
from daozhang.conversations.models import Author, Control, Conversation
from daozhang.conversations.proving import Proving
from daozhang.conversations.reach import where_to_write
from daozhang.identity import Claim, IdentityCheck, begin
from daozhang.ledger.models import Merchant, Txn
from daozhang.ledger.words import PayoutState, TxnState
from daozhang.settings import Settings
from daozhang.texts import load_texts
from daozhang.worker import keep_promises, run_worker
from tests.conversations.kit import Place, place, until
from tests.worlds import CALENDAR, MID, a_merchant, a_payout, a_sale, a_terminal, moment

NOW = moment("2026-11-21 16:00")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


def a_case(
    session: Session,
    here: Place,
    txn_ids: list[int],
    mid: str = MID,
    finding: str = "reversal_pending",
) -> Case:
    case = Case(
        conversation_id=here.conversation_id,
        mid=mid,
        status=CaseStatus.INFORMED,
        opened_at=NOW,
        changed_at=NOW,
        complaint="扣了268没出票",
        txn_ids=txn_ids,
        finding=finding,
    )
    session.add(case)
    session.flush()
    return case


def a_promise(here: Place) -> int:
    """The merchant waits for the reversal of a doubtful payment; the payment's id."""
    with here.sessions.begin() as session:
        merchant = a_merchant(session)
        a_terminal(session)
        txn = a_sale(session, merchant, 26800, "2026-11-21 15:55", state=TxnState.REVERSAL_PENDING)
        assert promise(session, a_case(session, here, [txn.id]), PromiseKind.REVERSAL, NOW)
        return txn.id


def reverse(here: Place, txn_id: int) -> None:
    with here.sessions.begin() as session:
        txn = session.get_one(Txn, txn_id)
        txn.state, txn.reversal_at, txn.reversal_code = TxnState.REVERSED, NOW, "00"


async def test_news_is_told_once(here: Place) -> None:
    txn_id = a_promise(here)
    assert keep_promises(here.sessions, CALENDAR, NOW) == 0
    assert here.said() == []
    reverse(here, txn_id)
    assert keep_promises(here.sessions, CALENDAR, NOW) == 1
    told = here.said()
    assert told
    assert keep_promises(here.sessions, CALENDAR, NOW) == 0
    assert here.said() == told


async def test_a_promise_that_ends_with_a_ticket_queues_the_conversation(here: Place) -> None:
    a_promise(here)
    keep_promises(here.sessions, CALENDAR, moment("2026-11-21 17:00"))
    assert here.entries()[-1].ticket
    assert here.control() is Control.QUEUED


async def test_a_balance_that_falls_below_what_was_set_is_told_once(here: Place) -> None:
    with here.sessions.begin() as session:
        merchant = a_merchant(session, balance=90_000)
        assert not set_reminder(session, merchant, here.conversation_id, 50_000, NOW)
    assert keep_promises(here.sessions, CALENDAR, NOW) == 0
    with here.sessions.begin() as session:
        session.get_one(Merchant, MID).balance = 40_000
    assert keep_promises(here.sessions, CALENDAR, NOW) == 1
    assert "400元" in here.said()[0]
    assert keep_promises(here.sessions, CALENDAR, NOW) == 0


async def test_a_promise_whose_news_cannot_be_written_is_still_open(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise OSError("the disk is full")

    reverse(here, a_promise(here))
    with monkeypatch.context() as patched:
        patched.setattr("daozhang.worker.deliver", broken)
        assert keep_promises(here.sessions, CALENDAR, NOW) == 0
    assert the_promise(here).state is PromiseState.OPEN
    assert keep_promises(here.sessions, CALENDAR, NOW + timedelta(minutes=1)) == 1


async def test_a_merchant_who_cannot_be_told_holds_up_no_other(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_everywhere(session: Session, now: datetime, mid: str, made_in: str) -> str | None:
        if mid != MID:
            raise OSError("the disk is full")
        return where_to_write(session, now, mid, made_in)

    monkeypatch.setattr("daozhang.worker.where_to_write", not_everywhere)
    with here.sessions.begin() as session:
        assert promise(session, a_case(session, here, [1], "other"), PromiseKind.ARRIVAL, NOW)
    reverse(here, a_promise(here))
    assert keep_promises(here.sessions, CALENDAR, NOW) == 1
    with here.sessions() as session:
        assert due(session, NOW) == []
        assert due(session, NOW + timedelta(minutes=1)) == ["other"]


def the_promise(here: Place) -> Promise:
    with here.sessions() as session:
        return session.scalars(select(Promise)).one()


def a_visit(here: Place, ends_at: datetime, text: str = "查到账") -> str:
    """The same merchant comes as a visitor, proves it, and says something."""
    visitor = Person("v:1", ends_at=ends_at)
    conversation_id = open_for(here.sessions, visitor, NOW)
    with here.sessions.begin() as session:
        session.get_one(Conversation, conversation_id).mid = MID
    receive(here.sessions, conversation_id, Incoming(text, text), NOW)
    return conversation_id


def heard_in(here: Place, conversation_id: str) -> bool:
    """Whether the assistant has said anything there."""
    with here.sessions() as session:
        return any(one.author is Author.BOT for one in read_after(session, conversation_id))


async def test_news_comes_where_the_merchant_wrote_last(here: Place) -> None:
    txn_id = a_promise(here)
    here.post("a", "钱没到")
    visit = a_visit(here, NOW + timedelta(hours=1))
    reverse(here, txn_id)
    keep_promises(here.sessions, CALENDAR, NOW)
    assert heard_in(here, visit)
    assert not heard_in(here, here.conversation_id)


async def test_news_does_not_come_where_nobody_can_read_it_any_more(here: Place) -> None:
    txn_id = a_promise(here)
    here.post("a", "钱没到")
    visit = a_visit(here, NOW - timedelta(minutes=1))
    reverse(here, txn_id)
    keep_promises(here.sessions, CALENDAR, NOW)
    assert not heard_in(here, visit)
    assert heard_in(here, here.conversation_id)


async def test_news_waits_until_the_merchant_can_be_reached(here: Place) -> None:
    reverse(here, a_promise(here))
    with here.sessions.begin() as session:
        session.get_one(Conversation, here.conversation_id).ends_at = NOW
    assert keep_promises(here.sessions, CALENDAR, NOW) == 0
    assert the_promise(here).state is PromiseState.OPEN
    visit = a_visit(here, NOW + timedelta(hours=1))
    assert keep_promises(here.sessions, CALENDAR, NOW) == 1
    assert heard_in(here, visit)


async def test_a_ticket_of_a_broken_promise_stands_where_the_merchant_is(here: Place) -> None:
    a_promise(here)
    visit = a_visit(here, moment("2026-11-21 20:00"))
    keep_promises(here.sessions, CALENDAR, moment("2026-11-21 17:00"))
    with here.sessions() as session:
        assert session.scalars(select(Ticket)).one().conversation_id == visit
        assert session.get_one(Conversation, visit).control is Control.QUEUED
    assert here.control() is Control.BOT


async def test_who_proves_to_be_back_is_told_at_once(here: Place) -> None:
    txn_id = a_promise(here)
    with here.sessions.begin() as session:
        session.get_one(Conversation, here.conversation_id).ends_at = NOW
    later = NOW + timedelta(days=3)
    assert keep_promises(here.sessions, CALENDAR, later) == 0
    reverse(here, txn_id)
    visit = open_for(here.sessions, Person("v:1", ends_at=later + timedelta(hours=12)), later)
    proving = Proving(here.sessions, CALENDAR, "a key for tests")
    code = proving.ask(visit, Claim(MID, "31000001"), later).message
    assert code
    assert keep_promises(here.sessions, CALENDAR, later) == 0
    assert proving.enter(visit, code.code, later).mid == MID
    assert keep_promises(here.sessions, CALENDAR, later) == 1
    assert heard_in(here, visit)


async def test_who_is_never_back_is_waited_for_a_month(here: Place) -> None:
    reverse(here, a_promise(here))
    with here.sessions.begin() as session:
        session.get_one(Conversation, here.conversation_id).ends_at = NOW
    keep_promises(here.sessions, CALENDAR, NOW + WATCHED_FOR - timedelta(minutes=6))
    assert the_promise(here).state is PromiseState.OPEN
    keep_promises(here.sessions, CALENDAR, NOW + WATCHED_FOR)
    assert the_promise(here).state is PromiseState.LAPSED
    a_visit(here, NOW + timedelta(days=99))
    with here.sessions() as session:
        assert due(session, NOW + timedelta(days=98)) == []


def awaited_sales(here: Place, finding: str, *watched: list[int]) -> list[int]:
    """Three payments of Saturday's of which these are waited for, each list by a promise."""
    with here.sessions.begin() as session:
        merchant = a_merchant(session)
        a_terminal(session)
        for minute in (10, 20, 30):
            a_sale(session, merchant, 26800 + minute, f"2026-11-21 15:{minute}")
        for ids in watched:
            case = a_case(session, here, ids, finding=finding)
            assert promise(session, case, PromiseKind.ARRIVAL, NOW)
        return list(session.scalars(select(Txn.id).order_by(Txn.id)))


def states(here: Place) -> list[PromiseState]:
    with here.sessions() as session:
        return list(session.scalars(select(Promise.state).order_by(Promise.id)))


async def test_money_that_does_not_come_is_watched_for_a_month_and_no_longer(here: Place) -> None:
    awaited_sales(here, "overdue", [1])
    over = NOW + WATCHED_FOR
    assert keep_promises(here.sessions, CALENDAR, over - timedelta(minutes=6)) == 0
    assert states(here) == [PromiseState.OPEN]
    assert keep_promises(here.sessions, CALENDAR, over) == 1
    assert states(here) == [PromiseState.LAPSED]
    opening = load_texts("assistant")("promise_over", days=WATCHED_FOR.days)
    assert here.said()[0].startswith(f"bot {opening}")
    assert keep_promises(here.sessions, CALENDAR, over + timedelta(hours=1)) == 0


async def test_what_two_promises_wait_for_is_told_once(here: Place) -> None:
    awaited_sales(here, "before_due", [2], [1, 2, 3], [2, 3])
    with here.sessions.begin() as session:
        txns = session.scalars(select(Txn)).all()
        a_payout(session, *txns, state=PayoutState.CREDITED, at="2026-11-23 10:30")
    assert keep_promises(here.sessions, CALENDAR, moment("2026-11-23 10:35")) == 1
    assert states(here) == [PromiseState.KEPT] * 3
    assert any("3笔" in one for one in here.said())


async def test_what_only_one_of_two_promises_has_come_to_is_told(here: Place) -> None:
    awaited_sales(here, "before_due", [2], [1, 2, 3])
    with here.sessions.begin() as session:
        single = session.get_one(Txn, 2)
        a_payout(session, single, state=PayoutState.CREDITED, at="2026-11-23 10:30")
    assert keep_promises(here.sessions, CALENDAR, moment("2026-11-23 10:35")) == 1
    assert states(here) == [PromiseState.KEPT, PromiseState.OPEN]


async def test_the_longer_somebody_waits_the_more_seldom_they_are_looked_at(here: Place) -> None:
    awaited_sales(here, "before_due", [1])
    for waited, pause in ((timedelta(minutes=1), 2), (timedelta(hours=1), 120)):
        looked = NOW + waited
        keep_promises(here.sessions, CALENDAR, looked)
        with here.sessions() as session:
            assert due(session, looked + timedelta(seconds=pause - 1)) == []
            assert due(session, looked + timedelta(seconds=pause)) == [MID]


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
async def test_of_many_workers_at_once_one_tells(
    store: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = tmp_path if store == "sqlite" else request.getfixturevalue("postgres_url")
    async with place(url) as here:
        reverse(here, a_promise(here))
        with here.sessions.begin() as session:
            session.get_one(Merchant, MID).balance = 90_000
            set_reminder(session, session.get_one(Merchant, MID), here.conversation_id, 50_000, NOW)
            session.get_one(Merchant, MID).balance = 40_000
        with ThreadPoolExecutor(8) as pool:
            told = pool.map(lambda _n: keep_promises(here.sessions, CALENDAR, NOW), range(8))
            assert sum(told) == 2
        assert len([one for one in here.said() if "400元" in one]) == 1


async def test_codes_that_no_limit_counts_any_more_are_forgotten(
    here: Place, tmp_path: Path
) -> None:
    now = Clock().now()
    with here.sessions.begin() as session:
        a_merchant(session)
        for age in (timedelta(hours=23), timedelta(hours=25)):
            begin(session, "key", f"{age}", Claim(MID, "31000001"), now - age)
    with the_worker_on(tmp_path):
        await until(lambda: len(talks_with_codes(here)) == 1)
    assert talks_with_codes(here) == ["23:00:00"]


def talks_with_codes(here: Place) -> list[str]:
    with here.sessions() as session:
        return list(session.scalars(select(IdentityCheck.conversation_id)))


@contextmanager
def the_worker_on(folder: Path) -> Iterator[None]:
    stop = threading.Event()
    settings = Settings(database_url=f"sqlite:///{folder / 'store.sqlite3'}")
    worker = threading.Thread(target=run_worker, args=(settings, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(10)
    assert not worker.is_alive()


async def test_the_worker_runs_until_it_is_stopped(here: Place, tmp_path: Path) -> None:
    reverse(here, a_promise(here))
    with the_worker_on(tmp_path):
        await until(lambda: here.said() != [])
