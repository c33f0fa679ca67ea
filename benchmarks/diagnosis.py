"""How often the diagnosis is right: complaints planted over many seeds, judged and counted.

python benchmarks/diagnosis.py [--complaints 2000] [--seeds 20]

Prints a table by cause and the totals next to their goals, draws the confusion matrix into
artifacts/diagnosis.svg, and fails when a goal is missed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kit.moments import over_worlds

if TYPE_CHECKING:
    from daozhang.simulation.examining import Answer

ROOT = Path(__file__).resolve().parent.parent
NONE = "none"


def answers_of(seed: int, now: datetime, complaints: int) -> list[Answer]:
    """One world of its own in memory: planted, complained of, and judged."""
    from daozhang.database import Base, connect
    from daozhang.settlement.calendar import WorkCalendar
    from daozhang.simulation.complaining import complaints_of
    from daozhang.simulation.examining import examine
    from daozhang.simulation.proof import build_proof

    calendar = WorkCalendar.load()
    engine, sessions = connect("sqlite://")
    Base.metadata.create_all(engine)
    with sessions() as session:
        build_proof(session, seed=seed, now=now, complaints=complaints, calendar=calendar)
        session.commit()
        told = complaints_of(session, seed=seed, now=now, calendar=calendar)
        found = list(examine(session, told, now=now, calendar=calendar))
        session.expunge_all()
    engine.dispose()
    return found


def rows_by(answers: Sequence[Answer], key: Callable[[Answer], str]) -> Iterator[str]:
    """A line for each group: how many, and how many with the right outcome and cause."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[key(answer)].append(answer)
    for name in sorted(groups):
        group = groups[name]
        outcome = sum(one.outcome_right for one in group)
        cause = sum(one.cause_right for one in group)
        yield (
            f"{name:<26}{len(group):>6}{outcome:>9}{outcome / len(group):>8.1%}"
            f"{cause:>8}{cause / len(group):>8.1%}"
        )


def report(answers: Sequence[Answer], seconds: float) -> bool:
    """Print everything; whether all goals are met."""
    head = f"{'':<26}{'n':>6}{'outcome':>9}{'':>8}{'cause':>8}"
    for title, key in (
        ("planted cause", lambda one: one.complaint.fault.cause or NONE),
        ("planted fault", lambda one: one.complaint.fault.fault),
        ("planted", lambda one: "in a pair" if one.complaint.paired else "alone"),
        ("merchant names", lambda one: f"{one.complaint.claimed} cause"),
    ):
        print(f"{title:<26}{head[26:]}", *rows_by(answers, key), "", sep="\n")
    total = len(answers)
    outcome = sum(one.outcome_right for one in answers) / total
    cause = sum(one.cause_right for one in answers) / total
    foreign = sum(bool(one.foreign) for one in answers)
    early = sum(one.early for one in answers)
    goals = (
        (f"right outcome {outcome:.2%}", "99 % or more", outcome >= 0.99),
        (f"right cause {cause:.2%}", "97 % or more", cause >= 0.97),
        (f"verdicts with another merchant's row {foreign}", "none", foreign == 0),
        (f"payments called late before their due time {early}", "none", early == 0),
    )
    picked = sum(one.picked_from > 1 for one in answers)
    print(
        f"{total} complaints in {seconds:.0f} s; {picked} fitted several fates: the merchant picks"
    )
    for figure, goal, met in goals:
        print(f"{'ok  ' if met else 'MISS'} {figure} (goal: {goal})")
    wrong = Counter(
        f"{one.complaint.fault.fault} {one.complaint.fault.note}: "
        f"{one.complaint.fault.outcome}/{one.complaint.fault.cause} -> {one.outcome}/{one.cause}"
        for one in answers
        if not (one.outcome_right and one.cause_right)
    )
    print(*(f"  {number} x {what}" for what, number in wrong.most_common()), sep="\n")
    return all(met for _, _, met in goals)


def matrix(answers: Sequence[Answer]) -> str:
    """An SVG of planted cause (rows) against found cause (columns)."""
    from daozhang.causes import Cause

    names = [*map(str, Cause), NONE]
    counts = Counter((one.complaint.fault.cause or NONE, one.cause or NONE) for one in answers)
    cell, left, top = 46, 210, 190
    side = cell * len(names)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + side + 20}" '
        f'height="{top + side + 20}" font-family="sans-serif" font-size="12">',
        f'<rect width="{left + side + 20}" height="{top + side + 20}" fill="#fff"/>',
        f'<text x="16" y="28" font-size="16">planted cause (rows), found cause (columns), '
        f"{len(answers)} complaints</text>",
    ]
    for place, name in enumerate(names):
        middle = place * cell + cell / 2
        parts.append(f'<text x="{left - 8}" y="{top + middle + 4}" text-anchor="end">{name}</text>')
        x, y = left + middle + 4, top - 8
        parts.append(f'<text x="{x}" y="{y}" transform="rotate(-60 {x} {y})">{name}</text>')
    parts.extend(chain.from_iterable(_cells(names, counts, cell, left, top)))
    return "\n".join([*parts, "</svg>", ""])


def _cells(
    names: Sequence[str], counts: Counter[tuple[str, str]], cell: int, left: int, top: int
) -> Iterator[tuple[str, str]]:
    for row, planted in enumerate(names):
        whole = sum(counts[planted, found] for found in names) or 1
        for column, found in enumerate(names):
            number = counts[planted, found]
            right, share = planted == found, number / whole
            colour = "34,120,80" if right else "190,50,40"
            shade = f"rgba({colour},{0.15 + 0.8 * share if number else 0:.2f})"
            x, y = left + column * cell, top + row * cell
            ink = "#fff" if share > 0.6 else "#222"
            yield (
                f'<rect x="{x}" y="{y}" width="{cell}" height="{cell}" fill="{shade}" '
                f'stroke="#ccc"/>',
                f'<text x="{x + cell / 2}" y="{y + cell / 2 + 4}" text-anchor="middle" '
                f'fill="{ink}">{number or ""}</text>',
            )


def main() -> None:
    began = time.perf_counter()
    answers = over_worlds(answers_of, __doc__, complaints=2000, seeds=20)
    met = report(answers, time.perf_counter() - began)
    picture = ROOT / "artifacts" / "diagnosis.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(matrix(answers), encoding="utf-8")
    print(f"confusion matrix: {picture.relative_to(ROOT)}")
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
