"""The moments at which simulated merchants complain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_of_day

from daozhang.clock import SHANGHAI

__all__ = ["moments"]

CLOCKS = ("09:40", "12:10", "16:20", "17:35", "19:30", "22:15", "07:50", "03:10")
FIRST_DAY, STRIDE = date(2026, 1, 5), 17
"""Seeds are spread over the year: every weekday, and the days about the holidays."""


def moments(seeds: int) -> Iterator[tuple[int, datetime]]:
    """Each seed with the Shanghai moment at which its merchants complain."""
    for seed in range(seeds):
        day = FIRST_DAY + timedelta(days=seed * STRIDE % 350)
        clock = clock_of_day.fromisoformat(CLOCKS[seed % len(CLOCKS)])
        yield seed, datetime.combine(day, clock, SHANGHAI)
