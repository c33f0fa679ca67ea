"""Every refusal has one shape, at every address (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from daozhang.channels.problems import Problem
from daozhang.texts import load_texts
from tests.channels.kit import Door, door

MESSAGES = "/api/v1/messages"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path, demo=True) as opened:
        yield opened


def assert_refused(response: httpx.Response, status: int, code: Problem) -> None:
    assert response.status_code == status, response.text
    assert response.json() == {
        "error": {"code": code.value, "message": load_texts("gateway")(f"error_{code}")}
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"client_id": "a", "text": "钱" * 2001}, 422, Problem.TOO_LONG),
        ({"client_id": "a", "text": "  "}, 422, Problem.EMPTY),
        ({"client_id": "a", "text": "钱\x00"}, 422, Problem.INVALID),
        ({"client_id": "", "text": "钱"}, 422, Problem.INVALID),
        ({"client_id": "a" * 65, "text": "钱"}, 422, Problem.INVALID),
        ({"text": "钱"}, 422, Problem.INVALID),
        ({"client_id": "a", "text": "钱", "choice": "A B"}, 422, Problem.INVALID),
        ({"client_id": "a", "text": "钱", "choice": "a" * 81}, 422, Problem.INVALID),
        (["钱"], 422, Problem.INVALID),
    ],
)
async def test_a_message_that_cannot_be_taken(
    at: Door, body: Any, status: int, code: Problem
) -> None:
    assert_refused(await at.client.post(MESSAGES, json=body), status, code)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, Problem.BAD_REQUEST),
        (b'{"client_id": "a", "text": "\\ud800"}', 422, Problem.INVALID),
        (b'{"client_id": "a", "text": "\xff"}', 400, Problem.BAD_REQUEST),
        (b"x" * 17_000, 413, Problem.TOO_LARGE),
    ],
)
async def test_a_body_that_cannot_be_read(
    at: Door, content: bytes, status: int, code: Problem
) -> None:
    headers = {"Content-Type": "application/json"}
    response = await at.client.post(MESSAGES, content=content, headers=headers)
    assert_refused(response, status, code)


async def test_a_body_that_hides_its_length_is_cut_off_too(at: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 1000

    headers = {"Content-Type": "application/json"}
    response = await at.client.post(MESSAGES, content=endless(), headers=headers)
    assert_refused(response, 413, Problem.TOO_LARGE)


async def test_two_thousand_characters_are_not_too_many(at: Door) -> None:
    body = {"client_id": "a", "text": "钱" * 2000}
    assert (await at.client.post(MESSAGES, json=body)).status_code == 202


async def test_a_stream_from_nowhere(at: Door) -> None:
    for resume in ({"params": {"after": "-1"}}, {"headers": {"Last-Event-ID": "x"}}):
        response = await at.client.get("/api/v1/events", **resume)  # type: ignore[arg-type]
        assert_refused(response, 422, Problem.INVALID)


async def test_a_bot_that_is_not_ready(at: Door) -> None:
    at.bot.down = True
    assert_refused(await at.client.get("/readyz"), 503, Problem.NOT_READY)


def every_call(at: Door) -> Iterator[tuple[str, str]]:
    for path, calls in at.app.openapi()["paths"].items():
        for method in calls:
            yield method.upper(), path.replace("{tid}", "99999999")


async def test_no_address_takes_a_method_it_does_not_know(at: Door) -> None:
    calls = list(every_call(at))
    assert len(calls) >= 8
    for _method, path in calls:
        assert_refused(await at.client.delete(path), 405, Problem.METHOD_NOT_ALLOWED)


async def test_what_is_not_there(at: Door) -> None:
    for path in ("/nowhere", "/static/nothing.js", "/static/../pyproject.toml", "/api"):
        assert_refused(await at.client.get(path), 404, Problem.NOT_FOUND)


async def test_a_failure_inside_tells_nothing_about_the_inside(at: Door) -> None:
    at.app.state.gateway = None
    for method, path in every_call(at):
        if path in {"/healthz", "/openapi.json"}:
            continue
        body = {"mid": "1", "action": "restart", "client_id": "a", "text": "钱"}
        response = await at.client.request(method, path, json=body)
        assert_refused(response, 500, Problem.INTERNAL)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
