"""What SQLite's single writer gives for nothing has to hold on PostgreSQL too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from daozhang.conversations.log import lock, read_after, say
from daozhang.conversations.models import Author, Control
from daozhang.desk import Desk
from daozhang.replies import Reply
from tests.conversations.kit import Place, a_ticket, place, until


@pytest.fixture
async def here(postgres_url: str) -> AsyncIterator[Place]:
    async with place(postgres_url) as found:
        yield found


async def test_a_reader_who_has_seen_an_id_cannot_miss_a_lower_one(here: Place) -> None:
    with here.sessions() as slow, here.sessions() as reader:
        say(
            slow,
            lock(slow, here.conversation_id),
            Author.BOT,
            Reply(text="先开始"),
            here.clock.now(),
        )
        with ThreadPoolExecutor(1) as pool:
            later = pool.submit(here.post, "a", "后开始")
            assert read_after(reader, here.conversation_id) == []
            slow.commit()
            later.result()
    assert here.said() == ["bot 先开始", "merchant 后开始"]


async def test_two_gateways_answer_in_order_and_once(here: Place) -> None:
    async with here.gateway() as one, here.gateway() as other:
        for number in range(6):
            here.post(str(number), str(number))
            (one if number % 2 else other).wake(here.conversation_id)
        await until(lambda: len(here.said()) == 12)
    assert here.bot.texts == [str(number) for number in range(6)]


async def test_a_person_who_takes_over_is_not_talked_over(here: Place) -> None:
    ticket = a_ticket(here.sessions, here.conversation_id, here.clock).ticket
    assert ticket
    here.bot.gate.clear()
    async with here.gateway() as turns:
        here.post("a", "钱没到")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.bot.asked) == 1)
        Desk(here.sessions, here.clock).reply(ticket.number, "我来看", "小李")
        here.bot.gate.set()
        await here.turns_are_over()
    assert here.control() is Control.HUMAN
    assert here.said() == ["merchant 钱没到", "staff 我来看"]
