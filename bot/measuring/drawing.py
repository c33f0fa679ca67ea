"""A part of the examples: so many of each label, to learn from in place of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import yaml

from components.examples import UNLABELLED, Example

__all__ = ["drawn", "write"]


def drawn(examples: Sequence[Example], size: int, rng: Random) -> list[Example]:
    """`size` examples of each cause, and of each intent without one; all where there are fewer."""
    groups: defaultdict[str, list[Example]] = defaultdict(list)
    for one in examples:
        groups[one.causes[0] if one.causes else one.intent].append(one)
    return [
        one
        for _, group in sorted(groups.items())
        for one in rng.sample(group, min(size, len(group)))
    ]


def write(examples: Sequence[Example], file: Path) -> None:
    """Put them into `file` as `read_examples` reads them, in their order: a model depends on it."""
    blocks = [
        _block(intent, causes, [one.text for one in group])
        for (intent, causes), group in groupby(examples, key=lambda one: one.label)
    ]
    file.write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True), "utf-8")


def _block(intent: str, causes: tuple[str, ...] | None, texts: Sequence[str]) -> dict[str, Any]:
    named = [UNLABELLED] if causes is None else list(causes)
    return {
        "intent": intent,
        **({"metadata": {"cause": named}} if named else {}),
        "examples": "".join(f"- {text}\n" for text in texts),
    }
