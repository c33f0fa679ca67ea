from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from daozhang.cases.models import Case, CaseStatus, Promise, PromiseKind, PromiseState, Ticket
from daozhang.cases.promises import promise
from daozhang.cases.reminders import set_reminder
from daozhang.conversations.log import Incoming, Person, open_for, read_after, receive
from daozhang.conversations.models import Author, Control, Conversation
from daozhang.ledger.models import Merchant, Txn
from daozhang.ledger.words import TxnState
from daozhang.settings import Settings
from daozhang.worker import keep_promises, run_worker
from tests.conversations.kit import Place, place, until
from tests.worlds import CALENDAR, MID, a_merchant, a_sale, a_terminal, moment

NOW = moment("2026-11-21 16:00")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


def a_promise(here: Place) -> int:
    """The merchant waits for the reversal of a doubtful payment; the payment's id."""
    with here.sessions.begin() as session:
        merchant = a_merchant(session)
        a_terminal(session)
        txn = a_sale(session, merchant, 26800, "2026-11-21 15:55", state=TxnState.REVERSAL_PENDING)
        case = Case(
            conversation_id=here.conversation_id,
            mid=MID,
            status=CaseStatus.INFORMED,
            opened_at=NOW,
            changed_at=NOW,
            complaint="扣了268没出票",
            txn_ids=[txn.id],
            finding="reversal_pending",
        )
        session.add(case)
        session.flush()
        assert promise(session, case, PromiseKind.REVERSAL, NOW)
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
        with pytest.raises(OSError, match="disk"):
            keep_promises(here.sessions, CALENDAR, NOW)
    assert the_promise(here).state is PromiseState.OPEN
    assert keep_promises(here.sessions, CALENDAR, NOW) == 1


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


async def test_the_worker_runs_until_it_is_stopped(here: Place, tmp_path: Path) -> None:
    reverse(here, a_promise(here))
    stop = threading.Event()
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")
    worker = threading.Thread(target=run_worker, args=(settings, stop))
    worker.start()
    await until(lambda: here.said() != [])
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
