"""The moments at which simulated merchants complain, and the worlds of those moments in turn."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_of_day

from daozhang.clock import SHANGHAI

__all__ = ["over_worlds"]

CLOCKS = ("09:40", "12:10", "16:20", "17:35", "19:30", "22:15", "07:50", "03:10")
FIRST_DAY, STRIDE = date(2026, 1, 5), 17
"""Seeds are spread over the year: every weekday, and the days about the holidays."""


def moments(seeds: int) -> Iterator[tuple[int, datetime]]:
    """Each seed with the Shanghai moment at which its merchants complain."""
    for seed in range(seeds):
        day = FIRST_DAY + timedelta(days=seed * STRIDE % 350)
        clock = clock_of_day.fromisoformat(CLOCKS[seed % len(CLOCKS)])
        yield seed, datetime.combine(day, clock, SHANGHAI)


def over_worlds[Found](
    find: Callable[[int, datetime, int], list[Found]],
    about: str | None,
    *,
    complaints: int,
    seeds: int,
) -> list[Found]:
    """What `find` finds for each seed, its moment, and its share of the complaints.

    The command line may ask for other numbers than the two given; `about` is its help.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--complaints", type=int, default=complaints)
    parser.add_argument("--seeds", type=int, default=seeds)
    options = parser.parse_args()
    found: list[Found] = []
    for seed, now in moments(options.seeds):
        found += find(seed, now, options.complaints // options.seeds)
        print(f"\r{len(found)} / {options.complaints}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found
