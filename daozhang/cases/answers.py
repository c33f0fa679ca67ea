"""Questions and answers: `data/answers/<intent>.yml`, general knowledge that needs no ledger."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from daozhang.errors import ConfigError
from daozhang.settings import ROOT

__all__ = ["Answer", "answer_for", "load_answers"]


class Answer(BaseModel):
    """What is said to one intent: up to three bubbles, and others where a cause was named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: tuple[str, ...] = Field(min_length=1, max_length=3)
    by_cause: Mapping[str, tuple[str, ...]] = {}


def answer_for(intent: str, cause: str | None = None) -> tuple[str, ...] | None:
    """The bubbles for an intent, more particular ones when the cause has any."""
    answer = load_answers().get(intent)
    if answer is None:
        return None
    return answer.by_cause.get(cause or "", answer.say)


@cache
def load_answers() -> Mapping[str, Answer]:
    """All answers by intent. Raises ConfigError naming the file that is wrong."""
    answers: dict[str, Answer] = {}
    for path in sorted((ROOT / "data" / "answers").glob("*.yml")):
        try:
            table = yaml.safe_load(path.read_text(encoding="utf-8"))
            answers[path.stem] = Answer.model_validate(table)
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise ConfigError(f"data/answers/{path.name} 不对：{error}") from None
    return answers
