"""What must not be in the training data: twins, contradictions, and lines of the tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.examples import Example
from measuring.lines import Line
from measuring.twins import bare, find_twins

__all__ = ["Fault", "find_faults", "remove"]

_EVERYBODYS = 5
"""Texts with fewer characters beside digits (转人工, 好的, 不是200是2000) are what everybody types;
a test may have them too."""


@dataclass(frozen=True)
class Fault:
    """An example that should go, and because of which other text."""

    example: Example
    other: str
    place: str
    why: str
    certain: bool = True
    """Whether the example can go without anybody deciding on a label."""


def find_faults(examples: Sequence[Example], tests: Sequence[tuple[str, Line]]) -> Iterator[Fault]:
    """Faults of the examples among themselves and against test lines, each with its place."""
    yield from _contradictions(examples)
    texts = [*(one.text for one in examples), *(line.text for _, line in tests)]
    for first, second, likeness in find_twins(texts):
        if first >= len(examples):
            continue
        if second >= len(examples):
            place, line = tests[second - len(examples)]
            if sum(not one.isdigit() for one in bare(line.text)) >= _EVERYBODYS:
                yield Fault(examples[first], line.text, place, f"与测试句相似 {likeness:.2f}")
        elif _same_label(examples[first], examples[second]):
            kept, other = sorted((examples[first], examples[second]), key=_worth)
            yield Fault(other, kept.text, _place(kept), f"与已有的句子相似 {likeness:.2f}")


def _contradictions(examples: Sequence[Example]) -> Iterator[Fault]:
    said: defaultdict[str, list[Example]] = defaultdict(list)
    for one in examples:
        text = bare(one.text)
        for other in said[text]:
            if one.intent != other.intent:
                why = f"同一句话有两个意图：{one.intent}，{other.intent}"
                yield Fault(one, other.text, _place(other), why, certain=False)
            elif not _same_label(one, other):
                why = "同一句话有两种原因：" + "，".join(map(_causes, (one, other)))
                yield Fault(one, other.text, _place(other), why, certain=False)
        said[text].append(one)


def _same_label(one: Example, other: Example) -> bool:
    """Texts alike with different labels show where a border runs; they are wanted."""
    unknown = one.causes is None or other.causes is None
    return one.intent == other.intent and (
        unknown or set(one.causes or ()) == set(other.causes or ())
    )


def _worth(one: Example) -> tuple[bool, int, str, int]:
    """The one to keep comes first: with its causes looked at, short, early."""
    return one.causes is None, len(one.text), one.file.as_posix(), one.number


def _causes(one: Example) -> str:
    return "+".join(one.causes or ()) or "无"


def _place(one: Example) -> str:
    return f"{one.file}:{one.number}"


def remove(faults: Sequence[Fault]) -> int:
    """Take the examples that can go out of their files; how many lines that were."""
    numbers: defaultdict[Path, set[int]] = defaultdict(set)
    for fault in faults:
        if fault.certain:
            numbers[fault.example.file].add(fault.example.number)
    for file, gone in numbers.items():
        lines = file.read_text("utf-8").splitlines(keepends=True)
        kept = [line for number, line in enumerate(lines, 1) if number not in gone]
        file.write_text("".join(kept), "utf-8")
    return sum(map(len, numbers.values()))
