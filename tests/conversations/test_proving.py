"""Codes entered at the same moment: on SQLite and on PostgreSQL no try is had for nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from daozhang.cases.models import Ticket
from daozhang.conversations.log import Person, open_for
from daozhang.conversations.models import Control, Conversation
from daozhang.conversations.proving import Proving
from daozhang.identity import Claim, CodeMessage, IdentityCheck, Result
from tests.conversations.kit import Place, place
from tests.worlds import CALENDAR, MID, a_merchant, a_terminal

KEY = "a key for tests"


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path
    address: str = request.getfixturevalue("postgres_url")
    return address


def a_code(here: Place, proving: Proving) -> tuple[str, CodeMessage]:
    with here.sessions.begin() as session:
        a_merchant(session)
        a_terminal(session)
    visit = open_for(here.sessions, Person("v:1"), here.clock.now())
    message = proving.ask(visit, Claim(MID, "31000001"), here.clock.now()).message
    assert message is not None
    return visit, message


async def test_of_many_wrong_codes_at_once_three_count_and_one_ticket_is_opened(
    where: Path | str,
) -> None:
    async with place(where) as here:
        proving = Proving(here.sessions, CALENDAR, KEY)
        visit, message = a_code(here, proving)
        wrong = f"{(int(message.code) + 1) % 1_000_000:06}"
        with ThreadPoolExecutor(8) as pool:
            results = list(
                pool.map(lambda _n: proving.enter(visit, wrong, here.clock.now()).result, range(8))
            )
        assert results.count(Result.WRONG) == 2
        assert results.count(Result.REFUSED) == 6
        with here.sessions() as session:
            assert session.scalar(select(func.sum(IdentityCheck.failures))) == 3
            assert session.scalar(select(func.count()).select_from(Ticket)) == 1
            assert session.get_one(Conversation, visit).control is Control.QUEUED


async def test_the_right_code_twice_at_once_greets_once(where: Path | str) -> None:
    async with place(where) as here:
        proving = Proving(here.sessions, CALENDAR, KEY)
        visit, message = a_code(here, proving)
        with ThreadPoolExecutor(4) as pool:
            proofs = list(
                pool.map(lambda _n: proving.enter(visit, message.code, here.clock.now()), range(4))
            )
        assert {one.mid for one in proofs} == {MID}
        here.conversation_id = visit
        assert len(here.said()) == 1


async def test_claims_from_many_talks_at_once_send_a_merchant_no_more_codes_than_one_by_one(
    where: Path | str,
) -> None:
    async with place(where) as here:
        proving = Proving(here.sessions, CALENDAR, KEY)
        a_code(here, proving)
        now = here.clock.now()
        visits = [open_for(here.sessions, Person(f"v:at once {n}"), now) for n in range(12)]
        claim = Claim(MID, "31000001")
        with ThreadPoolExecutor(12) as pool:
            asked = list(pool.map(lambda visit: proving.ask(visit, claim, now), visits))
        assert sum(one.message is not None for one in asked) == 4
