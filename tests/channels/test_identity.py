"""A visitor proves who they are through fields of their own, and the talk goes on as theirs."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from daozhang.app import create_app
from daozhang.channels.codes import DemoPhones, PushService
from daozhang.clock import Clock
from daozhang.conversations.models import Author, Control, Conversation, Message
from daozhang.identity import CodeMessage, IdentityCheck
from tests.channels.kit import KEY, Door, door
from tests.conversations.kit import until
from tests.worlds import MID

CLAIM = {"mid": MID, "machine": "31000001"}
IDENTITY = "/api/v1/identity"
CONFIRM = "/api/v1/identity/confirm"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    """The client speaks as a visitor."""
    async with door(tmp_path, demo=True) as opened:
        await come_as_visitor(opened)
        yield opened


async def come_as_visitor(at: Door) -> None:
    answer = await at.client.post("/api/v1/visitors")
    assert answer.status_code == 201
    at.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"


def code_on_the_phone(at: Door) -> str:
    phones = at.app.state.gateway.codes
    assert isinstance(phones, DemoPhones)
    return phones.messages(at.settings.clock.now())[0].code


async def enter(at: Door, code: str) -> httpx.Response:
    return await at.client.post(CONFIRM, json={"code": code})


def talk(at: Door) -> Conversation:
    with at.sessions() as session:
        return session.scalars(select(Conversation)).one()


def said(at: Door) -> list[str]:
    with at.sessions() as session:
        rows = session.scalars(
            select(Message.text).where(Message.author != Author.MERCHANT).order_by(Message.id)
        )
        return list(rows)


async def test_a_visitor_asks_general_things_as_nobody(at: Door) -> None:
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": "手续费多少"})
    await until(lambda: len(at.bot.asked) == 1)
    assert at.bot.asked[0]["metadata"]["mid"] is None
    assert talk(at).mid is None


async def test_the_code_makes_the_talk_the_merchants(at: Door) -> None:
    asked = await at.client.post(IDENTITY, json=CLAIM)
    assert (asked.status_code, asked.json()) == (202, {"seconds": 300})
    entered = await enter(at, code_on_the_phone(at))
    assert entered.json() == {"result": "proven", "left": 0}
    assert talk(at).mid == MID
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": "钱没到"})
    await until(lambda: len(at.bot.asked) == 1)
    assert at.bot.asked[0]["metadata"]["mid"] == MID


async def test_an_answer_for_a_stranger_that_is_under_way_is_made_anew(at: Door) -> None:
    at.bot.gate.clear()
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": "钱没到"})
    await until(lambda: len(at.bot.asked) == 1)
    await at.client.post(IDENTITY, json=CLAIM)
    await enter(at, code_on_the_phone(at))
    at.bot.gate.set()
    await until(lambda: len(at.bot.asked) == 2)
    assert [one["metadata"]["mid"] for one in at.bot.asked] == [None, MID]
    await until(lambda: said(at)[-1] == "答：钱没到")
    assert said(at).count("答：钱没到") == 1


async def test_nothing_tells_whether_a_merchant_exists(at: Door) -> None:
    right = await at.client.post(IDENTITY, json=CLAIM)
    await come_as_visitor(at)
    unknown = await at.client.post(IDENTITY, json={"mid": "898310058129999", "machine": "31000001"})
    assert (unknown.status_code, unknown.json()) == (right.status_code, right.json())
    assert (await enter(at, "000000")).json() == {"result": "wrong", "left": 2}


async def test_three_wrong_codes_call_a_person(at: Door) -> None:
    await at.client.post(IDENTITY, json=CLAIM)
    right = code_on_the_phone(at)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    answers = [(await enter(at, wrong)).status_code for _ in range(3)]
    assert answers == [200, 200, 403]
    assert (await enter(at, right)).json()["error"]["code"] == "refused"
    assert (await at.client.post(IDENTITY, json=CLAIM)).json()["error"]["code"] == "refused"
    found = talk(at)
    assert (found.mid, found.control) == (None, Control.QUEUED)
    assert len(said(at)) == 1


@pytest.mark.parametrize("code", ["12345", "1234567", "１２３４５６", "12345a", ""])
async def test_what_is_no_code_is_no_try(at: Door, code: str) -> None:
    await at.client.post(IDENTITY, json=CLAIM)
    refused = await enter(at, code)
    assert refused.status_code == 422
    assert (await enter(at, code_on_the_phone(at))).json()["result"] == "proven"


async def test_codes_cannot_be_asked_for_without_end(at: Door) -> None:
    answers = [await at.client.post(IDENTITY, json=CLAIM) for _ in range(4)]
    assert [one.status_code for one in answers] == [202, 202, 202, 429]
    assert answers[-1].json()["error"]["code"] == "too_many_codes"


async def test_a_code_typed_into_the_talk_is_neither_stored_nor_passed_on(at: Door) -> None:
    await at.client.post(IDENTITY, json=CLAIM)
    code = code_on_the_phone(at)
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": code})
    await until(lambda: len(at.bot.asked) == 1)
    assert at.bot.texts == ["***"]
    assert len(said(at)[0]) > 0
    with at.sessions() as session:
        assert all(code not in one.text for one in session.scalars(select(Message)))


async def test_a_voucher_number_is_kept_while_no_code_is_awaited(at: Door) -> None:
    await at.client.post("/api/v1/messages", json={"client_id": "a", "text": "凭证号 123456"})
    await until(lambda: at.bot.texts == ["凭证号 123456"])


async def test_no_code_is_in_the_log(at: Door, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await at.client.post(IDENTITY, json=CLAIM)
        code = code_on_the_phone(at)
        await enter(at, code[::-1])
        await enter(at, code)
    assert code not in caplog.text


async def test_a_visitor_who_comes_back_has_the_same_talk(at: Door) -> None:
    for client_id in ("a", "b"):
        await at.client.post("/api/v1/messages", json={"client_id": client_id, "text": "你好"})
    assert talk(at).ends_at is not None


async def test_visitors_are_not_made_without_end(at: Door) -> None:
    answers = [(await at.client.post("/api/v1/visitors")).status_code for _ in range(25)]
    assert answers.count(429) >= 5


async def test_the_portals_merchant_has_nothing_to_prove(tmp_path: Path) -> None:
    async with door(tmp_path, demo=True) as at:
        assert (await at.client.post(IDENTITY, json=CLAIM)).status_code == 404


async def test_without_a_way_to_send_codes_nobody_can_ask_for_one(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        await come_as_visitor(at)
        assert (await at.client.post(IDENTITY, json=CLAIM)).status_code == 404
        with at.sessions() as session:
            assert not session.scalars(select(IdentityCheck)).all()


async def test_the_demo_shows_the_phones(at: Door) -> None:
    await at.client.post(IDENTITY, json=CLAIM)
    (message,) = (await at.client.get("/demo/phones")).json()
    assert code_on_the_phone(at) in message["text"]


async def test_a_message_service_gets_the_code_signed() -> None:
    asked: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(204)

    sender = PushService("http://push.internal/codes", KEY, httpx.MockTransport(service))
    now = Clock().now()
    await sender.send(CodeMessage(MID, "048213", now))
    (request,) = asked
    body = json.loads(request.content)
    assert (body["mid"], body["code"]) == (MID, "048213")
    right = hmac.new(KEY.encode(), request.content, "sha256").hexdigest()
    assert request.headers["X-Daozhang-Signature"] == right


async def test_a_service_that_is_down_is_logged_without_the_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sender = PushService(
        "http://push.internal/codes", KEY, httpx.MockTransport(lambda _: httpx.Response(500))
    )
    await sender.send(CodeMessage(MID, "048213", Clock().now()))
    assert MID in caplog.text
    assert "048213" not in caplog.text


def test_in_service_the_push_service_is_used(tmp_path: Path) -> None:
    from tests.channels.kit import settings_for

    settings = settings_for(tmp_path, code_push_url="http://push.internal/codes")
    assert isinstance(create_app(settings).state.gateway.codes, PushService)
