"""The due-time rule (DOMAIN.md §2.3): settlement day, due day, window, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from daozhang import clock
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.products import Product
from daozhang.settlement.terms import Terms

__all__ = ["Due", "Reason", "due_for"]

INSTANT_OPENS = time(7)
INSTANT_CLOSES = time(23)
"""Instant payouts (秒到) are made from 07:00 until before 23:00 [S22]."""
INSTANT_TAKES = timedelta(minutes=30)
"""The longest that an instant payout is said to take [S24]."""
NEW_FOR = timedelta(days=90)
"""Merchants younger than this get no same-day money (银发〔2016〕261号, DOMAIN.md §2.4).

The other half of that rule, 30 days of continuous trading, is not in the terms.
"""

_ONE_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Parts of the explanation why money is due when it is, in the order they are to be told."""

    NEW_MERCHANT = "new_merchant"
    INSTANT_WINDOW_CLOSED = "instant_window_closed"
    OVER_INSTANT_CAP = "over_instant_cap"
    AFTER_CUTOFF = "after_cutoff"
    AFTER_WINDOW = "after_window"
    """A same-day product, but the day's payout window was over."""
    INSTANT = "instant"
    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    NEXT_WORKING_DAY = "next_working_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    WORKING_WEEKEND = "working_weekend"
    """The due day is a Saturday or Sunday on which banks work (调休)."""
    PROVISIONAL_CALENDAR = "provisional_calendar"


@dataclass(frozen=True, slots=True)
class Due:
    """When money is due. It is late only after `due_at`; from `window_start` it may arrive."""

    settle_day: date
    due_day: date
    window_start: datetime
    due_at: datetime
    provisional: bool
    """The calendar of a day that counted here is not published yet; the date may still move."""
    reasons: tuple[Reason, ...]
    holiday: str | None = None
    """The festival that Reason.HOLIDAY speaks of."""


def due_for(
    terms: Terms,
    at: datetime,
    *,
    calendar: WorkCalendar,
    amount: int | None = None,
    cutoff: time | None = None,
    taken_today: int = 0,
) -> Due:
    """When the money of a trade accepted at the aware moment `at` is due under `terms`.

    `amount` (fen) is held against the instant caps, together with `taken_today`, what was paid
    instantly earlier that day. `cutoff` replaces the card cut-off of the terms, see
    WALLET_CUTOFF. Whatever is refused same-day money falls back to T+1. Raises ValueError when
    `at` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("a due time needs an aware moment")
    local = at.astimezone(clock.SHANGHAI)
    refusal = _refusal(terms, local, amount, taken_today)
    if terms.product is Product.S0 and refusal is None:
        due_at = local + INSTANT_TAKES
        return Due(local.date(), due_at.date(), local, due_at, False, (Reason.INSTANT,))

    product = terms.product if refusal is None else Product.T1
    reasons = [] if refusal is None else [refusal]
    settle_day = local.date()
    cut = terms.cutoff if cutoff is None else cutoff
    if cut != time(0) and local.time() >= cut:
        settle_day += _ONE_DAY
        reasons.append(Reason.AFTER_CUTOFF)

    after = settle_day
    if product in (Product.T0, Product.D0):
        if local < clock.at(settle_day, terms.window_end):
            after -= _ONE_DAY
        else:
            reasons.append(Reason.AFTER_WINDOW)
    counts_working_days = product in (Product.T1, Product.T0)
    due_day = calendar.next_working_day(after) if counts_working_days else after + _ONE_DAY
    reasons.append(_pace(settle_day, due_day, counts_working_days))

    provisional, holiday = False, None
    if counts_working_days:
        provisional, holiday, more = _look_at_days(calendar, after, due_day)
        reasons.extend(more)
    return Due(
        settle_day=settle_day,
        due_day=due_day,
        window_start=max(local, clock.at(due_day, terms.window_start)),
        due_at=clock.at(due_day, terms.window_end),
        provisional=provisional,
        reasons=tuple(reasons),
        holiday=holiday,
    )


def _refusal(terms: Terms, local: datetime, amount: int | None, taken_today: int) -> Reason | None:
    """Why same-day money is refused, or None when it is not, or was never agreed on."""
    if terms.product not in (Product.T0, Product.D0, Product.S0):
        return None
    if terms.opened_on is not None and local.date() - terms.opened_on < NEW_FOR:
        return Reason.NEW_MERCHANT
    if terms.product is not Product.S0:
        return None
    if not INSTANT_OPENS <= local.time() < INSTANT_CLOSES:
        return Reason.INSTANT_WINDOW_CLOSED
    single, day = terms.instant_cap_single, terms.instant_cap_day
    if amount is not None and (
        (single is not None and amount > single) or (day is not None and taken_today + amount > day)
    ):
        return Reason.OVER_INSTANT_CAP
    return None


def _pace(settle_day: date, due_day: date, counts_working_days: bool) -> Reason:
    if due_day == settle_day:
        return Reason.SAME_DAY
    return Reason.NEXT_WORKING_DAY if counts_working_days else Reason.NEXT_DAY


def _look_at_days(
    calendar: WorkCalendar, after: date, due_day: date
) -> tuple[bool, str | None, list[Reason]]:
    """What the days later than `after`, up to `due_day`, add to the explanation."""
    span = (due_day - after).days
    days = [calendar.working_day(after + _ONE_DAY * step) for step in range(1, span + 1)]
    closed = days[:-1]
    holiday = next((day.holiday for day in closed if day.holiday is not None), None)
    provisional = any(day.provisional for day in days)
    found = {
        Reason.WEEKEND: any(day.holiday is None for day in closed),
        Reason.HOLIDAY: holiday is not None,
        Reason.WORKING_WEEKEND: due_day.isoweekday() > 5,
        Reason.PROVISIONAL_CALENDAR: provisional,
    }
    return provisional, holiday, [reason for reason, holds in found.items() if holds]
