"""What the article says, where it lives and which talks show it, as data/coverage.yml has it."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from typing import Any

from daozhang.cases.answers import load_answers
from daozhang.settings import ROOT

__all__ = ["COVERAGE", "POINTS", "answers_of"]

COVERAGE = runpy.run_path(str(ROOT / "scripts" / "coverage.py"))
POINTS: list[dict[str, Any]] = COVERAGE["points"]()
_ANSWERS = "data/answers/"


def answers_of(point: dict[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    """The answers in which a point lives: the intent, the cause to be named, and the words."""
    for file, words in COVERAGE["places"](point):
        if file.startswith(_ANSWERS):
            intent = file.removeprefix(_ANSWERS).removesuffix(".yml")
            yield intent, _cause_for(intent, words), words


def _cause_for(intent: str, words: str) -> str | None:
    """The cause that has to be named to hear these words; None for the general answer."""
    answer = load_answers()[intent]
    if any(words in bubble for bubble in answer.say):
        return None
    return next(
        cause for cause, say in answer.by_cause.items() if any(words in bubble for bubble in say)
    )
