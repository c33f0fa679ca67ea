"""How moments, days and accounts are put into Chinese, the same everywhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from daozhang.clock import SHANGHAI
from daozhang.texts import load_texts

__all__ = ["say_clock", "say_day", "say_full_date", "say_moment"]


def say_day(day: date, today: date, *, dated: bool = False) -> str:
    """今天, 昨天, 前天, 明天; within a week "11月20日(周五)"; else month and day.

    `dated` adds the date to the near ones, for days that are read again later.
    """
    words = load_texts("words")
    near = {
        today: "today",
        today - timedelta(days=1): "yesterday",
        today - timedelta(days=2): "day_before_yesterday",
        today + timedelta(days=1): "tomorrow",
    }
    if day in near:
        name = words(near[day])
        return words("date_near", near=name, month=day.month, day=day.day) if dated else name
    weekday = words(f"weekday_{day.weekday()}")
    key = "date_weekday" if abs((day - today).days) < 7 else "date"
    return words(key, month=day.month, day=day.day, weekday=weekday)


def say_full_date(day: date) -> str:
    """With the year, for what lies far away: '2026年10月29日'."""
    return load_texts("words")("date_full", year=day.year, month=day.month, day=day.day)


def say_clock(moment: datetime) -> str:
    """The wall clock in Shanghai, '15:10'."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def say_moment(moment: datetime, now: datetime, *, dated: bool = False) -> str:
    """A moment as people say it, seen from `now`: '昨天 15:10', '11月20日(周五) 23:12'.

    `dated` gives '明天(11月23日) 18:00'.
    """
    local = moment.astimezone(SHANGHAI)
    day = say_day(local.date(), now.astimezone(SHANGHAI).date(), dated=dated)
    return load_texts("words")("moment", day=day, clock=say_clock(local))
