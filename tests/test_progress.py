from __future__ import annotations

import asyncio
import io

import pytest

from daozhang.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def short_work() -> str:
    await asyncio.sleep(0)
    return "made"


async def failing_work() -> None:
    await asyncio.sleep(0)
    raise ValueError("no")


async def test_a_step_says_that_it_begins_and_how_long_it_took() -> None:
    stream = io.StringIO()
    assert await Progress(stream).during("准备账本", short_work()) == "made"
    assert stream.getvalue() == "准备账本 …\n准备账本：0 秒\n"


async def test_on_a_terminal_a_step_takes_one_line_in_the_end() -> None:
    stream = Terminal()
    await Progress(stream).during("准备账本", short_work())
    assert stream.getvalue().splitlines()[-1].endswith("准备账本：0 秒")
    assert stream.getvalue().count("\n") == 1


async def test_a_step_that_fails_is_not_told_as_done() -> None:
    stream = io.StringIO()
    with pytest.raises(ValueError, match="no"):
        await Progress(stream).during("准备账本", failing_work())
    assert stream.getvalue() == "准备账本 …\n"
