"""Accuracy over the number of examples: whether writing more of them would still help."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from components.examples import Example
from measuring.drawing import drawn
from measuring.lines import read_lines
from measuring.own import trained
from measuring.scoring import Parser, evaluate
from measuring.tables import table

__all__ = ["curve"]

_SIZES = (10, 30, 100, 300)
_SEEDS = 3


def curve(examples: Sequence[Example], files: Sequence[Path], vectors: Path) -> Iterator[str]:
    """A Markdown table for each file: so many examples of each cause, and of each intent without.

    Every size is drawn with several seeds; the mean is shown, with the lowest and the highest.
    """
    draws = {"all": [list(examples)]}
    draws |= {
        str(size): [drawn(examples, size, Random(seed)) for seed in range(_SEEDS)]
        for size in _SIZES
    }
    scores: dict[tuple[Path, str], list[tuple[float, float]]] = defaultdict(list)
    for size, samples in draws.items():
        for sample in samples:
            parse = trained(sample, vectors)
            for file in files:
                scores[file, size].append(_scores(file, parse))
    for file in files:
        rows = [
            [
                size,
                f"{statistics.fmean(map(len, draws[size])):.0f}",
                *(_spread(some) for some in zip(*scores[file, size], strict=True)),
            ]
            for size in (*map(str, _SIZES), "all")
        ]
        yield f"\n{file.name}\n"
        yield from table(["examples each", "in all", "intent strict", "cause F1"], rows)


def _scores(file: Path, parse: Parser) -> tuple[float, float]:
    summary = evaluate(read_lines(file), parse).summary()
    return summary["intent"]["accuracy_strict"], summary["cause"]["f1"]


def _spread(scores: Sequence[float]) -> str:
    mean = f"{statistics.fmean(scores):.3f}"
    return mean if len(scores) == 1 else f"{mean} ({min(scores):.3f}–{max(scores):.3f})"
