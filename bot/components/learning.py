"""What a model learns: intents from the whole texts, causes from what these assert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.examples import Example
from components.features import Reading
from components.fitting import Question, fit
from components.heads import CAUSES, INTENT, Model
from components.vectors import read_all

__all__ = ["Material", "learn"]


@dataclass(frozen=True)
class Material:
    """Examples side by side with what is seen of each: of all of it, and of what it asserts."""

    examples: Sequence[Example]
    whole: Sequence[Reading]
    asserted: Sequence[Reading]

    @classmethod
    def read(cls, examples: Sequence[Example], vectors: Path | None) -> Material:
        """Sentence vectors are kept in the folder `vectors`, if there is one."""
        return cls(examples, *read_all([one.text for one in examples], vectors))

    def parted(self, folders: Sequence[Path]) -> tuple[Material, Material]:
        """What is under `folders`, and the rest."""
        inside = [
            any(one.file.is_relative_to(folder) for folder in folders) for one in self.examples
        ]
        places = range(len(inside))
        return (
            self.some(place for place in places if inside[place]),
            self.some(place for place in places if not inside[place]),
        )

    def some(self, places: Iterable[int]) -> Material:
        """The material of the examples at `places`."""
        chosen = list(places)
        return Material(
            [self.examples[one] for one in chosen],
            [self.whole[one] for one in chosen],
            [self.asserted[one] for one in chosen],
        )

    def questions(self, settings: Mapping[str, Any]) -> dict[str, Question]:
        """One for each head, with the temperatures of `settings` (config.yml), else 1."""
        return {
            INTENT: Question(
                self.whole,
                [(one.intent,) for one in self.examples],
                exclusive=True,
                temperature=settings.get("intent_temperature", 1.0),
            ),
            CAUSES: Question(
                self.asserted,
                [one.causes for one in self.examples],
                exclusive=False,
                temperature=settings.get("cause_temperature", 1.0),
            ),
        }


def learn(examples: Sequence[Example], vectors: Path | None, settings: Mapping[str, Any]) -> Model:
    """A model of both heads; `settings` are the classifier's in config.yml."""
    return fit(Material.read(examples, vectors).questions(settings))
