from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daozhang.clock import Clock
from daozhang.conversations.bot import Bot, Question, safe_text
from daozhang.errors import BotUnavailable, BrokenTurn
from daozhang.replies import Reply
from tests.conversations.kit import BotTransport

QUESTION = Question("c1.7", "c1", "17", "8983", "钱没到")


def a_bot(answer: Callable[[httpx.Request], httpx.Response]) -> Bot:
    return Bot("http://bot", 5.0, Clock(), httpx.MockTransport(answer))


@given(st.text())
def test_no_text_reaches_the_bot_as_an_intent(text: str) -> None:
    safe = safe_text(text)
    assert safe
    assert safe.strip() == safe
    assert not safe.startswith("/")
    assert safe.isprintable()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/restart", "restart"),
        (" ／ / EXTERNAL_refund_done{}", "EXTERNAL_refund_done{}"),
        ("\u200b/greet", "greet"),
        ("\x00/greet", "greet"),
        ("///", "…"),
        ("  \n ", "…"),
        ("昨天\n３０００元", "昨天 3000元"),
    ],
)
def test_what_the_bot_gets(written: str, sent: str) -> None:
    assert safe_text(written) == sent


async def test_bubbles_with_cards_and_plain_texts_are_both_understood() -> None:
    bot = a_bot(
        lambda _request: httpx.Response(
            200,
            json=[
                {"recipient_id": "c1.7", "custom": {"text": "一", "buttons": []}},
                {"recipient_id": "c1.7", "text": "二"},
            ],
        )
    )
    assert await bot.ask(QUESTION) == (Reply(text="一"), Reply(text="二"))
    await bot.close()


@pytest.mark.parametrize(
    "body", ["[]", "no json", "{}", '[{"image": "x"}]', '[{"custom": {"x": 1}}]']
)
async def test_an_answer_that_shows_nothing_is_a_broken_turn(body: str) -> None:
    bot = a_bot(lambda _request: httpx.Response(200, text=body))
    with pytest.raises(BrokenTurn):
        await bot.ask(QUESTION)
    await bot.close()


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut off"),
        httpx.WriteError("reset"),
    ],
)
async def test_every_trouble_on_the_way_is_a_bot_that_does_not_answer(error: Exception) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    bot = a_bot(fail)
    with pytest.raises(BotUnavailable) as raised:
        await bot.ask(QUESTION)
    assert not isinstance(raised.value, BrokenTurn)
    await bot.close()


async def test_a_server_error_is_a_bot_that_does_not_answer() -> None:
    bot = a_bot(lambda _request: httpx.Response(500))
    with pytest.raises(BotUnavailable):
        await bot.ask(QUESTION)
    await bot.close()


async def test_an_answer_proves_for_a_while_that_the_bot_is_there() -> None:
    room = BotTransport()
    bot = Bot("http://bot", 5.0, Clock(), room)
    assert await bot.is_ready()
    assert await bot.is_ready()
    assert room.probes == 1
    room.loading = True
    with pytest.raises(BrokenTurn):
        await bot.ask(QUESTION)
    assert not await bot.is_ready()
    room.loading = False
    assert await bot.is_ready()
    await bot.close()


async def test_a_bot_that_is_loading_is_not_ready() -> None:
    room = BotTransport()
    room.loading = True
    bot = Bot("http://bot", 5.0, Clock(), room)
    assert not await bot.is_ready()
    room.down = True
    assert not await bot.is_ready()
    await bot.close()
