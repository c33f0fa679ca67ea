"""The one source of the present moment, and the one time zone that people see."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["SHANGHAI", "Clock", "at", "local_date"]

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """Tells the time, moved by a fixed offset.

    The offset is zero in service. Demonstrations and tests set it, so that a talk which needs a
    Sunday can be had on a Tuesday; time still runs.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """The present as an aware datetime in Asia/Shanghai."""
        return (datetime.now(UTC) + self._offset).astimezone(SHANGHAI)


def at(day: date, clock: time) -> datetime:
    """The aware moment when the wall clock in Shanghai shows `clock` on `day`."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def local_date(moment: datetime) -> date:
    """The calendar day in Shanghai on which an aware `moment` falls."""
    return moment.astimezone(SHANGHAI).date()
