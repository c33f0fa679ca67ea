"""What the person at the terminal sees while long work is under way."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable
from typing import TextIO

__all__ = ["Progress"]

_NEW_LINE_EVERY = 30.0
_CLEAR = "\r\x1b[K"


class Progress:
    """Tells of steps: on a terminal one line that counts seconds, elsewhere a line now and then."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty()

    def say(self, line: str) -> None:
        """One line of its own."""
        self._stream.write(f"{_CLEAR if self._live else ''}{line}\n")
        self._stream.flush()

    async def during[T](self, what: str, work: Awaitable[T]) -> T:
        """Await `work` and keep telling that it goes on. What it raises is raised here."""
        began = time.monotonic()
        teller = asyncio.create_task(self._tell(what, began))
        try:
            result = await work
        finally:
            teller.cancel()
            if self._live:
                self._stream.write(_CLEAR)
        self.say(f"{what}：{time.monotonic() - began:.0f} 秒")
        return result

    async def _tell(self, what: str, began: float) -> None:
        while True:
            seconds = time.monotonic() - began
            line = f"{what} … {seconds:.0f} 秒" if seconds >= 1 else f"{what} …"
            self._stream.write(f"{_CLEAR}{line}" if self._live else f"{line}\n")
            self._stream.flush()
            await asyncio.sleep(1.0 if self._live else _NEW_LINE_EVERY)
