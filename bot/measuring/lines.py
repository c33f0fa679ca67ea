"""Labelled utterances as files hold them: one JSON object a line (LANGUAGE.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["BadLine", "Line", "read_lines"]


class BadLine(ValueError):
    """Raised when a line of an evaluation file cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Line:
    """One utterance. What is None is not labelled and not scored; values are compared as text."""

    text: str
    intent: str | None = None
    also: tuple[str, ...] = ()
    causes: tuple[str, ...] | None = None
    entities: tuple[tuple[str, str], ...] | None = None
    now: str | None = None
    """The moment it was written (ISO 8601), from which relative times count."""

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Line:
        causes, entities = raw.get("causes"), raw.get("entities")
        return cls(
            str(raw["text"]),
            raw.get("intent"),
            tuple(raw.get("also", ())),
            None if causes is None else tuple(causes),
            None
            if entities is None
            else tuple((str(one["type"]), str(one["value"])) for one in entities),
            raw.get("now"),
        )


def read_lines(file: Path) -> list[Line]:
    """The lines of `file` in their order. Raises BadLine, with a number, for one without sense."""
    lines: list[Line] = []
    for number, text in enumerate(file.read_text("utf-8-sig").split("\n"), 1):
        if not text.strip():
            continue
        try:
            lines.append(Line.of(json.loads(text)))
        except json.JSONDecodeError as error:
            raise BadLine(f"{file} 第 {number} 行不是 JSON：{error.msg}") from None
        except (KeyError, TypeError, AttributeError):
            raise BadLine(f"{file} 第 {number} 行缺 text，或 entities 里缺 type、value") from None
    return lines
