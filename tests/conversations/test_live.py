from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daozhang.conversations.live import Hub, Typing
from daozhang.conversations.log import Entry
from tests.conversations.kit import Place, until


@asynccontextmanager
async def listening(hub: Hub, here: Place, after: int = 0) -> AsyncIterator[list[str]]:
    """What a listener hears: texts, and 'typing' or 'quiet'."""
    heard: list[str] = []

    async def listen() -> None:
        async for one in hub.follow(here.conversation_id, after, time.time() + 60):
            match one:
                case Entry(text=text):
                    heard.append(text)
                case Typing(on=on):
                    heard.append("typing" if on else "quiet")

    task = asyncio.create_task(listen())
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_history_comes_first_then_what_is_new(here: Place) -> None:
    hub = Hub(here.sessions)
    here.post("a", "一")
    async with listening(hub, here) as heard:
        await until(lambda: heard == ["一"])
        here.post("b", "二")
        hub.notify(here.conversation_id)
        await until(lambda: heard == ["一", "二"])


async def test_a_listener_who_comes_back_gets_only_what_is_new(here: Place) -> None:
    hub = Hub(here.sessions)
    seen = here.post("a", "一")
    here.post("b", "二")
    async with listening(hub, here, seen) as heard:
        await until(lambda: heard == ["二"])


async def test_what_other_processes_write_is_noticed(here: Place) -> None:
    hub = Hub(here.sessions)
    await hub.start()
    async with listening(hub, here) as heard:
        here.post("a", "一")
        await until(lambda: heard == ["一"])
        here.post("b", "二")
        await until(lambda: heard == ["一", "二"])
    await hub.stop()


async def test_an_answer_is_heard_before_the_typing_ends(here: Place) -> None:
    hub = Hub(here.sessions)
    async with listening(hub, here) as heard:
        hub.typing(here.conversation_id, on=True)
        await until(lambda: heard == ["typing"])
        here.post("a", "一")
        hub.typing(here.conversation_id, on=False)
        await until(lambda: heard == ["typing", "一", "quiet"])


async def test_a_long_history_comes_whole(here: Place) -> None:
    for number in range(210):
        here.post(str(number), str(number))
    async with listening(Hub(here.sessions), here) as heard:
        await until(lambda: len(heard) == 210)
    assert heard == [str(number) for number in range(210)]


async def test_a_stream_ends_when_its_time_is_over(here: Place) -> None:
    hub = Hub(here.sessions)
    here.post("a", "一")
    heard = [one async for one in hub.follow(here.conversation_id, 0, time.time())]
    assert len(heard) == 1
