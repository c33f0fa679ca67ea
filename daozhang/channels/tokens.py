"""Merchant tokens: who is asking, signed by the portal (JWT, HS256, claims `sub` and `exp`).

Tokens live by real time, whatever the demonstration clock shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from daozhang.errors import ConfigError, NotAuthorised
from daozhang.settings import Settings

__all__ = ["Caller", "mint_token", "read_token", "token_key"]

_ALGORITHM = "HS256"
_MIN_KEY_BYTES = 32
_MID = re.compile(r"[0-9A-Za-z_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Caller:
    """The merchant who asks, and the Unix time until which that is proven."""

    mid: str
    until: float


def token_key(settings: Settings) -> str:
    """The key that tokens are signed with. Raises ConfigError when it is too short."""
    key = settings.token_secret.get_secret_value()
    if len(key.encode()) < _MIN_KEY_BYTES:
        raise ConfigError("环境变量 DAOZHANG_TOKEN_SECRET 至少要有32个字节")
    return key


def mint_token(settings: Settings, mid: str, ttl: timedelta) -> str:
    """A token for `mid` as a portal would sign it."""
    claims = {"sub": mid, "exp": datetime.now(UTC) + ttl}
    return jwt.encode(claims, token_key(settings), algorithm=_ALGORITHM)


def read_token(key: str, token: str) -> Caller:
    """Who the token speaks for. Raises NotAuthorised when it is forged, expired or unfit."""
    try:
        claims = jwt.decode(
            token, key, algorithms=[_ALGORITHM], options={"require": ["sub", "exp"]}
        )
    except jwt.InvalidTokenError as error:
        raise NotAuthorised(type(error).__name__) from None
    if not _MID.fullmatch(claims["sub"]):
        raise NotAuthorised("sub is no merchant number")
    return Caller(claims["sub"], float(claims["exp"]))
