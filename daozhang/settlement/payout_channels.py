"""The systems that carry payouts to the merchant's bank: their hours and ceilings (DOMAIN.md §2.5).

`data/facts/payout_channels.csv`. Ceilings are not established: one that is not solid never counts
as a way for a sum, and none is told to a merchant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

from daozhang import clock
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due
from daozhang.settlement.published import Confidence
from daozhang.tables import read_facts

__all__ = ["PayoutChannel", "may_wait", "payout_channel"]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PayoutChannel:
    """One row of the table. Clock times are Shanghai's, ceilings fen.

    Without hours it takes payouts round the clock. With hours it serves working days, from
    `opens`, which may be on the evening before, until `closes`.
    """

    key: str
    hours: tuple[time, time] | None
    opens_evening_before: bool
    ceiling_working: int | None
    ceiling_holiday: int | None
    ceiling_confidence: Confidence

    def open_from(self, moment: datetime, calendar: WorkCalendar) -> datetime:
        """The first moment, not before the aware `moment`, at which it takes payouts."""
        if self.hours is None:
            return moment
        opens, closes = self.hours
        day = clock.local_date(moment)
        while not calendar.working_day(day).working or moment >= clock.at(day, closes):
            day += _ONE_DAY
        eve = day - _ONE_DAY if self.opens_evening_before else day
        return max(moment, clock.at(eve, opens))

    def surely_takes(self, amount: int, *, working_day: bool) -> bool:
        """Whether it is established that it carries so much on such a day, at any hour."""
        ceiling = self.ceiling_working if working_day else self.ceiling_holiday
        fits = ceiling is not None and amount <= ceiling
        return self.hours is None and fits and self.ceiling_confidence.solid


def payout_channel(key: str) -> PayoutChannel | None:
    """The channel that a payout's `bank_channel` names, or None when the table lacks it."""
    return _channels().get(key)


def may_wait(due: Due, amount: int, calendar: WorkCalendar) -> bool:
    """Whether so large a sum may miss its window because only a closed channel surely takes it."""
    working = calendar.working_day(due.due_day).working
    channels = _channels().values()
    if any(one.surely_takes(amount, working_day=working) for one in channels):
        return False
    with_hours = [one for one in channels if one.hours is not None]
    return all(one.open_from(due.window_start, calendar) >= due.due_at for one in with_hours)


@cache
def _channels() -> dict[str, PayoutChannel]:
    return {one.key: one for one in read_facts("payout_channels.csv", _parse)}


def _parse(row: dict[str, str]) -> PayoutChannel:
    hours = None
    if row["working_days_only"] == "1":
        hours = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
    return PayoutChannel(
        key=row["channel"],
        hours=hours,
        opens_evening_before=row["opens_evening_before"] == "1",
        ceiling_working=int(row["ceiling_working"]) if row["ceiling_working"] else None,
        ceiling_holiday=int(row["ceiling_holiday"]) if row["ceiling_holiday"] else None,
        ceiling_confidence=Confidence(row["ceiling_confidence"]),
    )
