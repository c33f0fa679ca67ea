from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from daozhang.errors import ConfigError
from daozhang.settlement.calendar import Day, Override, WorkCalendar

JULY_1_2027 = date(2027, 7, 1)  # a Thursday, no festival


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 28), Day(working=True, provisional=False)),
        (date(2026, 9, 19), Day(working=False, provisional=False)),
        (date(2026, 10, 1), Day(working=False, provisional=False, holiday="国庆节")),
        (date(2026, 10, 3), Day(working=False, provisional=False, holiday="国庆节")),
        (date(2026, 10, 10), Day(working=True, provisional=False)),
    ],
    ids=["weekday", "weekend", "festival", "festival-on-a-weekend", "made-up-saturday"],
)
def test_published_year(day: date, expected: Day) -> None:
    assert WorkCalendar({}).working_day(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 1, 1), Day(working=False, provisional=True, holiday="元旦")),
        (date(2027, 7, 3), Day(working=False, provisional=True)),
        (JULY_1_2027, Day(working=True, provisional=True)),
        (date(2031, 7, 1), Day(working=True, provisional=True)),
    ],
    ids=["statutory-day", "weekend", "weekday", "far-ahead"],
)
def test_unpublished_year_is_answered_provisionally(day: date, expected: Day) -> None:
    assert WorkCalendar.load().working_day(day) == expected


def test_an_override_goes_before_the_package() -> None:
    day = date(2026, 9, 28)
    calendar = WorkCalendar({day: Override(working=False, name="台风停市", source="本地通知")})
    assert calendar.working_day(day) == Day(False, provisional=False, holiday="台风停市")


def test_a_notice_settles_its_whole_year() -> None:
    notice = Override(working=False, name="元旦", source="国办发明电〔2026〕9号")
    calendar = WorkCalendar({date(2027, 1, 1): notice})
    assert calendar.working_day(JULY_1_2027) == Day(working=True, provisional=False)


def test_next_working_day_crosses_the_long_holiday() -> None:
    assert WorkCalendar.load().next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    table = tmp_path / "holidays.csv"
    table.write_text("date,working,name,source\n2027-01-01,休,元旦,通知\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"holidays\.csv 第 2 行"):
        WorkCalendar.load(table)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="读不出来"):
        WorkCalendar.load(tmp_path / "none.csv")
