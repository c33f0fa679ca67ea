"""What a rule found in a text, and which finding wins where two overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Finding", "Value", "without_overlaps"]

Value: TypeAlias = int | str


@dataclass(frozen=True)
class Finding:
    """A piece `text[start:end]` of folded text with its kind and value (LANGUAGE.md, Entities)."""

    kind: str
    value: Value
    start: int
    end: int
    approx: bool = False


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """In order of appearance; of two that overlap the one given first stays."""
    kept: list[Finding] = []
    for new in findings:
        if all(new.end <= old.start or old.end <= new.start for old in kept):
            kept.append(new)
    return sorted(kept, key=lambda finding: finding.start)
