"""What typos, homophones and the like cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from measuring.lines import Line, read_lines
from measuring.scoring import Parser, evaluate
from measuring.tables import table
from measuring.variants import VARIANTS

__all__ = ["robustness"]

_SEED = 1


def robustness(files: Sequence[Path], parse: Parser) -> Iterator[str]:
    """A Markdown table for each file: every variant next to the same lines as they were.

    Only lines that the variant changes are counted, so that the fall is not thinned out.
    """
    for file in files:
        lines = read_lines(file)
        rows = [_row(name, lines, parse) for name in VARIANTS]
        yield f"\n{file.name}: {len(lines)} lines\n"
        yield from table(
            ["variant", "lines", "intent before", "after", "fall", "cause F1 before", "after"], rows
        )


def _row(name: str, lines: Sequence[Line], parse: Parser) -> list[str]:
    rng = Random(_SEED)
    pairs = [(line, replace(line, text=VARIANTS[name](line.text, rng))) for line in lines]
    changed = [(line, worse) for line, worse in pairs if line.text != worse.text]
    if not changed:
        return [name, "0", *["–"] * 5]
    before, after = (evaluate(side, parse).summary() for side in zip(*changed, strict=True))
    whole, worse = (one["intent"]["accuracy_strict"] for one in (before, after))
    return [
        name,
        str(len(changed)),
        f"{whole:.3f}",
        f"{worse:.3f}",
        f"{100 * (whole - worse):.1f}",
        *(f"{one['cause']['f1']:.3f}" for one in (before, after)),
    ]
