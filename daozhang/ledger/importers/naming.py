"""What the name of a bill tells: whose it is, and which day it is of."""

from __future__ import annotations

import re
from datetime import date, datetime

from daozhang.errors import ImportRejected
from daozhang.ledger.importers.rows import About

__all__ = ["day_of", "mid_of"]

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{8,16}(?![0-9A-Za-z])")
_DAY = re.compile(r"(?<!\d)(20\d{6})(?!\d)")


def mid_of(about: About) -> str:
    """Whose bill it is: what a person said, else the first number in the name that is no day.

    Raises ImportRejected when neither tells.
    """
    if about.mid is not None:
        return about.mid
    for match in _NUMBER.finditer(about.name):
        if _as_day(match.group()) is None:
            return match.group()
    raise ImportRejected(
        "账单里没有写商户号；请在导入时写明（--mid），或让文件名以商户号开头，"
        "如 1900012301_资金账单.csv"
    )


def day_of(name: str) -> date | None:
    """The day in the name of a bill, YYYYMMDD; None without one."""
    return next((day for text in _DAY.findall(name) if (day := _as_day(text))), None)


def _as_day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
