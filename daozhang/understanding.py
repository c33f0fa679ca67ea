"""What the bot's room understood of one message, as the house uses it (LANGUAGE.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from daozhang.clock import SHANGHAI, at

__all__ = ["AmountRange", "Entity", "TimeRange", "Understanding"]


@dataclass(frozen=True, slots=True)
class AmountRange:
    """An amount in fen, both ends included."""

    low: int
    high: int

    @classmethod
    def from_value(cls, value: str | int, *, approx: bool) -> Self:
        """From the entity value: fen, or 'a/b'. `approx` (左右, 多) widens by a tenth."""
        low, _, high = str(value).partition("/")
        bounds = int(low), int(high or low)
        slack = bounds[1] // 10 if approx and not high else 0
        return cls(bounds[0] - slack, bounds[1] + slack)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A stretch of time; `until` is not part of it."""

    since: datetime
    until: datetime

    @classmethod
    def from_value(cls, value: str) -> Self:
        """From the entity value: an ISO date, minute or second, or 'a/b' of them.

        A day counts to its end, also as the end of a range; a clock range ends before its second
        part; a bare minute is widened by half an hour on both sides, as people round.
        """
        first, _, second = value.partition("/")
        if not second and "T" in first:
            moment = _start(first)
            return cls(moment - timedelta(minutes=30), moment + timedelta(minutes=30))
        last = second or first
        until = _start(last)
        return cls(_start(first), until if "T" in last else until + timedelta(days=1))


def _start(part: str) -> datetime:
    if "T" not in part:
        return at(date.fromisoformat(part), time.min)
    moment = datetime.fromisoformat(part)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the message with its value; kinds and values are those of LANGUAGE.md."""

    kind: str
    value: str | int
    raw: str
    approx: bool = False


@dataclass(frozen=True, slots=True)
class Understanding:
    """Intent, causes and entities of one message, each with the model's confidence in 0..1.

    `choice` is the id of the button that was tapped, if one was: it outranks the words.
    """

    text: str
    intent: str
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    causes: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    choice: str | None = None
    said_at: datetime | None = None

    @classmethod
    def from_latest_message(cls, message: dict[str, Any]) -> Self:
        """From Rasa's `latest_message`, the one place where its raw dict is taken apart."""
        intent = message.get("intent") or {}
        metadata = message.get("metadata") or {}
        return cls(
            text=str(message.get("text") or ""),
            intent=str(intent.get("name") or "nlu_fallback"),
            confidence=float(intent.get("confidence") or 0.0),
            ranking=tuple(
                (str(one["name"]), float(one["confidence"]))
                for one in message.get("intent_ranking") or ()
            ),
            causes=tuple(
                (str(one["name"]), float(one["confidence"])) for one in message.get("causes") or ()
            ),
            entities=tuple(
                Entity(
                    kind=str(one["entity"]),
                    value=one["value"] if isinstance(one["value"], int) else str(one["value"]),
                    raw=str(one.get("raw") or one["value"]),
                    approx=bool(one.get("approx", False)),
                )
                for one in message.get("entities") or ()
            ),
            choice=metadata.get("choice"),
            said_at=datetime.fromisoformat(metadata["now"]) if metadata.get("now") else None,
        )

    def first(self, kind: str) -> Entity | None:
        """The first entity of that kind, or None."""
        return next((entity for entity in self.entities if entity.kind == kind), None)
