"""What stands in front of every route: response headers, a limit on bodies, a limit on haste."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SECURITY_HEADERS", "BodyLimit", "RateLimit", "SecurityHeaders"]

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Adds `SECURITY_HEADERS` to every response; what is not a file is never cached."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_guarded if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies above `limit` bytes (413), also those that do not say how long they are."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def receive_limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_limited if scope["type"] == "http" else receive, send)


class RateLimit:
    """At most `count` calls of one caller within `window` seconds."""

    def __init__(
        self, count: int, window: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._count = count
        self._window = window
        self._now = now
        self._calls: dict[str, deque[float]] = {}
        self._cleaned_at = now()

    def wait(self, caller: str) -> float:
        """Count a call; 0 when it may pass, else the seconds until the next one may."""
        now = self._now()
        self._forget(now)
        calls = self._calls.setdefault(caller, deque())
        while calls and calls[0] <= now - self._window:
            calls.popleft()
        if len(calls) >= self._count:
            return calls[0] + self._window - now
        calls.append(now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Drop callers who fell silent, once in a window."""
        if now - self._cleaned_at < self._window:
            return
        self._cleaned_at = now
        old = now - self._window
        self._calls = {who: calls for who, calls in self._calls.items() if calls[-1] > old}
