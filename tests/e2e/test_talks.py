"""The talks that are marked `rasa`, through the real bot: only their texts go in.

One bot serves all of them. Its actions run in this process, so that each talk has a store and a
clock of its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daozhang.clock import Clock
from daozhang.conversations.bot import Bot
from daozhang.database import Base, connect
from daozhang.product import TRAIN, bot_command
from daozhang.settings import ROOT
from tests.e2e.actions import Actions, serving
from tests.e2e.conftest import PATIENCE, free_port, until
from tests.talks.playing import play
from tests.talks.script import read_talk, talk_files
from tests.talks.stage import Stage

THROUGH_RASA = [path for path in talk_files() if read_talk(path).rasa]


@dataclass(frozen=True)
class RealBot:
    """A running bot, and the actions that it calls."""

    url: str
    actions: Actions

    def answers(self, stage: Stage) -> str:
        """Have the stage's conversation answered on it."""
        self.actions.stages[stage.conversation_id] = stage
        return self.url


@pytest.fixture(scope="session")
def real_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBot]:
    """Train where the data has changed, and start the bot; it is stopped in the end."""
    trained = subprocess.run(TRAIN, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert trained.returncode == 0, trained.stderr[-3000:]
    model = trained.stdout.strip().splitlines()[-1]
    port, actions_port = free_port(), free_port()
    log = tmp_path_factory.mktemp("bot") / "bot.log"
    actions, url = Actions(), f"http://127.0.0.1:{port}"
    environment = os.environ | {"DAOZHANG_ACTIONS_PORT": str(actions_port)}
    with log.open("wb") as out, serving(actions, actions_port):
        process = subprocess.Popen(
            bot_command(model, port), cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        try:
            until(lambda: _ready(process, url, log), PATIENCE, "a bot that answers")
            yield RealBot(url, actions)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _ready(process: subprocess.Popen[bytes], url: str, log: Path) -> bool | None:
    assert process.poll() is None, log.read_text()[-3000:]
    return True if asyncio.run(_answers(url)) else None


async def _answers(url: str) -> bool:
    bot = Bot(url, 30.0, Clock())
    try:
        return await bot.is_ready()
    finally:
        await bot.close()


@pytest.mark.parametrize("path", THROUGH_RASA, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_talk(path: Path, real_bot: RealBot, tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite3"
    engine, _ = connect(f"sqlite:///{store}")
    Base.metadata.create_all(engine)
    engine.dispose()
    before = set(real_bot.actions.stages)
    try:
        await play(read_talk(path), store, path, real_bot.answers)
    except AssertionError as error:
        (talk,) = set(real_bot.actions.stages) - before
        heard = "\n".join(real_bot.actions.heard.get(talk, []))
        raise AssertionError(f"{error}\n\nunderstood as\n{heard}") from None
