from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daozhang.settings import ROOT
from daozhang.supervisor import Limits, Program, ProgramFailed, Supervisor, tail

PATIENCE = 20.0

LIVES = "import os, time; open('{name}.pid', 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + LIVES
HAS_A_CHILD = (
    "import os, subprocess, time; "
    "child = subprocess.Popen(['sleep', '60']); "
    "open('{name}.pid', 'a').write(f'{{child.pid}}\\n'); time.sleep(60)"
)
DIES = "print('no model here'); raise SystemExit(3)"


def command(source: str, name: str = "") -> list[str]:
    return [sys.executable, "-c", source.format(name=name)]


@contextmanager
def house(
    folder: Path, programs: dict[str, list[str]], phase: str = "settled"
) -> Iterator[subprocess.Popen[str]]:
    arguments = [str(folder), json.dumps(programs), phase]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.supervisor.house", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def pid_in(file: Path, line: int = 1) -> int:
    """The process number that a child wrote as the `line`-th; asks until it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) >= line:
            return int(lines[line - 1])
        time.sleep(0.01)
    raise TimeoutError(f"nothing was written to {file.name}")


def is_gone(pid: int) -> bool:
    """Wait until the process has ended; False when it still lives after PATIENCE."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], PATIENCE)[0])
    finally:
        os.close(handle)


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    with house(tmp_path, {"bot": command(LIVES, "bot")}) as running:
        first = pid_in(tmp_path / "bot.pid")
        os.kill(first, signal.SIGKILL)

        assert pid_in(tmp_path / "bot.pid", line=2) != first
        assert running.stdout is not None
        assert running.stdout.readline() == "bot 被信号 9 终止，0.02 秒后重启\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child_and_ends_well(tmp_path: Path, number: int) -> None:
    programs = {"bot": command(LIVES, "bot"), "worker": command(LIVES, "worker")}
    with house(tmp_path, programs) as running:
        pids = [pid_in(tmp_path / f"{name}.pid") for name in programs]
        running.send_signal(number)
        said, _ = running.communicate(timeout=PATIENCE)

        assert running.returncode == 0
        assert said == "stopped\n"
        assert all(is_gone(pid) for pid in pids)


def test_a_child_that_ignores_the_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    with house(tmp_path, {"bot": command(DEAF, "bot")}) as running:
        pid = pid_in(tmp_path / "bot.pid")
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE)

        assert is_gone(pid)


def test_what_a_child_had_started_is_stopped_with_it(tmp_path: Path) -> None:
    with house(tmp_path, {"bot": command(HAS_A_CHILD, "bot")}) as running:
        grandchild = pid_in(tmp_path / "bot.pid")
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE)

        assert is_gone(grandchild)


def test_no_child_survives_the_death_of_the_supervisor(tmp_path: Path) -> None:
    programs = {"bot": command(DEAF, "bot"), "worker": command(LIVES, "worker")}
    with house(tmp_path, programs) as running:
        pids = [pid_in(tmp_path / f"{name}.pid") for name in programs]
        running.kill()

        assert all(is_gone(pid) for pid in pids)


async def test_a_child_that_cannot_come_up_ends_the_start_in_one_line(tmp_path: Path) -> None:
    said: list[str] = []
    limits = Limits(first_wait=0.01, deaths=3)
    supervisor = Supervisor(cwd=tmp_path, logs=tmp_path, say=said.append, limits=limits)

    with pytest.raises(ProgramFailed) as failed:
        async with supervisor.keep([Program("bot", tuple(command(DIES)))]):
            await asyncio.Event().wait()

    log = tmp_path / "bot.log"
    three_times = "no model here / no model here / no model here"
    assert str(failed.value) == f"bot 连续 3 次起不来，见 {log}：{three_times}"
    assert said == ["bot 退出，代码 3，0.01 秒后重启", "bot 退出，代码 3，0.02 秒后重启"]


def test_once_all_is_settled_a_dying_child_is_tried_on_and_said_once(tmp_path: Path) -> None:
    programs = {"bot": command(DIES), "worker": command(LIVES, "worker")}
    with house(tmp_path, programs) as running:
        assert running.stdout is not None
        said = [running.stdout.readline() for _ in range(3)]
        log = tmp_path / "bot.log"
        while len(log.read_text().splitlines()) < 6:
            time.sleep(0.01)

        assert "bot 连续 3 次起不来" in said[2]
        assert running.poll() is None


async def test_a_program_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    supervisor = Supervisor(cwd=tmp_path, logs=tmp_path, say=print)

    with pytest.raises(ProgramFailed, match="bot 启动不了") as failed:
        async with supervisor.keep([Program("bot", (str(tmp_path / "missing"),))]):
            await asyncio.Event().wait()
    assert "\n" not in str(failed.value)


async def test_a_step_that_fails_speaks_with_its_last_line(tmp_path: Path) -> None:
    supervisor = Supervisor(cwd=tmp_path, logs=tmp_path, say=print)
    step = Program("train", tuple(command("print('working'); raise SystemExit('no space left')")))

    with pytest.raises(ProgramFailed, match="no space left"):
        await supervisor.finish(step)


async def test_a_step_that_ends_well_says_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(cwd=tmp_path, logs=tmp_path, say=said.append)
    await supervisor.finish(Program("train", tuple(command("print('done')"))))

    assert said == []
    assert tail(tmp_path / "train.log") == "done"


async def test_a_long_log_is_put_aside_before_a_start(tmp_path: Path) -> None:
    (tmp_path / "bot.log").write_text("old\n" * 10)
    limits = Limits(first_wait=0.01, deaths=1, log_size=20)
    supervisor = Supervisor(cwd=tmp_path, logs=tmp_path, say=print, limits=limits)

    with pytest.raises(ProgramFailed):
        async with supervisor.keep([Program("bot", tuple(command(DIES)))]):
            await asyncio.Event().wait()
    assert (tmp_path / "bot.log.old").read_text() == "old\n" * 10
    assert (tmp_path / "bot.log").read_text() == "no model here\n"
