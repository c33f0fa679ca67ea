"""Messages that were not understood are kept, masked, for staff to say what was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from daozhang.cases.models import Lesson
from daozhang.redaction import redact
from daozhang.understanding import Understanding

__all__ = ["Guess", "keep_unclear", "masked"]

_MOST = 10_000
"""So many messages are kept without a label; the oldest go first."""
_LONGEST = 200
"""Characters of a text that are kept; the bot reads no more either."""
_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}")
"""Phone numbers, numbers of merchants, terminals and orders: seven digits or more."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest intent, how sure the bot was of it (0..1), and the causes it named."""

    intent: str
    confidence: float
    causes: tuple[str, ...]

    @staticmethod
    def of(understood: Understanding) -> dict[str, object] | None:
        """As it is stored; None where a button spoke and not the words."""
        if understood.choice is not None:
            return None
        likeliest = (understood.intent, understood.confidence)
        intent, confidence = next(iter(understood.ranking), likeliest)
        causes = [name for name, _ in understood.causes]
        return {"intent": intent, "confidence": round(confidence, 4), "causes": causes}

    @classmethod
    def read(cls, stored: Mapping[str, object] | None) -> Guess | None:
        if stored is None:
            return None
        causes = stored["causes"]
        return cls(
            str(stored["intent"]),
            float(str(stored["confidence"])),
            tuple(map(str, causes)) if isinstance(causes, list) else (),
        )


def masked(text: str) -> str:
    """A text that nobody can be recognised by: no secrets, and zeros for long numbers."""
    plain = " ".join(redact(text).text.split())
    return _NUMBER.sub(lambda run: re.sub(r"\d", "0", run[0]), plain)[:_LONGEST]


def keep_unclear(
    session: Session, message_id: str, understood: Understanding, now: datetime
) -> None:
    """Keep what was not understood; numbers and signs alone are answers and teach no words."""
    text = masked(understood.text)
    if not any(char.isalpha() for char in text) or session.get(Lesson, message_id) is not None:
        return
    session.add(Lesson(message_id=message_id, at=now, text=text, guess=Guess.of(understood)))
    session.flush()
    _forget_oldest(session)


def _forget_oldest(session: Session) -> None:
    newest_to_go = session.scalars(
        select(Lesson.at)
        .where(Lesson.labelled_at.is_(None))
        .order_by(Lesson.at.desc())
        .offset(_MOST)
        .limit(1)
    ).first()
    if newest_to_go is not None:
        session.execute(
            delete(Lesson).where(Lesson.labelled_at.is_(None), Lesson.at <= newest_to_go)
        )
