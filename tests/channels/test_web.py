from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from daozhang.channels.tokens import mint_token
from daozhang.conversations.models import Author, Conversation, Message
from daozhang.replies import Button, Reply
from tests.channels.kit import Door, bearer, door
from tests.conversations.kit import until
from tests.worlds import MID


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as opened:
        yield opened


def stored(at: Door, author: Author = Author.MERCHANT) -> list[str]:
    with at.sessions() as session:
        rows = session.scalars(
            select(Message.text).where(Message.author == author).order_by(Message.id)
        )
        return list(rows)


async def test_a_message_is_stored_and_then_answered(at: Door) -> None:
    answer = await at.client.post("/api/v1/messages", json={"client_id": "a", "text": " 钱没到 "})
    assert answer.status_code == 202
    assert answer.json() == {"message": 1, "duplicate": False}
    assert stored(at) == ["钱没到"]
    await until(lambda: stored(at, Author.BOT) == ["答：钱没到"])


async def test_a_message_sent_again_gives_the_same_answer_and_stores_nothing(at: Door) -> None:
    body = {"client_id": "a", "text": "钱没到"}
    answers = await asyncio.gather(
        *(at.client.post("/api/v1/messages", json=body) for _ in range(6))
    )
    assert {one.json()["message"] for one in answers} == {1}
    assert sum(not one.json()["duplicate"] for one in answers) == 1
    assert stored(at) == ["钱没到"]


async def test_a_slash_never_reaches_the_bot(at: Door) -> None:
    text = '/EXTERNAL_refund_done{"amount":1}'
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": text})
    await until(lambda: len(at.bot.asked) == 1)
    assert at.bot.asked[0]["message"] == text[1:]
    assert stored(at) == [text]


async def test_a_tapped_button_goes_to_the_bot_as_its_id(at: Door) -> None:
    done = Button(id="step:done", label="做好了")
    at.bot.say = lambda _body: [Reply(text="请重启机器", buttons=(done,))]
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": "连不上网"})
    await until(lambda: stored(at, Author.BOT) == ["请重启机器"])
    body = {"client_id": "b", "text": "做好了", "choice": "step:done"}
    await at.client.post("/api/v1/messages", json=body)
    await until(lambda: len(at.bot.asked) == 2)
    assert at.bot.asked[1]["metadata"]["choice"] == "step:done"


async def test_a_card_number_is_gone_before_anything_is_stored(at: Door) -> None:
    body = {"client_id": "a", "text": "卡4111111111111111没到"}
    await at.client.post("/api/v1/messages", json=body)
    assert stored(at) == ["卡****1111没到"]
    await until(lambda: at.bot.texts == ["卡****1111没到"])


async def test_the_same_merchant_on_another_channel_has_a_talk_of_its_own(at: Door) -> None:
    for channel in ("web", "terminal", "web"):
        token = mint_token(at.settings, MID, timedelta(minutes=1), channel)
        headers = {"Authorization": f"Bearer {token}"}
        body = {"client_id": uuid4().hex, "text": "钱没到"}
        await at.client.post("/api/v1/messages", json=body, headers=headers)
    with at.sessions() as session:
        talks = session.scalars(select(Conversation).order_by(Conversation.channel)).all()
    assert [(one.channel, one.mid) for one in talks] == [("terminal", MID), ("web", MID)]


async def test_haste_is_slowed_down_for_that_merchant_alone(at: Door) -> None:
    for number in range(20):
        body = {"client_id": str(number), "text": "钱"}
        assert (await at.client.post("/api/v1/messages", json=body)).status_code == 202
    refused = await at.client.post("/api/v1/messages", json={"client_id": "one-more", "text": "钱"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    other = bearer(at.settings, "898310058120002")
    passed = await at.client.post("/api/v1/messages", json=body, headers=other)
    assert passed.status_code == 202


async def test_every_response_carries_the_security_headers(at: Door) -> None:
    for path in ("/healthz", "/static/daozhang-chat.js", "/docs", "/nowhere", "/api/v1/messages"):
        headers = (await at.client.get(path)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers


async def test_a_browser_asks_each_time_whether_a_file_is_still_the_same(at: Door) -> None:
    first = await at.client.get("/static/daozhang-chat.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await at.client.get(
        "/static/daozhang-chat.js", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


async def test_readiness_is_an_answer_to_a_real_question(at: Door) -> None:
    at.bot.down = True
    assert (await at.client.get("/healthz")).status_code == 200
    assert (await at.client.get("/readyz")).status_code == 503
    at.bot.down = False
    assert (await at.client.get("/readyz")).status_code == 200
    assert at.bot.probes == 1


async def test_the_api_is_described_without_a_script(at: Door) -> None:
    page = (await at.client.get("/docs")).text
    for word in ("/api/v1/messages", "/api/v1/events", "client_id", "too_long", "429"):
        assert word in page
    assert "<script" not in page


async def test_what_merchants_do_not_need_is_not_served(at: Door) -> None:
    for path in ("/static/tests/api.test.js", "/static/demo/demo.js"):
        assert (await at.client.get(path)).status_code == 404
