"""Moments and stretches of time in folded text: days, parts of a day, the clock.

Values (LANGUAGE.md, Entities): an ISO date, a minute 'YYYY-MM-DDTHH:MM', with ':SS' where seconds
are said, or 'a/b' of them. Parts of a day are the stretches of `_SPANS`; what stays open is the
latest that is past.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from components.days import Days, find_days
from components.findings import Finding
from components.numerals import read_number

__all__ = ["read_times"]

_SPANS = {
    (0, 6): "凌晨 后半夜",
    (6, 10): "早上 早晨 清晨 清早 大清早 一大早 早 晨",
    (6, 12): "上午 头午",
    (11, 14): "中午 晌午 正午 午间",
    (12, 18): "下午 下晌 后晌 午后",
    (17, 20): "傍晚 傍黑",
    (18, 24): "晚上 晚间 夜里 夜间 晚 夜",
    (23, 29): "半夜 大半夜 深夜 午夜",
}
_PARTS = {part: hours for hours, parts in _SPANS.items() for part in parts.split()}
"""Parts of a day and their hours; above 24 the night runs on into the next day."""
_ONLY_WITH_DAY = {"早", "晨", "晚", "夜", "午间", "晚间", "夜间", "午后"}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_HOUR = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]\d|\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_ABOUT = "大概|大约|差不多|快|约"
_ROUND = r"\s?(?:左右|前后|的样子|上下)"
_TO = r"\s?(?:到|至|-|~)\s?"


def _clock_pattern(name: int) -> str:
    """15:20, 三四点, 3点半, 八点一刻, 11点多, 23点后; the groups' names end in `name`."""
    return (
        rf"(?:(?<![\d:.])(?P<h{name}>2[0-3]|1\d|0?\d):(?P<m{name}>[0-5]\d)(?::(?P<s{name}>[0-5]\d))?(?![\d:])"
        rf"|(?P<two{name}>[一二两三四五六七八九]{{2}})点(?:钟|来钟)?"
        rf"|(?<![\d.])(?P<o{name}>{_HOUR})(?:点|时(?![时候间常段限效]))"
        r"(?!\d*%)(?!的?(?:费|手续)|\d+(?:万|千|w))(?:钟|来钟|整)?"
        rf"(?:(?P<half{name}>半)|(?P<quarter{name}>[一三])刻"
        rf"|(?P<mm{name}>{_MINUTE})分?(?![块元钱笔单万千百%]))?"
        rf"(?:(?P<past{name}>多|过|出头|几分)|(?P<on{name}>之后|以后|后))?)"
    )


_CLOCKS = (
    rf"(?P<about>{_ABOUT})?(?:{_clock_pattern(1)}(?P<round>{_ROUND})?"
    rf"(?:{_TO}(?P<part2>{_PART})?{_clock_pattern(2)})?)?"
)
_AFTER_DAY = re.compile(rf"\s?(?:的|那天|当天|这天|,)?\s?(?P<part>{_PART})?(?:的|\s|,)?{_CLOCKS}")
_ALONE = re.compile(
    rf"(?<!每天)(?<!天天)(?<!每)(?<!今)(?<!昨)(?P<part>{_PART})"
    rf"(?!好|安|饭|餐|市|班|场|点(?!\d)|已|就|该|知|期|日)(?:的|\s)?{_CLOCKS}"
    rf"|(?P<about_>大概|大约|差不多)?{_clock_pattern(3)}(?P<round3>{_ROUND})?"
    rf"(?:{_TO}{_clock_pattern(4)})?"
)
_JUST_NOW = re.compile(r"刚才|刚刚(?!到账?|好)|方才|刚(?=刷|收|付|打|转|扫)|头先|适才")
_RATE_BEFORE = re.compile(r"(?:费率|扣点|手续费|利率|汇率|扣了?|涨到?|降到?)[^,。]{0,4}$")
_FILLER = re.compile(r"(?:[\s,的]|大概|大约|差不多|快|约)+$")
_BETWEEN_DAYS = re.compile(r"\s?(?:到|至|-|~|—)\s?")
_JUST_NOW_SPAN = timedelta(hours=1)


@dataclass(frozen=True)
class _Clock:
    """Minutes of the day: `low`, and `high` where it is a stretch; `approx` for 左右."""

    low: int
    high: int | None = None
    approx: bool = False
    part: str | None = None
    seconds: int | None = None

    def later(self, minutes: int) -> _Clock:
        """The same, `minutes` later: 昨天三点 is in the afternoon, when shops sell."""
        return replace(
            self,
            low=self.low + minutes,
            high=None if self.high is None else self.high + minutes,
        )


def read_times(text: str, now: datetime) -> list[Finding]:
    """The times in folded `text`, in order of appearance, counted from `now` (Shanghai)."""
    today, found = now.date(), []
    for match in _JUST_NOW.finditer(text):
        stretch = _stretch(now - _JUST_NOW_SPAN, now)
        found.append(Finding("time", stretch, match.start(), match.end()))
    dated = _joined(list(find_days(text, today)), text)
    for days in dated:
        found.append(_with_clock(text, days, now))
    taken = [(one.start, one.end) for one in found]
    for match in _ALONE.finditer(text):
        if any(low < match.end() and match.start() < high for low, high in taken):
            continue
        alone = _clock_alone(text, match, now)
        if alone is not None:
            found.append(alone)
    return sorted(found, key=lambda one: one.start)


def _joined(days: list[Days], text: str) -> list[Days]:
    """今天周日 is one day said twice; 20号到22号 is one stretch."""
    joined: list[Days] = []
    for day in days:
        last = joined[-1] if joined else None
        if last and day.start < last.end:
            continue
        if last and day.first == last.first and not text[last.end : day.start].strip(" ,("):
            joined[-1] = Days(last.first, last.last, last.start, day.end)
        elif last and _BETWEEN_DAYS.fullmatch(text, last.end, day.start):
            until = day.last + timedelta(days=7) if day.bare and day.last < last.first else day.last
            joined[-1] = Days(last.first, until, last.start, day.end)
        else:
            joined.append(day)
    return joined


def _with_clock(text: str, days: Days, now: datetime) -> Finding:
    if days.minutes is not None:
        moment = _minute(now - timedelta(minutes=days.minutes))
        return Finding("time", moment, days.start, days.end)
    if days.first == days.last:
        match = _AFTER_DAY.match(text, days.end)
        clock = _clock(match) if match else None
        if match and clock:
            if clock.part is None and 60 <= clock.low < 6 * 60 and not match["h1"]:
                clock = clock.later(12 * 60)
            end = days.end + len(_FILLER.sub("", match.group()))
            return Finding("time", _value(days.first, clock), days.start, end, clock.approx)
        return Finding("time", days.first.isoformat(), days.start, days.end)
    return Finding("time", f"{days.first}/{days.last}", days.start, days.end)


def _clock_alone(text: str, match: re.Match[str], now: datetime) -> Finding | None:
    if _RATE_BEFORE.search(text[max(0, match.start() - 8) : match.start()]):
        return None
    groups = match.groupdict()
    part = groups["part"]
    if part is None and not _sure_without_part(text, match):
        return None
    if part in _ONLY_WITH_DAY and not (groups["h1"] or groups["o1"]):
        return None
    clock = _clock(match) if part else _clock_of_groups(groups, "3", "4", None)
    if clock is None:
        return None
    end = match.start() + len(_FILLER.sub("", match.group()))
    return Finding("time", _latest(clock, now), match.start(), end, clock.approx)


def _sure_without_part(text: str, match: re.Match[str]) -> bool:
    """A bare 3点 is a time; 一点, 两点 may be a little, or two points."""
    hour = match["o3"]
    if hour is None:
        return match["h3"] is not None or match["two3"] is not None
    if match["past3"] or match["half3"] or match["quarter3"] or match["mm3"] or match["round3"]:
        return True
    if "钟" in match.group() or "整" in match.group():
        return True
    after = text[match.end() : match.end() + 2]
    if hour.isdigit() or len(hour) > 1:
        return "个" not in after[:1] and not re.match(r"几|\d", after)
    if re.match(r"[^\s,。]{1,4}就", text[match.end() :]):
        return False  # 一点收款就闪退: at a touch
    return bool(re.match(r"的|刷|收|付|到|前|后|之", after))


def _clock(match: re.Match[str]) -> _Clock | None:
    groups = match.groupdict()
    clock = _clock_of_groups(groups, "1", "2", groups["part"])
    if clock is not None:
        about = bool(groups.get("about") or groups.get("round"))
        return replace(clock, approx=clock.approx or about, part=groups["part"])
    part = groups["part"]
    if part is None:
        return None
    first, last = _PARTS[part]
    return _Clock(first * 60, last * 60, part=part)


def _clock_of_groups(
    groups: dict[str, str | None], one: str, two: str, part: str | None
) -> _Clock | None:
    low = _minutes(groups, one, part)
    if low is None:
        return None
    approx = bool(groups.get("round3") or groups.get("about_")) if one == "3" else False
    high = _minutes(groups, two, groups.get("part2") or part)
    if high is not None:
        if high <= low:
            high += 12 * 60
        return _Clock(low, high if high > low else None, approx)
    pair = groups.get(f"two{one}")
    if pair:
        last = _in_part(int(read_number(pair[1]) or 0), part) * 60
        return _Clock(low, last, approx) if last > low else None
    if groups.get(f"past{one}"):
        return _Clock(low, (low // 60 + 1) * 60 if low % 60 == 0 else low + 30, approx)
    if groups.get(f"on{one}"):
        return _Clock(low, max(low // (24 * 60) + 1, 1) * 24 * 60, approx)
    seconds = groups.get(f"s{one}")
    return _Clock(low, None, approx, seconds=None if seconds is None else int(seconds))


def _minutes(groups: dict[str, str | None], name: str, part: str | None) -> int | None:
    if groups.get(f"h{name}"):
        hour, minute = int(groups[f"h{name}"] or 0), int(groups[f"m{name}"] or 0)
        return _in_part(hour, part) * 60 + minute
    pair = groups.get(f"two{name}")
    spoken = pair[0] if pair else groups.get(f"o{name}")
    if not spoken:
        return None
    number = read_number(spoken)
    if number is None or number > 24:
        return None
    minute = 30 if groups.get(f"half{name}") else 0
    quarter, exact = groups.get(f"quarter{name}"), groups.get(f"mm{name}")
    if quarter:
        minute = 15 if quarter == "一" else 45
    elif exact:
        minute = int(read_number(exact.lstrip("零") or "零") or 0)
    return _in_part(int(number), part) * 60 + minute


def _in_part(hour: int, part: str | None) -> int:
    """The hour of 24, or above 24 where the night runs on: 晚上11点 is 23, 昨晚一点 is 25."""
    if part is None:
        return hour
    first, last = _PARTS[part]
    if last > 18:
        if hour <= 5 or hour in (12, 24):
            return hour % 12 + 24
        return hour + 12 if hour < 12 else hour
    if first >= 11 and hour < 11 and hour + 12 < 20:
        return hour + 12
    return 0 if first == 0 and hour in (12, 24) else hour


def _value(day: date, clock: _Clock) -> str:
    midnight = datetime.combine(day, time.min)
    low = midnight + timedelta(minutes=clock.low)
    if clock.high is None:
        return _moment(low, clock)
    return _stretch(low, midnight + timedelta(minutes=clock.high))


def _latest(clock: _Clock, now: datetime) -> str:
    """The latest time past that the clock shows so; without part of day, morning or afternoon."""
    local = now.replace(tzinfo=None)
    midnight = datetime.combine(local.date(), time.min)
    shifts = [0] if clock.part or clock.low >= 12 * 60 or clock.low < 60 else [0, 12 * 60]
    past = [
        start
        for back in (0, 1, 2)
        for shift in shifts
        if (start := midnight - timedelta(days=back) + timedelta(minutes=clock.low + shift))
        <= local
    ]
    start = max(past)
    if clock.high is None:
        return _moment(start, clock)
    return _stretch(start, start + timedelta(minutes=clock.high - clock.low))


def _moment(minute: datetime, clock: _Clock) -> str:
    """To the minute, or to the second if that was said."""
    if clock.seconds is None:
        return _minute(minute)
    return (minute + timedelta(seconds=clock.seconds)).isoformat()


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def _stretch(low: datetime, high: datetime) -> str:
    return f"{_minute(low)}/{_minute(high)}"
