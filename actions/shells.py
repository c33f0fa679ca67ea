"""The custom actions: take the tracker's last message apart, ask the assistant, say its bubbles.

An action that fails says nothing at all. An empty answer is the sign by which the gateway knows
that the turn was lost, so that it can try again and then call a person.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from daozhang.cases.assistant import Assistant, Incoming, Route
from daozhang.understanding import Understanding

__all__ = ["Door", "doors"]

_LOG = logging.getLogger(__name__)


class Door(Action):
    """`action_<route>`: one way in to the assistant."""

    def __init__(self, route: Route, assistant: Assistant) -> None:
        self._route = route
        self._assistant = assistant

    def name(self) -> str:
        return f"action_{self._route}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        incoming = Incoming(
            message_id=str(metadata.get("message_id") or message.get("message_id")),
            conversation_id=str(metadata.get("conversation_id") or tracker.sender_id),
            mid=metadata.get("mid"),
            understood=Understanding.from_latest_message(message),
        )
        try:
            replies = await asyncio.to_thread(self._assistant.respond, self._route, incoming)
        except Exception:
            _LOG.exception("%s failed on message %s", self.name(), incoming.message_id)
            return []
        for reply in replies:
            dispatcher.utter_message(json_message=reply.model_dump(mode="json"))
        return []


def doors(assistant: Assistant) -> list[Door]:
    """One action for every route."""
    return [Door(route, assistant) for route in Route]
