"""The whole product on one machine: what `daozhang run` prepares, starts and waits for."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta

from daozhang.clock import SHANGHAI
from daozhang.preflight import check_machine, demo_secret
from daozhang.progress import Progress
from daozhang.settings import ROOT, Settings
from daozhang.supervisor import Program, ProgramFailed, Supervisor, run_until_stopped, tail

__all__ = ["BOT_PYTHON", "TRAIN", "bot_command", "offset_to", "run_product"]

START_PATIENCE = 300.0
"""Seconds until a product that does not answer is given up."""
ONE_ANSWER = 30.0
"""Seconds that `/readyz`, which asks the bot a question, may take."""

BOT_PYTHON = str(ROOT / "bot" / ".venv" / "bin" / "python")
TRAIN = (BOT_PYTHON, str(ROOT / "bot" / "train.py"))
_HOUSE = (sys.executable, "-m", "daozhang")


def run_product(settings: Settings, progress: Progress) -> None:
    """Prepare, start and keep everything until a signal asks to stop.

    Raises ConfigError when the machine is not fit for it, ProgramFailed when a part cannot start.
    """
    os.umask(0o077)  # What merchants say stands in the store and in no one else's sight.
    check_machine(settings)
    if run_until_stopped(_run(settings, progress)):
        progress.say("已停止")


def offset_to(moment: datetime) -> int:
    """Seconds from now to `moment`; without a zone it is Shanghai's wall clock."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return round((aware - datetime.now(SHANGHAI)) / timedelta(seconds=1))


async def _run(settings: Settings, progress: Progress) -> None:
    logs = settings.var_dir / "log"
    logs.mkdir(exist_ok=True)
    env = _environment(settings)
    supervisor = Supervisor(cwd=ROOT, logs=logs, say=progress.say)
    for title, step in _steps(settings, env):
        await progress.during(title, supervisor.finish(step))
    model = tail(logs / "train.log", lines=1)  # what bot/train.py prints in the end
    async with supervisor.keep(_programs(settings, env, model)):
        await progress.during("启动，等机器人答出第一个问题", _until_ready(settings))
        supervisor.settled = True
        progress.say(f"到账已就绪：http://{_shown(settings.host)}:{settings.port}/（Ctrl-C 停止）")
        await asyncio.Event().wait()


def _environment(settings: Settings) -> dict[str, str]:
    secret = settings.token_secret.get_secret_value() or demo_secret(settings.var_dir)
    return {
        "DAOZHANG_PORT": str(settings.port),
        "DAOZHANG_BOT_PORT": str(settings.bot_port),
        "DAOZHANG_ACTIONS_PORT": str(settings.actions_port),
        "DAOZHANG_DEMO": str(settings.demo).lower(),
        "DAOZHANG_CLOCK_OFFSET_SECONDS": str(settings.clock_offset_seconds),
        "DAOZHANG_TOKEN_SECRET": secret,
        "PYTHONUNBUFFERED": "1",
    }


def _steps(settings: Settings, env: Mapping[str, str]) -> list[tuple[str, Program]]:
    steps = [("准备账本", Program("migrate", (*_HOUSE, "migrate"), env))]
    if settings.demo:
        simulate = (*_HOUSE, "simulate", "--if-stale")
        steps.append(("准备演示商户", Program("simulate", simulate, env)))
    steps.append(("准备机器人（数据变了才重新训练）", Program("train", TRAIN, env)))
    return steps


def _programs(settings: Settings, env: Mapping[str, str], model: str) -> list[Program]:
    """In the order of starting; they are stopped the other way round, the gateway first."""
    return [
        Program("actions", (sys.executable, "-m", "actions"), env),
        Program("bot", bot_command(model, settings.bot_port), env),
        Program("worker", (*_HOUSE, "worker"), env),
        Program("gateway", (*_HOUSE, "serve"), env),
    ]


def bot_command(model: str, port: int) -> tuple[str, ...]:
    """The command, from the root, that serves the model in that file on loopback."""
    rasa = (BOT_PYTHON, str(ROOT / "bot" / "launch.py"), "rasa", "run", "--model", model)
    where = ("--interface", "127.0.0.1", "--port", str(port))
    ways = ("--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml")
    return (*rasa, *where, *ways)


async def _until_ready(settings: Settings) -> None:
    try:
        async with asyncio.timeout(START_PATIENCE):
            while not await _is_ready(settings):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.5)
    except TimeoutError:
        logs = settings.var_dir / "log"
        raise ProgramFailed(f"等了 {START_PATIENCE:.0f} 秒机器人仍没有答复，请看 {logs}") from None


async def _is_ready(settings: Settings) -> bool:
    """Whether the gateway answers `/readyz` with 200."""
    try:
        async with asyncio.timeout(ONE_ANSWER):
            reader, writer = await asyncio.open_connection(_shown(settings.host), settings.port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in status


def _shown(host: str) -> str:
    """The address under which this machine itself reaches the gateway."""
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104 - compared
