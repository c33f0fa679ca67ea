"""Which days banks work: `chinesecalendar`, with our own table on top (DOMAIN.md §2.3)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

import chinese_calendar  # type: ignore[import-untyped]

from daozhang.errors import ConfigError
from daozhang.settings import ROOT

__all__ = ["Day", "Override", "WorkCalendar"]

HOLIDAYS_FILE = ROOT / "data" / "facts" / "holidays.csv"
NOTICE = "国办发明电"
"""How the number of the State Council's yearly holiday notice begins."""

_HOLIDAYS: Mapping[date, str] = chinese_calendar.holidays
_WORKDAYS: Mapping[date, str] = chinese_calendar.workdays
_NAMES: Mapping[str, str] = {one.value: one.chinese for one in chinese_calendar.Holiday}
_KNOWN_YEARS = frozenset(day.year for day in _HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Day:
    """Whether banks work on a day. `holiday` names the festival that keeps them closed.

    `provisional` is True while the year's notice is not known to us: the day may still change.
    """

    working: bool
    provisional: bool
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """One line of the holiday table: what a law or a notice says about one day."""

    working: bool
    name: str
    source: str


class WorkCalendar:
    """Working days, 调休 included. A listed day goes before what the package says.

    A year counts as settled when the package has it or a line of it cites the State Council's
    notice (国办发明电); days of any other year follow the table and the weekend, provisionally.
    """

    def __init__(self, overrides: Mapping[date, Override]) -> None:
        self._overrides = overrides
        self._settled_years = _KNOWN_YEARS | {
            day.year for day, override in overrides.items() if override.source.startswith(NOTICE)
        }

    @classmethod
    def load(cls, path: Path = HOLIDAYS_FILE) -> Self:
        """Read the table (date, working, name, source). Raises ConfigError naming the line."""
        overrides: dict[date, Override] = {}
        try:
            with path.open(encoding="utf-8", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), start=2):
                    try:
                        day = date.fromisoformat(row["date"])
                        working = {"0": False, "1": True}[row["working"]]
                        overrides[day] = Override(working, row["name"], row["source"])
                    except (KeyError, TypeError, ValueError):
                        raise ConfigError(
                            f"{path.name} 第 {number} 行应为 date,working(0 或 1),name,source"
                        ) from None
        except OSError as error:
            raise ConfigError(f"{path.name} 读不出来：{error}") from None
        return cls(overrides)

    def working_day(self, day: date) -> Day:
        """What is known about `day`; never fails, however far ahead."""
        provisional = day.year not in self._settled_years
        if override := self._overrides.get(day):
            name = None if override.working else override.name
            return Day(override.working, provisional, name)
        if day in _WORKDAYS:
            return Day(True, provisional)
        if day in _HOLIDAYS:
            return Day(False, provisional, _NAMES[_HOLIDAYS[day]])
        return Day(day.isoweekday() <= 5, provisional)

    def next_working_day(self, after: date) -> date:
        """The first working day later than `after`."""
        day = after + timedelta(days=1)
        while not self.working_day(day).working:
            day += timedelta(days=1)
        return day
