"""Rasa's memory of the talk, kept short: it is a cache, the cases live in the house's store."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

__all__ = ["ShortTrackerStore"]


class ShortTrackerStore(InMemoryTrackerStore):
    """The last `conversations` talks, the last `events` of each.

    Rasa replays a whole tracker on every turn (39 ms become 80 after 200 messages) and never
    forgets one. Rules look one turn back, and the state of a case comes with each message.
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        conversations: int = 2000,
        events: int = 20,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: OrderedDict[str, str] = OrderedDict()
        self._conversations = conversations
        self._events = events

    async def save(self, tracker: DialogueStateTracker) -> None:
        short = DialogueStateTracker.from_events(
            tracker.sender_id,
            list(tracker.events)[-self._events :],
            tracker.slots.values(),
            sender_source=tracker.sender_source,
            domain=self.domain,
        )
        await super().save(short)
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > self._conversations:
            self.store.popitem(last=False)
