"""What was understood of one message, by whatever understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["FALLBACK", "NO_CAUSE", "OUT_OF_SCOPE", "Answer"]

FALLBACK = "nlu_fallback"
NO_CAUSE = "none"
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Answer:
    """`intent` may be the fallback; `likeliest`, with its confidence, is what stands behind it."""

    intent: str
    likeliest: str
    confidence: float
    causes: tuple[tuple[str, float], ...] = ()
    entities: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, message: dict[str, Any]) -> Answer:
        """From what Rasa says of a message, the one place where its raw dict is taken apart."""
        intent = message["intent"]
        first = next(iter(message.get("intent_ranking") or []), intent)
        return cls(
            str(intent["name"]),
            str(first["name"]),
            float(first["confidence"]),
            tuple(
                (str(one["name"]), float(one["confidence"])) for one in message.get("causes") or []
            ),
            tuple((str(one["entity"]), str(one["value"])) for one in message.get("entities") or []),
        )
