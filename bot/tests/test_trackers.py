from __future__ import annotations

import asyncio

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.trackers import ShortTrackerStore


def tracker(name: str, turns: int) -> DialogueStateTracker:
    events = [
        event
        for turn in range(turns)
        for event in (
            ActionExecuted("action_listen"),
            UserUttered(f"第{turn}句", {"name": "greet"}),
        )
    ]
    return DialogueStateTracker.from_events(name, events)


def test_a_long_talk_keeps_its_last_events() -> None:
    store = ShortTrackerStore(Domain.empty(), events=4)
    asyncio.run(store.save(tracker("a", 50)))
    kept = asyncio.run(store.retrieve("a"))
    assert kept is not None
    assert len(kept.events) == 4
    assert kept.latest_message is not None
    assert kept.latest_message.text == "第49句"


def test_the_oldest_talk_is_forgotten_first() -> None:
    store = ShortTrackerStore(Domain.empty(), conversations=2)
    for name in ("a", "b", "a", "c"):
        asyncio.run(store.save(tracker(name, 1)))
    assert list(store.store) == ["a", "c"]
