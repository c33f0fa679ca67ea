"""What is written in the cells of a bill, freed from what spreadsheets do to it (DOMAIN.md §7)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from daozhang.clock import SHANGHAI, at
from daozhang.errors import InputError

__all__ = [
    "as_day",
    "as_fen",
    "as_id",
    "as_moment",
    "clean",
    "column",
    "last4",
    "loose_moment",
    "maybe_id",
    "with_year",
]

_WRAPPED = re.compile(r'="([^"]*)"')
_ID = re.compile(r"[0-9A-Za-z_\-]{1,64}")
"""What a spreadsheet made '4.2E+27' of is no number any more."""
_DAY = re.compile(r"(20\d\d)[-/年]?(\d{1,2})[-/月]?(\d{1,2})日?(?: 00:00:00)?")
_TIME = re.compile(r"(\d{1,2}):?(\d\d)(?::?(\d\d))?(?:\.\d+)?")
_BRACKETS = str.maketrans("（）：", "():")
_LATE = timedelta(days=1)


def clean(text: str) -> str:
    """A cell without blanks, tabs, back-tick, apostrophe or the '="…"' that keeps it text."""
    text = text.strip(" \t\r\n`")
    if text.startswith("="):
        wrapped = _WRAPPED.fullmatch(text)
        return wrapped[1].strip() if wrapped else text
    return text.removeprefix("'")


def column(name: str) -> str:
    """The name of a column with half-width brackets and nothing around it."""
    return clean(name).translate(_BRACKETS).replace(" ", "")


def as_id(what: str, text: str, longest: int = 32) -> str:
    """An identifier as it stands. Raises InputError for what a spreadsheet has spoilt."""
    if _ID.fullmatch(text) is None:
        raise InputError(f"{what}“{text}”不对，可能被表格软件改过")
    if len(text) > longest:
        raise InputError(f"{what}“{text}”太长，最多 {longest} 位")
    return text


def maybe_id(what: str, text: str, longest: int = 32) -> str | None:
    """Like `as_id`; what is empty or '*' is None."""
    return None if text in ("", "*", "-") else as_id(what, text, longest)


def as_fen(text: str) -> int:
    """A whole number of fen. Raises InputError for anything else."""
    try:
        return int(text)
    except ValueError:
        raise InputError(f"“{text}”不是金额，应为以分为单位的整数") from None


def as_moment(text: str) -> datetime:
    """'2026-11-20 08:30:00', also with a fraction, or the 14 digits of it, as it is in Shanghai."""
    if len(text) == 14 and text.isdigit():
        text = f"{text[:8]} {text[8:]}"
    elif len(text) < 19 or text[10] != " ":
        raise _no_moment(text)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise _no_moment(text) from None


def _no_moment(text: str) -> InputError:
    return InputError(f"时间“{text}”不对，应如 2026-11-20 08:30:00")


def as_day(text: str) -> date:
    """'2026-11-20', also with slashes, as eight digits or in Chinese."""
    if match := _DAY.fullmatch(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            pass
    raise InputError(f"日期“{text}”不对，应如 2026-11-20")


def loose_moment(day: str, clock: str = "") -> datetime:
    """A moment that a spreadsheet may have rewritten; day and time apart, or both in `day`."""
    written, _, rest = day.partition(" ")
    match = _TIME.fullmatch(clock or rest)
    if match is None:
        raise _no_moment(f"{day} {clock}".strip())
    try:
        hour, minute, second = (int(part or 0) for part in match.groups())
        return at(as_day(written), time(hour, minute, second))
    except ValueError:
        raise _no_moment(f"{day} {clock}".strip()) from None


def with_year(text: str, near: date) -> datetime:
    """MMDDhhmmss in the last year that is not more than a day after `near`.

    A bill of the first of January thus puts 1231 into the old year; a day ahead is allowed, for
    the clearing house's day ends before midnight.
    """
    if len(text) != 10 or not text.isdigit():
        raise InputError(f"时间“{text}”不对，应为 MMDDhhmmss 十位数字")
    latest = at(near + _LATE, time.max)
    for year in range(latest.year, latest.year - 5, -1):
        try:
            moment = datetime.strptime(f"{year}{text}", "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
        if moment <= latest:
            return moment
    raise InputError(f"时间“{text}”不对，没有这样的日期")


def last4(text: str) -> str | None:
    """The last four digits of a card or account; more is never kept. None without them."""
    end = text.strip()[-4:]
    return end if len(end) == 4 and end.isdigit() else None
