"""Parts of the examples: what is learnt in place of all, and what is asked instead."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import yaml

from components.examples import DATA, UNLABELLED, Example, read_examples

__all__ = ["Part", "drawn", "write", "write_lines"]


@dataclass(frozen=True)
class Part:
    """What is learnt of data/nlu: nothing from the folders `held_out`, and of the rest everything,
    or `size` of each cause and of each intent without one."""

    size: int | None = None
    held_out: tuple[str, ...] = ()

    def learnt(self) -> list[Example]:
        examples = [one for one in read_examples(DATA) if not self._is_held_out(one)]
        return examples if self.size is None else drawn(examples, self.size, Random(0))

    def asked(self) -> list[Example]:
        """The examples of the folders `held_out`."""
        return [one for one in read_examples(DATA) if self._is_held_out(one)]

    def _is_held_out(self, one: Example) -> bool:
        return any(one.file.is_relative_to(DATA / folder) for folder in self.held_out)


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


def write_lines(examples: Sequence[Example], file: Path) -> None:
    """Put them into `file` as labelled lines, as `read_lines` reads them."""
    lines = ({"text": one.text, "intent": one.intent, "causes": one.causes} for one in examples)
    file.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in lines), "utf-8")


def _block(intent: str, causes: tuple[str, ...] | None, texts: Sequence[str]) -> dict[str, Any]:
    named = [UNLABELLED] if causes is None else list(causes)
    return {
        "intent": intent,
        **({"metadata": {"cause": named}} if named else {}),
        "examples": "".join(f"- {text}\n" for text in texts),
    }
