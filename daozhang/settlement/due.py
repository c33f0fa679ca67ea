"""The due-time rule (DOMAIN.md §2.3): settlement day, due day, window, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from daozhang import clock
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.products import Product
from daozhang.settlement.terms import Terms

__all__ = ["Due", "Reason", "due_for", "put_off", "taken_instantly"]

NEW_FOR = timedelta(days=90)
UNPROVEN_FOR = timedelta(days=30)
"""Merchants with fewer days on the network, or fewer of uninterrupted normal trading, get no
same-day money (银发〔2016〕261号, DOMAIN.md §2.4)."""

_ONE_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Parts of the explanation why money is due when it is, in the order they are to be told."""

    NEW_MERCHANT = "new_merchant"
    SHORT_TRADING = "short_trading"
    """The merchant has not traded without interruption for long enough."""
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
    LARGE_VALUE = "large_value"
    """So large a sum may have to wait for the large-value system; nobody can promise it."""
    CHANNEL_CLOSED = "channel_closed"
    """The payout was made while the system that carries it was closed."""
    BELOW_MINIMUM = "below_minimum"
    """Too little had come together to be paid out; it goes with a later run."""


_OF_WORKING_DAYS = (Product.T1, Product.T0)
_REFUSALS = frozenset(
    {
        Reason.NEW_MERCHANT,
        Reason.SHORT_TRADING,
        Reason.INSTANT_WINDOW_CLOSED,
        Reason.OVER_INSTANT_CAP,
    }
)
"""Why money goes with the fallback cycle."""


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
    product: Product
    cutoff: time
    """The product and the day cut by which it was worked out."""
    holiday: str | None = None
    """The festival that Reason.HOLIDAY speaks of."""
    certain: bool = True
    """False when the terms are a guess: then no part of this may be told as a promise."""
    put_off_until: datetime | None = None
    """When what put it off is over; None when nothing did."""


def due_for(
    terms: Terms,
    at: datetime,
    *,
    calendar: WorkCalendar,
    amount: int | None = None,
    taken_today: int = 0,
) -> Due:
    """When the money of a trade accepted at the aware moment `at` is due under `terms`.

    `amount` (fen) is held against the instant caps, together with `taken_today`, what was paid
    instantly earlier that day. Whatever is refused same-day money goes with the fallback cycle.
    Raises ValueError when `at` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("a due time needs an aware moment")
    local = at.astimezone(clock.SHANGHAI)
    refusal = _refusal(terms, local, amount, taken_today)
    product = terms.product if refusal is None else terms.fallback
    if product is Product.S0:
        due_at = local + terms.takes
        return Due(
            settle_day=local.date(),
            due_day=due_at.date(),
            window_start=local,
            due_at=due_at,
            provisional=False,
            reasons=(Reason.INSTANT,),
            product=terms.product,
            cutoff=terms.cutoff,
            certain=terms.certain,
        )

    reasons = [] if refusal is None else [refusal]
    settle_day = local.date()
    if terms.cutoff != time(0) and local.time() >= terms.cutoff:
        settle_day += _ONE_DAY
        reasons.append(Reason.AFTER_CUTOFF)

    after, same_day = settle_day, product in (Product.T0, Product.D0)
    if same_day:
        last_run = terms.runs[-1] if terms.runs else terms.window_end
        if local < clock.at(settle_day, last_run):
            after -= _ONE_DAY
        else:
            reasons.append(Reason.AFTER_WINDOW)
    counts_working_days = product in _OF_WORKING_DAYS
    due_day = calendar.next_working_day(after) if counts_working_days else after + _ONE_DAY
    reasons.append(_pace(settle_day, due_day, counts_working_days))

    provisional, holiday = False, None
    if counts_working_days:
        provisional, holiday, more = _look_at_days(calendar, after, due_day)
        reasons.extend(more)
    starts, ends = _window(terms, due_day, local if same_day else None)
    return Due(
        settle_day=settle_day,
        due_day=due_day,
        window_start=max(local, starts),
        due_at=ends,
        provisional=provisional,
        reasons=tuple(reasons),
        product=terms.product,
        cutoff=terms.cutoff,
        holiday=holiday,
        certain=terms.certain,
    )


def taken_instantly(amounts: Iterable[int], terms: Terms) -> int:
    """How much (fen) of the day's instant cap payments of these amounts, in order, have used."""
    taken = 0
    for amount in amounts:
        if not _over_cap(terms, amount, taken):
            taken += amount
    return taken


def put_off(
    due: Due, reason: Reason, until: datetime, terms: Terms, *, calendar: WorkCalendar
) -> Due:
    """`due`, moved for `reason` to the end of the first payout window that ends after `until`.

    It stays as it is when it is no earlier than that.
    """
    refused = not _REFUSALS.isdisjoint(due.reasons)
    works = (terms.fallback if refused else terms.product) in _OF_WORKING_DAYS
    day = clock.local_date(until)
    while clock.at(day, terms.window_end) <= until or (
        works and not calendar.working_day(day).working
    ):
        day += _ONE_DAY
    due_at = clock.at(day, terms.window_end)
    if due_at <= due.due_at:
        return due
    start = max(until, clock.at(day, terms.window_start))
    reasons = (*due.reasons, reason)
    return replace(
        due,
        due_day=day,
        window_start=start,
        due_at=due_at,
        reasons=reasons,
        put_off_until=until,
    )


def _window(terms: Terms, due_day: date, traded: datetime | None) -> tuple[datetime, datetime]:
    """From when until when money comes on its due day.

    Money of the same day, `traded` then, goes with the day's next run where there are several.
    """
    if traded is not None:
        for run in terms.runs:
            made = clock.at(due_day, run)
            if made > traded:
                return made, made + terms.takes
    return clock.at(due_day, terms.window_start), clock.at(due_day, terms.window_end)


def _refusal(terms: Terms, local: datetime, amount: int | None, taken_today: int) -> Reason | None:
    """Why same-day money is refused, or None when it is not, or was never agreed on."""
    if terms.product not in (Product.T0, Product.D0, Product.S0):
        return None
    today = local.date()
    if terms.opened_on is not None and today - terms.opened_on < NEW_FOR:
        return Reason.NEW_MERCHANT
    if terms.trading_since is not None and today - terms.trading_since < UNPROVEN_FOR:
        return Reason.SHORT_TRADING
    if terms.product is not Product.S0:
        return None
    opens, closes = terms.instant_from or time(0), terms.instant_until or time(0)
    if local.time() < opens or (closes != time(0) and local.time() >= closes):
        return Reason.INSTANT_WINDOW_CLOSED
    if amount is not None and _over_cap(terms, amount, taken_today):
        return Reason.OVER_INSTANT_CAP
    return None


def _over_cap(terms: Terms, amount: int, taken: int) -> bool:
    single, day = terms.instant_cap_single, terms.instant_cap_day
    return (single is not None and amount > single) or (day is not None and taken + amount > day)


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
