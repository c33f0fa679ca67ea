"""Tokens: who is asking (JWT, HS256, claims `sub` and `exp`).

A merchant's is signed by the portal. A visitor's, with the claim `visitor`, is given by the gateway
to whoever has none, and proves nothing but that the same visitor comes back. `channel` says where
the talk is held, the browser if nothing is said.

Tokens live by real time, whatever the demonstration clock shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt

from daozhang.errors import ConfigError, NotAuthorised
from daozhang.settings import Settings

__all__ = ["Caller", "mint_token", "mint_visitor_token", "read_token", "token_key"]

_ALGORITHM = "HS256"
_MIN_KEY_BYTES = 32
_SUBJECT = re.compile(r"[0-9A-Za-z_-]{1,32}")
_CHANNEL = re.compile(r"[a-z]{1,16}")
_VISITOR = 30
"""Characters of a visitor's id: with its prefix no longer than a merchant number may be."""
_VISIT = timedelta(hours=12)
"""How long a visitor can come back; what they have proven ends with it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the Unix time until which that is proven; `mid` is None for a visitor."""

    subject: str
    mid: str | None
    until: float
    channel: str = "web"

    @property
    def address(self) -> str:
        """What no other caller has: merchant numbers hold no colon."""
        return self.subject if self.mid is not None else f"v:{self.subject}"


def token_key(settings: Settings) -> str:
    """The key that tokens are signed with. Raises ConfigError when it is too short."""
    key = settings.token_secret.get_secret_value()
    if len(key.encode()) < _MIN_KEY_BYTES:
        raise ConfigError("环境变量 DAOZHANG_TOKEN_SECRET 至少要有32个字节")
    return key


def mint_token(settings: Settings, mid: str, ttl: timedelta, channel: str = "web") -> str:
    """A token for `mid` as a portal would sign it."""
    claims = {"sub": mid, "exp": datetime.now(UTC) + ttl, "channel": channel}
    return jwt.encode(claims, token_key(settings), algorithm=_ALGORITHM)


def mint_visitor_token(key: str) -> str:
    """A token for somebody new, of whom nothing is known."""
    claims = {"sub": uuid4().hex[:_VISITOR], "exp": datetime.now(UTC) + _VISIT, "visitor": True}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read_token(key: str, token: str) -> Caller:
    """Who the token speaks for. Raises NotAuthorised when it is forged, expired or unfit."""
    try:
        claims = jwt.decode(
            token, key, algorithms=[_ALGORITHM], options={"require": ["sub", "exp"]}
        )
    except jwt.InvalidTokenError as error:
        raise NotAuthorised(type(error).__name__) from None
    subject, channel = claims["sub"], claims.get("channel", "web")
    if not _SUBJECT.fullmatch(subject):
        raise NotAuthorised("sub is no merchant number")
    if not isinstance(channel, str) or not _CHANNEL.fullmatch(channel):
        raise NotAuthorised("channel is no name")
    visitor = claims.get("visitor", False)
    if not isinstance(visitor, bool):
        raise NotAuthorised("visitor is neither true nor false")
    mid = None if visitor else subject
    return Caller(subject, mid, float(claims["exp"]), channel)
