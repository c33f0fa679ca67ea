"""Days as people name them (昨儿, 上周五, 25号, 国庆), counted from the day they speak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from components.numerals import read_number

__all__ = ["Days", "find_days"]

_HOLIDAYS = Path(__file__).resolve().parent.parent / "vocabulary" / "holidays.json"
_SMALL = r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_NAMED = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2}
_WEEKDAYS = (
    {char: day for day, char in enumerate("一二三四五六")}
    | {char: day for day, char in enumerate("123456")}
    | {"日": 6, "天": 6, "7": 6}
)
_FIXED = {
    "双11": (11, 11), "双十一": (11, 11), "双12": (12, 12), "双十二": (12, 12), "618": (6, 18),
    "圣诞": (12, 25), "平安夜": (12, 24), "情人节": (2, 14), "妇女节": (3, 8), "教师节": (9, 10),
}  # fmt: skip
_HOLIDAY_NAMES = {
    "国庆": "国庆", "十一(?=假期|长假|期间|那几天|黄金周)": "国庆",
    "春节": "春节", "过年(?=那|期间|的时候)": "春节", "元旦": "元旦", "清明": "清明",
    "五一": "五一", "劳动节": "五一", "端午": "端午", "中秋": "中秋",
}  # fmt: skip

_NOT_A_DAY = (
    r"(?!楼|桌|油|店|机|线|房|台|院|铺|柜|门|码|车|窗|位|仓|库|字|卡|商|终端|款"
    r"|内|之内|后|以内|游|元|了)"
)
_WHICH = "上+个?|这个?|本|下个?"
_WEEK = "(?:周|星期|礼拜)"
_YEAR = r"20\d\d|今|去"
_SEEN_AS_DATE = (
    r"(?=号|日|那天|当天|的(?!时候)|\s?(?:早|上午|中午|下午|晚|凌晨|刷|收|\d{1,2}:))(?:号|日)?"
)
_THOSE_DAYS = "期间|那几天|那天|当天"
_DAY = re.compile(
    "|".join(
        (
            r"(?P<named>大前|前|昨|今|明|后)(?:天|日|儿个|儿|个儿)(?!后|结算?|到账?模)(?!个(?!儿))",
            r"(?P<short>昨|今|明|前)(?=晚|夜|早|晨|上午|下午|中午|凌晨)",
            rf"(?P<ago>{_SMALL}|半)(?P<unit>天|个?小时|个?钟头|分钟|个?{_WEEK}|个月)(?:之|以)?前(?!后)",
            r"(?P<half>半)个?(?P<half_unit>小时|钟头)(?:之|以)?前",
            rf"(?P<which>{_WHICH})?{_WEEK}(?P<weekday>[一二三四五六日天1-7])(?!\d|个月|[圈次直共定般样])",
            rf"(?P<weekend_of>{_WHICH})?周末",
            rf"(?P<week>上+个?|这个?|本){_WEEK}(?![一二三四五六日天末1-7])",
            r"(?P<month_of>上个?|这个?|本)月(?:(?P<month_part>初|底|末)"
            rf"|(?P<month_day>{_SMALL})(?:[号日]{_NOT_A_DAY}))?",
            r"(?P<iso_year>20\d\d)[-/.年](?P<iso_month>\d{1,2})[-/.月](?P<iso_day>\d{1,2})[日号]?(?!\d)",
            r"(?<!\d)(?P<packed>20[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
            rf"(?<![\d.])(?:(?P<year>{_YEAR})年)?(?P<month>{_SMALL})月份?(?P<day>{_SMALL})"
            rf"(?:[号日]{_NOT_A_DAY}|(?![\d%号日]))",
            rf"(?<![\d.])(?:(?P<whole_year>{_YEAR})年)?(?P<whole_month>{_SMALL})月份",
            r"(?<![\d./-])(?P<slash_month>1[0-2]|0?[1-9])[-/.](?P<slash_day>3[01]|[12]\d|0?[1-9])"
            + _SEEN_AS_DATE,
            rf"(?<![\d.第尾a-z])(?P<only_day>{_SMALL})(?:号|(?<=\d)日){_NOT_A_DAY}",
            rf"(?P<holiday>{'|'.join(_HOLIDAY_NAMES)})节?(?:放?假期?|长假|黄金周|{_THOSE_DAYS})?",
            rf"(?<!\d)(?P<fixed>{'|'.join(_FIXED)})(?!\d|元|块)节?(?:活动|{_THOSE_DAYS})?",
        )
    )
)


@dataclass(frozen=True)
class Days:
    """The days `first` to `last` that `text[start:end]` names; `minutes` ago, if it is that fine.

    `bare` marks a weekday or day of the month that leaves its week or month open.
    """

    first: date
    last: date
    start: int
    end: int
    minutes: int | None = None
    bare: bool = False


@lru_cache(maxsize=1)
def _holidays() -> dict[str, dict[str, tuple[str, str]]]:
    loaded: dict[str, dict[str, tuple[str, str]]] = json.loads(_HOLIDAYS.read_text("utf-8"))
    return loaded


def find_days(text: str, today: date) -> Iterator[Days]:
    """The days named in folded `text`, in order. Names that leave it open mean the latest past."""
    for match in _DAY.finditer(text):
        found = _resolve(match, today)
        if found is not None:
            first, last, minutes = found
            bare = bool(match["weekday"] and not match["which"]) or bool(match["only_day"])
            yield Days(first, last, match.start(), match.end(), minutes, bare)


_Found = tuple[date, date, int | None]


def _resolve(match: re.Match[str], today: date) -> _Found | None:
    named = match["named"] or match["short"]
    if named:
        return _one(today + timedelta(days=_NAMED[named]))
    if match["ago"] or match["half"]:
        return _ago(match["ago"] or "半", match["unit"] or match["half_unit"], today)
    if match["weekday"]:
        return _weekday(match["which"], _WEEKDAYS[match["weekday"]], today)
    if match["week"] or "周末" in match.group():
        return _week(match["week"] or match["weekend_of"], "周末" in match.group(), today)
    if match["month_of"]:
        return _month(match, today)
    if match["holiday"] or match["fixed"]:
        return _holiday(match["holiday"], match["fixed"], today)
    return _dated(match, today)


def _one(day: date | None) -> _Found | None:
    return None if day is None else (day, day, None)


def _ago(count: str, unit: str, today: date) -> _Found | None:
    number = 0.5 if count == "半" else float(read_number(count) or 0)
    minutes = {"小时": 60, "钟头": 60, "分钟": 1}.get(unit.lstrip("个"))
    if minutes:
        return today, today, int(number * minutes)
    if number < 1:
        return None
    days = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}[unit.lstrip("个")]
    return _one(today - timedelta(days=int(number) * days))


def _weekday(which: str | None, weekday: int, today: date) -> _Found | None:
    monday = today - timedelta(days=today.weekday())
    if not which:
        return _one(today - timedelta(days=(today.weekday() - weekday) % 7))
    weeks = -which.count("上") + which.count("下")
    return _one(monday + timedelta(days=7 * weeks + weekday))


def _week(which: str | None, weekend: bool, today: date) -> _Found | None:
    monday = today - timedelta(days=today.weekday())
    if which:
        monday += timedelta(days=7 * (which.count("下") - which.count("上")))
    elif weekend and today.weekday() < 5:
        monday -= timedelta(days=7)
    return monday + timedelta(days=5 if weekend else 0), monday + timedelta(days=6), None


def _month(match: re.Match[str], today: date) -> _Found | None:
    """上个月, 月底, 上个月28号."""
    previous, part = match["month_of"].startswith("上"), match["month_part"]
    last = today.replace(day=1) - timedelta(days=1) if previous else _month_end(today)
    first = last.replace(day=1)
    if match["month_day"]:
        return _one(_date(first.year, first.month, _small(match["month_day"])))
    if part == "初":
        return first, first.replace(day=10), None
    return (first if part is None else last.replace(day=21)), last, None


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _holiday(name: str | None, fixed: str | None, today: date) -> _Found | None:
    if fixed:
        return _one(_latest(today, *_FIXED[fixed]))
    key = next(value for pattern, value in _HOLIDAY_NAMES.items() if pattern.startswith(name or ""))
    spans = [
        (date.fromisoformat(first), date.fromisoformat(last))
        for first, last in _holidays()[key].values()
    ]
    begun = [span for span in spans if span[0] <= today]
    return (*begun[-1], None) if begun else None


def _dated(match: re.Match[str], today: date) -> _Found | None:
    if match["iso_year"]:
        return _one(_date(int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])))
    if match["packed"]:
        packed = match["packed"]
        return _one(_date(int(packed[:4]), int(packed[4:6]), int(packed[6:])))
    if match["slash_month"]:
        return _one(_latest(today, int(match["slash_month"]), int(match["slash_day"])))
    if match["whole_month"]:
        first = _on(match["whole_year"], _small(match["whole_month"]), 1, today)
        return None if first is None else (first, _month_end(first), None)
    if match["month"]:
        return _one(_on(match["year"], _small(match["month"]), _small(match["day"]), today))
    return _one(_latest_day_of_month(today, _small(match["only_day"])))


def _small(text: str) -> int:
    return int(read_number(text) or 0)


def _on(year: str | None, month: int, day: int, today: date) -> date | None:
    if year is None:
        return _latest(today, month, day)
    number = {"今": today.year, "去": today.year - 1}.get(year) or int(year)
    return _date(number, month, day)


def _latest(today: date, month: int, day: int) -> date | None:
    found = (_date(today.year - back, month, day) for back in range(5))
    return next((one for one in found if one is not None and one <= today), None)


def _latest_day_of_month(today: date, day: int) -> date | None:
    first = today.replace(day=1)
    for _ in range(3):
        found = _date(first.year, first.month, day)
        if found is not None and found <= today:
            return found
        first = (first - timedelta(days=1)).replace(day=1)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
