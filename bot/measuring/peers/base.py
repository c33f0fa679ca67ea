"""What every contestant does, and how examples become labels for a head that gives one answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from components.examples import Example
from measuring.answers import NO_CAUSE
from measuring.scoring import Parser

__all__ = ["Labelled", "Peer", "by_cause", "by_intent", "named"]

Labelled = tuple[list[str], list[str]]
"""Texts, and the label of each."""


class Peer(Protocol):
    """A way to understand messages. `train` and `load` happen in processes of their own."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]
    """Python packages whose bundled weights the model needs; they count as part of its size."""

    def train(self, examples: Sequence[Example], folder: Path) -> None:
        """Put all that `load` needs into the empty `folder`."""

    def load(self, folder: Path) -> Parser:
        """Make it ready to answer; imports of what it runs on belong here."""


def by_intent(examples: Sequence[Example]) -> Labelled:
    return [one.text for one in examples], [one.intent for one in examples]


def by_cause(examples: Sequence[Example]) -> Labelled:
    """An example with two causes is one of each; one that nobody looked at is none of these."""
    pairs = [
        (one.text, cause)
        for one in examples
        if one.causes is not None
        for cause in one.causes or (NO_CAUSE,)
    ]
    return [text for text, _ in pairs], [cause for _, cause in pairs]


def named(cause: str, sure: float = 1.0) -> tuple[tuple[str, float], ...]:
    """The causes of an answer whose head says `cause`."""
    return () if cause == NO_CAUSE else ((cause, sure),)
