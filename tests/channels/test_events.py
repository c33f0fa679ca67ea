from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.kit import Door, bearer, events, served
from tests.conversations.kit import until


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with served(tmp_path) as opened:
        yield opened


async def post(at: Door, client_id: str, text: str) -> int:
    body = {"client_id": client_id, "text": text}
    answer = await at.client.post("/api/v1/messages", json=body)
    return int(answer.json()["message"])


async def messages(stream: AsyncIterator[tuple[str, Any]], count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async for kind, data in stream:
        if kind == "message":
            found.append(data)
        if len(found) == count:
            break
    return found


async def test_the_answer_comes_live_in_the_shape_of_the_protocol(at: Door) -> None:
    async with events(at.client) as stream:
        await post(at, "a", "钱没到")
        mine, answer = await messages(stream, 2)
    assert (mine["author"], mine["client_id"]) == ("merchant", "a")
    assert answer.pop("at").endswith("+08:00")
    assert answer == {
        "id": 2,
        "author": "bot",
        "text": "答：钱没到",
        "client_id": None,
        "buttons": [],
        "timeline": None,
        "ticket": None,
        "identity": None,
    }


async def test_typing_is_shown_while_the_answer_is_prepared(at: Door) -> None:
    at.bot.gate.clear()
    kinds: list[Any] = []
    async with events(at.client) as stream:
        await post(at, "a", "钱没到")
        async for kind, data in stream:
            kinds.append(data if kind == "typing" else kind)
            if data == {"on": True}:
                at.bot.gate.set()
            if data == {"on": False}:
                break
    assert kinds == ["message", {"on": True}, "message", {"on": False}]


@pytest.mark.parametrize(
    "resume", [{"headers": {"Last-Event-ID": "2"}}, {"params": {"after": "2"}}]
)
async def test_a_client_that_comes_back_misses_nothing_and_gets_nothing_twice(
    at: Door, resume: dict[str, Any]
) -> None:
    async with events(at.client) as stream:
        await post(at, "a", "一")
        assert [one["id"] for one in await messages(stream, 2)] == [1, 2]
    await post(at, "b", "二")
    await until(lambda: len(at.bot.asked) == 2)
    async with events(at.client, **resume) as stream:
        assert [one["text"] for one in await messages(stream, 2)] == ["二", "答：二"]


async def test_nobody_hears_another_merchants_conversation(at: Door) -> None:
    await post(at, "a", "钱没到")
    other = bearer(at.settings, "898310058120002")
    async with events(at.client, headers=other) as stream:
        body = {"client_id": "b", "text": "在吗"}
        await at.client.post("/api/v1/messages", json=body, headers=other)
        heard = await messages(stream, 2)
    assert [one["text"] for one in heard] == ["在吗", "答：在吗"]


async def test_a_stream_does_not_outlive_its_token(at: Door) -> None:
    async with events(at.client, headers=bearer(at.settings, ttl=1)) as stream:
        assert [one async for one in stream] == []


@pytest.mark.parametrize("after", ["-1", "x", str(2**63)])
async def test_an_id_that_no_message_can_have_is_refused(at: Door, after: str) -> None:
    answer = await at.client.get("/api/v1/events", params={"after": after})
    assert answer.status_code == 422
