from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from daozhang.app import create_app
from daozhang.channels.tokens import mint_token, mint_visitor_token, read_token
from daozhang.errors import ConfigError, NotAuthorised
from daozhang.settings import Settings
from tests.channels.kit import KEY, Door, door
from tests.worlds import MID


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path) as opened:
        yield opened


def signed(key: str = KEY, algorithm: str = "HS256", **claims: Any) -> str:
    good = {"sub": MID, "exp": datetime.now(UTC) + timedelta(minutes=5)}
    wanted = {name: value for name, value in (good | claims).items() if value is not None}
    return jwt.encode(wanted, key, algorithm=algorithm)


WRONG: Mapping[str, Callable[[], str]] = {
    "expired": lambda: signed(exp=datetime.now(UTC) - timedelta(seconds=1)),
    "never ends": lambda: signed(exp=None),
    "for nobody": lambda: signed(sub=None),
    "for an empty name": lambda: signed(sub=""),
    "for a number": lambda: signed(sub=898),
    "for something odd": lambda: signed(sub="898 or 1=1"),
    "another key": lambda: signed(key="another key that is long enough too"),
    "not signed": lambda: signed(key="", algorithm="none"),
    "another algorithm": lambda: signed(key=KEY * 2, algorithm="HS512"),
    "no token at all": lambda: "x",
    "from an odd channel": lambda: signed(channel="Web 2"),
    "from no channel": lambda: signed(channel=7),
    "perhaps a visitor's": lambda: signed(visitor="yes"),
}


def test_a_token_speaks_for_its_merchant() -> None:
    settings = Settings(token_secret=KEY)
    assert read_token(KEY, mint_token(settings, MID, timedelta(minutes=1))).mid == MID


def test_a_visitors_token_speaks_for_no_merchant() -> None:
    caller, another = (read_token(KEY, mint_visitor_token(KEY)) for _ in range(2))
    assert caller.mid is None
    assert caller.address != another.address
    named = read_token(KEY, signed(sub=caller.subject))
    assert named.address != caller.address


@pytest.mark.parametrize("case", WRONG)
def test_a_token_that_proves_nothing_is_refused(case: str) -> None:
    with pytest.raises(NotAuthorised):
        read_token(KEY, WRONG[case]())


@pytest.mark.parametrize("path", ["/api/v1/messages", "/api/v1/events"])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp4", f"Token {signed()}"])
async def test_every_call_about_a_conversation_needs_a_token(
    at: Door, path: str, header: str
) -> None:
    method = "POST" if path.endswith("messages") else "GET"
    body = {"client_id": "a", "text": "钱没到"}
    answer = await at.client.request(method, path, json=body, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_authorised"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_gateway_does_not_start_with_a_short_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    with pytest.raises(ConfigError, match="DAOZHANG_TOKEN_SECRET"):
        create_app(Settings(database_url=url, token_secret="short"))
