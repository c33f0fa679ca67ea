"""The whole product, started as a user starts it, on a Sunday morning of the demo town."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from daozhang.cases.models import Case, Ticket
from daozhang.cases.status import latest_case
from daozhang.conversations.models import Conversation, Message, MessageState
from daozhang.database import Sessions, connect
from daozhang.settings import ROOT

SUNDAY = "2026-11-22T10:20"
PATIENCE = 900.0
"""Seconds for the product to be ready: a first start trains the bot."""
ONE_TURN = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until[T](look: Callable[[], T | None], seconds: float, what: str) -> T:
    """Wait for a condition; the answer is what `look` gives once it is not None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = look()
        if seen is not None:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")


@dataclass
class Product:
    """A running product: its address, its store and its process."""

    url: str
    bot_port: int
    sessions: Sessions
    process: subprocess.Popen[bytes]
    var_dir: Path

    def logs(self) -> str:
        """The end of every log, for a failure's message."""
        parts = [self.var_dir / "run.log", *sorted((self.var_dir / "log").glob("*.log"))]
        return "\n".join(f"--- {one.name}\n{one.read_text()[-3000:]}" for one in parts)


@dataclass
class Chat:
    """One merchant's chat through the public API; what came of it is read from the store."""

    product: Product
    mid: str
    _client: httpx.Client

    def __post_init__(self) -> None:
        answer = self._client.post(f"{self.product.url}/demo/token", json={"mid": self.mid})
        token = answer.raise_for_status().json()["token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def post(self, text: str, choice: str | None = None, client_id: str | None = None) -> int:
        """Send, and give the id of the stored message."""
        body = {"client_id": client_id or uuid4().hex, "text": text, "choice": choice}
        answer = self._client.post(
            f"{self.product.url}/api/v1/messages",
            json={key: value for key, value in body.items() if value is not None},
        )
        return int(answer.raise_for_status().json()["message"])

    def say(self, text: str, choice: str | None = None) -> list[Message]:
        """Send, wait for the turn to end and give what the assistant said."""
        return self.answer_to(self.post(text, choice))

    def answer_to(self, number: int) -> list[Message]:
        def answered() -> bool | None:
            with self.product.sessions() as session:
                message = session.get(Message, number)
                return True if message and message.state is MessageState.ANSWERED else None

        try:
            until(answered, ONE_TURN, f"an answer to message {number}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.product.logs()}") from None
        with self.product.sessions() as session:
            told = select(Message).where(Message.in_reply_to == number).order_by(Message.id)
            return list(session.scalars(told))

    def tap(self, messages: list[Message], choice: str) -> list[Message]:
        """Tap a button of the last bubble."""
        buttons = (messages[-1].payload or {})["buttons"]
        assert isinstance(buttons, list)
        label = next(one["label"] for one in buttons if one["id"] == choice)
        return self.say(label, choice)

    def case(self) -> Case:
        with self.product.sessions() as session:
            conversation = session.scalars(
                select(Conversation).where(Conversation.mid == self.mid)
            ).one()
            case = latest_case(session, conversation.id)
            assert case is not None, self.product.logs()
            return case

    def tickets(self) -> int:
        with self.product.sessions() as session:
            mine = select(func.count()).select_from(Ticket).where(Ticket.mid == self.mid)
            return session.scalar(mine) or 0

    def press(self, tid: str, action: str) -> dict[str, object]:
        """Press a key of the simulated terminal."""
        answer = self._client.post(
            f"{self.product.url}/demo/terminals/{tid}/actions", json={"action": action}
        )
        state = answer.raise_for_status().json()
        assert isinstance(state, dict)
        return state


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Start the product with a store of its own; stop it at the end, leaving no process."""
    var_dir = tmp_path_factory.mktemp("var")
    port, bot_port, actions_port = free_port(), free_port(), free_port()
    database_url = f"sqlite:///{var_dir / 'daozhang.sqlite3'}"
    environment = os.environ | {
        "DAOZHANG_VAR_DIR": str(var_dir),
        "DAOZHANG_DATABASE_URL": database_url,
        "DAOZHANG_BOT_PORT": str(bot_port),
        "DAOZHANG_ACTIONS_PORT": str(actions_port),
    }
    command = [sys.executable, "-m", "daozhang", "run", "--at", SUNDAY, "--port", str(port)]
    with (var_dir / "run.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    engine, sessions = connect(database_url)
    running = Product(f"http://127.0.0.1:{port}", bot_port, sessions, process, var_dir)
    try:
        until(lambda: _ready(running), PATIENCE, "a ready product")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        engine.dispose()


def _ready(running: Product) -> bool | None:
    if running.process.poll() is not None:
        raise RuntimeError(f"the product stopped by itself\n{running.logs()}")
    try:
        answer = httpx.get(f"{running.url}/readyz", timeout=30)
    except httpx.TransportError:
        return None
    return True if answer.status_code == 200 else None


@pytest.fixture(scope="session")
def featured(product: Product) -> dict[str, dict[str, object]]:
    """The demo merchants by name, as the demo page gets them."""
    answer = httpx.get(f"{product.url}/demo/merchants", timeout=30).raise_for_status()
    shops = json.loads(answer.text)
    return {str(shop["name"]): shop for shop in shops}


@pytest.fixture
def chat_of(
    product: Product, featured: dict[str, dict[str, object]]
) -> Iterator[Callable[[str], Chat]]:
    """A chat as the demo merchant of that name."""
    with ExitStack() as closing:

        def chat(name: str) -> Chat:
            client = closing.enter_context(httpx.Client(timeout=30))
            return Chat(product, str(featured[name]["mid"]), client)

        yield chat
