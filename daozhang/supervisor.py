"""Keep a handful of programs running as children, and leave none behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from daozhang.errors import DaoZhangError

__all__ = ["Limits", "Program", "ProgramFailed", "Supervisor", "run_until_stopped", "tail"]

_prctl = ctypes.CDLL(None).prctl
_PR_SET_PDEATHSIG = 1


class ProgramFailed(DaoZhangError):
    """Raised when a program cannot be started or kept up. The text names its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command with its name, which is also that of its log, and what it adds to the environment.

    `grace` is how many seconds it may take to end after SIGTERM.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    grace: float = 4.0


@dataclass(frozen=True, slots=True)
class Limits:
    """When a program that dies is started again; seconds. The wait doubles with every death."""

    first_wait: float = 0.5
    longest_wait: float = 30.0
    steady: float = 60.0
    """A program that lived this long has not died quickly."""
    deaths: int = 5
    """So many quick deaths in a row are said aloud, and before `settled` they end everything."""
    log_size: int = 20_000_000
    """A log longer than this many bytes is put aside as `<name>.log.old` before a start."""


class Supervisor:
    """Starts programs, each in a process group and with a log of its own.

    `settled` is False while the whole is still coming up: then a program that keeps dying ends
    it, while later it is tried again and again.
    """

    def __init__(
        self, *, cwd: Path, logs: Path, say: Callable[[str], None], limits: Limits | None = None
    ) -> None:
        self.settled = False
        self._cwd = cwd
        self._logs = logs
        self._say = say
        self._limits = limits or Limits()

    async def finish(self, program: Program) -> None:
        """Run a program to its end. Raises ProgramFailed with the last line of its new log."""
        self._log(program).unlink(missing_ok=True)
        async with self._child(program) as child:
            code = await child.wait()
        if code:
            raise ProgramFailed(tail(self._log(program), lines=1) or self._ended(program, code))

    @asynccontextmanager
    async def keep(self, programs: Sequence[Program]) -> AsyncIterator[None]:
        """Keep programs running inside the block; on leaving it, stop them, the last one first.

        Raises ProgramFailed, out of the block, when one keeps dying before all is settled.
        """
        try:
            async with asyncio.TaskGroup() as group:
                keepers = [group.create_task(self._keep(program)) for program in programs]
                try:
                    yield
                finally:
                    for keeper in reversed(keepers):
                        keeper.cancel()
                        await asyncio.wait([keeper])
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _keep(self, program: Program) -> None:
        deaths = 0
        while True:
            began = time.monotonic()
            async with self._child(program) as child:
                code = await child.wait()
            lived = time.monotonic() - began
            deaths = 1 if lived >= self._limits.steady else deaths + 1
            wait = min(self._limits.first_wait * 2 ** (deaths - 1), self._limits.longest_wait)
            if deaths < self._limits.deaths:
                self._say(f"{self._ended(program, code)}，{wait:g} 秒后重启")
            elif not self.settled:
                raise ProgramFailed(self._given_up(program, deaths))
            elif deaths == self._limits.deaths:
                self._say(f"{self._given_up(program, deaths)}；继续重试")
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def _child(self, program: Program) -> AsyncIterator[asyncio.subprocess.Process]:
        log = self._log(program)
        if log.exists() and log.stat().st_size > self._limits.log_size:
            log.replace(log.with_suffix(".log.old"))
        with log.open("ab") as output:
            try:
                child = await asyncio.create_subprocess_exec(
                    *program.command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=self._cwd,
                    env={**os.environ, **program.env},
                    start_new_session=True,
                    preexec_fn=partial(_die_with, os.getpid()),
                )
            except OSError as error:
                raise ProgramFailed(f"{program.name} 启动不了：{error}") from None
        try:
            yield child
        finally:
            await _end(child, program.grace)

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _ended(self, program: Program, code: int) -> str:
        how = f"被信号 {-code} 终止" if code < 0 else f"退出，代码 {code}"
        return f"{program.name} {how}"

    def _given_up(self, program: Program, deaths: int) -> str:
        log = self._log(program)
        return f"{program.name} 连续 {deaths} 次起不来，见 {log}：{tail(log)}"


def run_until_stopped(main: Coroutine[None, None, None]) -> bool:
    """Run `main`; True when SIGINT, SIGTERM or SIGHUP ended it after its clean-up.

    A second signal ends the clean-up too; the children then die with this process.
    """
    try:
        asyncio.run(_cancelled_by_signals(main))
    except asyncio.CancelledError:
        return True
    return False


def tail(log: Path, lines: int = 3) -> str:
    """The last non-empty lines of a log as one line; empty when there is nothing in it."""
    with contextlib.suppress(FileNotFoundError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        text = file.read().decode(errors="replace")
        return " / ".join([line.strip() for line in text.splitlines() if line.strip()][-lines:])
    return ""


async def _cancelled_by_signals(main: Coroutine[None, None, None]) -> None:
    task = asyncio.ensure_future(main)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await task


def _die_with(parent: int) -> None:
    """In the child, before its program: ask the kernel for SIGKILL when the parent is gone."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


async def _end(child: asyncio.subprocess.Process, grace: float) -> None:
    try:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGTERM)
            async with asyncio.timeout(grace):
                await child.wait()
    except (TimeoutError, ProcessLookupError):
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):  # what the child itself had started
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
