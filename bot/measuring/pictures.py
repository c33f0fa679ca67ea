"""Pictures of a report: what is taken for what, and whether confidence means what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from measuring.scoring import Report, binned

__all__ = ["draw"]

matplotlib.use("agg")
_INCHES_PER_LABEL = 0.32


def draw(report: Report, folder: Path) -> list[Path]:
    """Write the pictures (PNG) of what the report has; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    intents = [(wanted, found) for wanted, found, _ in report.intents]
    pictures = {
        "confusion-intent.png": _confusion(intents, "intent") if intents else None,
        "confusion-cause.png": (
            _confusion(report.cause_pairs, "cause") if report.cause_pairs else None
        ),
        "reliability.png": _reliability(
            {"intent": report.intent_sureness, "cause": report.cause_sureness}
        ),
    }
    drawn = []
    for name, figure in pictures.items():
        if figure is not None:
            figure.savefig(folder / name, dpi=120)
            drawn.append(folder / name)
    return drawn


def _confusion(pairs: Sequence[tuple[str, str]], what: str) -> Figure:
    """Rows are what was meant, columns what was understood; colour is the share of the row."""
    labels = sorted({name for pair in pairs for name in pair})
    counts = Counter(pairs)
    table = np.array([[counts[row, column] for column in labels] for row in labels])
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    side = 3 + _INCHES_PER_LABEL * len(labels)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90)
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="understood", ylabel="meant", title=f"{what}: {len(pairs)} counted")
    for row, column in zip(*np.nonzero(table), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(
            column, row, str(table[row, column]), ha="center", va="center", color=colour, size=7
        )
    return figure


def _reliability(kinds: dict[str, Sequence[tuple[float, bool]]]) -> Figure:
    """Share of right answers over confidence, and how many answers there are at each."""
    figure = Figure(figsize=(6, 6.5), layout="constrained")
    above, below = figure.subplots(2, height_ratios=(3, 1), sharex=True)
    above.plot((0, 1), (0, 1), color="grey", linestyle="--", label="as sure as right")
    for name, sureness in kinds.items():
        _line(above, name, sureness)
    sure = [[one for one, _ in sureness] for sureness in kinds.values()]
    below.hist(sure, bins=10, range=(0, 1), label=list(kinds))
    above.set(ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1))
    below.set(xlabel="confidence", ylabel="answers")
    above.legend(loc="upper left")
    return figure


def _line(axes: Axes, name: str, sureness: Sequence[tuple[float, bool]]) -> None:
    groups = binned(sureness)
    if groups:
        sure, right, _ = zip(*groups, strict=True)
        axes.plot(sure, right, marker="o", label=name)
