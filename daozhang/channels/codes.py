"""One-time codes on their way to merchants, outside the talk. No code is logged or stored."""

from __future__ import annotations

import hmac
import json
import logging
from collections import deque
from datetime import datetime
from typing import Protocol

import httpx

from daozhang.identity import CodeMessage
from daozhang.texts import load_texts

__all__ = ["CodeSender", "DemoPhones", "PushService"]

_LOG = logging.getLogger(__name__)

_TIMEOUT = 5.0
_SHOWN = 20


class CodeSender(Protocol):
    """What brings a code to the channel that the merchant has registered."""

    async def send(self, message: CodeMessage) -> None:
        """Bring it there, or log that it could not be: a merchant may ask for another one."""


class PushService:
    """The acquirer's own message service: a POST of JSON, signed with `key` (docs/identity.md)."""

    def __init__(
        self, url: str, key: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = url
        self._key = key
        self._transport = transport

    async def send(self, message: CodeMessage) -> None:
        text = load_texts("gateway")("code_message", code=message.code)
        body = json.dumps(
            {
                "mid": message.mid,
                "code": message.code,
                "text": text,
                "expires_at": message.expires_at.isoformat(),
            },
            ensure_ascii=False,
        ).encode()
        signature = hmac.new(self._key.encode(), body, "sha256").hexdigest()
        headers = {"Content-Type": "application/json", "X-Daozhang-Signature": signature}
        try:
            async with httpx.AsyncClient(
                timeout=_TIMEOUT, transport=self._transport, trust_env=False
            ) as client:
                (await client.post(self._url, content=body, headers=headers)).raise_for_status()
        except httpx.HTTPError as error:
            _LOG.warning("a code for %s was not sent: %s", message.mid, type(error).__name__)


class DemoPhones:
    """The demo merchants' phones, in memory: the demo page shows what lies on them."""

    def __init__(self) -> None:
        self._messages: deque[CodeMessage] = deque(maxlen=_SHOWN)

    async def send(self, message: CodeMessage) -> None:
        self._messages.append(message)

    def messages(self, now: datetime) -> list[CodeMessage]:
        """What has not expired, the newest first."""
        return [one for one in reversed(self._messages) if one.expires_at > now]
