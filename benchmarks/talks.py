"""How talks end: merchants with planted faults talk with the assistant, and err, and digress.

python benchmarks/talks.py [--complaints 600] [--seeds 10]

Prints a table by cause: the share that ended solved or rightly handed over, turns, steps, and how
many of the steps were useless. What ended wrong is listed below. Fails when a goal is missed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kit.moments import over_worlds

if TYPE_CHECKING:
    from daozhang.simulation.talking import Course

NONE = "none"
RIGHT, USELESS = 0.95, 0.10
"""Goals: the share of right endings, and of useless steps at most."""


def courses_of(seed: int, now: datetime, complaints: int) -> list[Course]:
    """One world of its own; every planted complaint is talked over in it."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import sessionmaker
    from sqlalchemy.pool import StaticPool

    from daozhang.database import Base
    from daozhang.settlement.calendar import WorkCalendar
    from daozhang.simulation.complaining import complaints_of
    from daozhang.simulation.proof import build_proof
    from daozhang.simulation.talking import talk_over

    calendar = WorkCalendar.load()
    # One connection for all sessions: the world is in memory.
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        build_proof(session, seed=seed, now=now, complaints=complaints, calendar=calendar)
        session.commit()
        told = complaints_of(session, seed=seed, now=now, calendar=calendar)
    courses = [talk_over(sessions, one, seed=seed, now=now, calendar=calendar) for one in told]
    engine.dispose()
    return courses


def lines(courses: Sequence[Course]) -> Iterator[str]:
    """The table, a line for each planted cause and one for all."""
    groups: dict[str, list[Course]] = defaultdict(list)
    for course in courses:
        groups[course.complaint.fault.cause or NONE].append(course)
    yield (
        f"{'planted cause':<24}{'n':>5}{'right':>8}{'solved':>8}{'promise':>8}{'told':>6}"
        f"{'person':>8}{'turns':>7}{'steps':>7}{'useless':>9}"
    )
    for name in (*sorted(groups), "all"):
        group = courses if name == "all" else groups[name]
        ends = Counter(str(course.ending) for course in group)
        steps, useless = sum(c.steps for c in group), sum(c.useless for c in group)
        yield (
            f"{name:<24}{len(group):>5}{mean(c.right for c in group):>8.1%}"
            f"{ends['solved']:>8}{ends['promised']:>8}{ends['told']:>6}{ends['person']:>8}"
            f"{mean(c.turns for c in group):>7.1f}{steps / len(group):>7.1f}"
            f"{useless / steps if steps else 0:>9.1%}"
        )


def main() -> None:
    began = time.perf_counter()
    courses = over_worlds(courses_of, __doc__, complaints=600, seeds=10)
    print(*lines(courses), sep="\n")
    wrong = Counter(
        f"{one.complaint.fault.fault} {one.complaint.fault.note}: {one.why}"
        for one in courses
        if not one.right
    )
    useless = Counter(step for one in courses for step in one.useless_steps)
    print("\nended wrong:", *(f"  {n} x {what}" for what, n in wrong.most_common()), sep="\n")
    print("\nuseless:", *(f"  {n} x {what}" for what, n in useless.most_common(15)), sep="\n")
    right = mean(course.right for course in courses)
    share = sum(c.useless for c in courses) / sum(c.steps for c in courses)
    print(f"\n{len(courses)} talks in {time.perf_counter() - began:.0f} s")
    print(f"{'ok  ' if right >= RIGHT else 'MISS'} solved or rightly handed over {right:.1%}")
    print(f"{'ok  ' if share <= USELESS else 'MISS'} useless steps {share:.1%}")
    raise SystemExit(0 if right >= RIGHT and share <= USELESS else 1)


if __name__ == "__main__":
    main()
