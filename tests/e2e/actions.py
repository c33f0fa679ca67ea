"""An action server for tests: every conversation's actions run on the stage that it belongs to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as At

from actions.shells import doors
from daozhang.understanding import Understanding
from tests.talks.stage import Stage

__all__ = ["Actions", "serving"]


@dataclass
class Actions:
    """The stages by conversation, and what the bot's room understood in each."""

    stages: dict[str, Stage] = field(default_factory=dict)
    heard: dict[str, list[str]] = field(default_factory=dict)

    async def webhook(self, request: Request) -> Response:
        """One action of one turn, as Rasa asks for it."""
        call: dict[str, Any] = await request.json()
        tracker = Tracker.from_dict(call["tracker"])
        message = tracker.latest_message
        conversation_id = message["metadata"]["conversation_id"]
        if message["metadata"].get("probe"):
            return _said([{"text": "在"}])
        self.heard.setdefault(conversation_id, []).append(_heard(message))
        by_name = {one.name(): one for one in doors(self.stages[conversation_id].assistant)}
        said = CollectingDispatcher()
        await by_name[call["next_action"]].run(said, tracker, call["domain"])
        return _said(said.messages)


def _said(bubbles: list[dict[str, Any]]) -> Response:
    return JSONResponse({"events": [], "responses": bubbles})


def _heard(message: dict[str, Any]) -> str:
    said = Understanding.from_latest_message(message)
    entities = {one.raw: f"{one.kind} {one.value}" for one in said.entities}
    likely = [f"{name} {sure:.2f}" for name, sure in said.ranking[:3]]
    return f"{said.text} -> {said.intent} {list(said.causes)} {entities} {likely}"


@contextmanager
def serving(actions: Actions, port: int) -> Iterator[None]:
    """Serve them on loopback from a thread of this process."""
    app = Starlette(routes=[At("/webhook", actions.webhook, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
