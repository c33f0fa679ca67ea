"""What many hands do at the same time comes to one, in either store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daozhang.conversations.log import open_conversation
from tests.conversations.kit import Place, place


@pytest.fixture(params=["sqlite", "postgresql"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    store = tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    async with place(store) as found:
        yield found


async def test_posts_of_one_message_at_the_same_time_store_it_once(here: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _n: here.post("same", "钱没到"), range(32)))
    assert len(ids) == 1
    assert here.said() == ["merchant 钱没到"]


async def test_a_merchant_has_one_conversation_however_many_pages_open_it(here: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = set(
            pool.map(
                lambda _n: open_conversation(here.sessions, "8980", here.clock.now()), range(32)
            )
        )
    assert len(opened) == 1
