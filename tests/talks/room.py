"""The bot's room without Rasa: a talk says what is understood, the rules say who answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import yaml

from daozhang.cases.assistant import Assistant, Incoming, Route
from daozhang.conversations.bot import Bot, Question
from daozhang.replies import Reply
from daozhang.settings import ROOT
from daozhang.understanding import Understanding
from tests.talks.script import Heard

__all__ = ["NOTHING_SAID", "Room", "StrangersBot"]

NOTHING_SAID = Heard(intent="affirm")
"""What is heard of a tap: the button speaks, not its label."""


@cache
def _routes() -> Mapping[str, Route]:
    """`data/rules/rules.yml`: the action that answers each intent while no case is open."""
    rules = yaml.safe_load((ROOT / "data" / "rules" / "rules.yml").read_text(encoding="utf-8"))
    steps = [rule["steps"] for rule in rules["rules"]]
    return {one[0]["intent"]: Route(one[1]["action"].removeprefix("action_")) for one in steps}


class Room(httpx.AsyncBaseTransport):
    """The rest channel as the gateway sees it, answered by `assistant` in this process.

    An open case and a tapped button go to the playbook, as `PlaybookPolicy` has it.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.heard = NOTHING_SAID

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        replies = self._answer(body["message"], body["metadata"])
        return httpx.Response(
            200, json=[{"custom": reply.model_dump(mode="json")} for reply in replies]
        )

    def _answer(self, text: str, metadata: dict[str, Any]) -> list[Reply]:
        message = self.heard.message(text) | {"metadata": metadata}
        understood = Understanding.from_latest_message(message)
        with_playbook = metadata["case_open"] or metadata["choice"]
        route = Route.PLAYBOOK if with_playbook else _routes()[understood.intent]
        incoming = Incoming(
            metadata["message_id"], metadata["conversation_id"], metadata["mid"], understood
        )
        return self._assistant.respond(route, incoming)


class StrangersBot(Bot):
    """A gateway that does not know who writes."""

    async def ask(self, question: Question) -> tuple[Reply, ...]:
        return await super().ask(replace(question, mid=None))
