"""What spreadsheets do to cells, and how it is undone or refused (DOMAIN.md §7)."""

from __future__ import annotations

from datetime import date

import pytest

from daozhang.errors import InputError
from daozhang.ledger.importers import cells
from daozhang.ledger.importers.banks import short_name
from daozhang.ledger.importers.naming import day_of, mid_of
from daozhang.ledger.importers.rows import About
from daozhang.ledger.importers.tables import cells_of
from tests.worlds import moment


@pytest.mark.parametrize("text", ['="000123"', "'000123", "`000123", "\t000123 ", "000123"])
def test_text_stays_text(text: str) -> None:
    assert cells.clean(text) == "000123"


def test_a_quoted_formula_is_one_cell() -> None:
    assert cells_of('"=""000123""","1,234.50",x') == ["000123", "1,234.50", "x"]


@pytest.mark.parametrize("text", ["1.23E+27", "4.2e+27", "12.5", "", "1 2", "号1", "1" * 65])
def test_spoilt_numbers_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="参考号"):
        cells.as_id("参考号", text)


def test_brackets_of_both_widths_name_one_column() -> None:
    assert cells.column("收支金额（元）") == cells.column("`收支金额(元)\t") == "收支金额(元)"


@pytest.mark.parametrize(
    ("text", "near", "meant"),
    [
        ("1231235959", date(2027, 1, 1), "2026-12-31 23:59:59"),
        ("0101000001", date(2027, 1, 1), "2027-01-01 00:00:01"),
        ("0101000001", date(2026, 12, 31), "2027-01-01 00:00:01"),
        ("1120120000", date(2026, 11, 20), "2026-11-20 12:00:00"),
        ("1122120000", date(2026, 11, 20), "2025-11-22 12:00:00"),
        ("0229120000", date(2027, 1, 5), "2024-02-29 12:00:00"),
    ],
)
def test_a_day_without_year_is_the_last_one_before(text: str, near: date, meant: str) -> None:
    assert cells.with_year(text, near) == moment(meant)


@pytest.mark.parametrize("text", ["1332120000", "112012", "", "11201200xx"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        cells.with_year(text, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2026-11-20", "08:30:00"),
        ("2026/11/20", "8:30"),
        ("20261120", "083000"),
        ("2026年11月20日", "08:30:00"),
        ("2026-11-20 08:30:00", ""),
        ("2026/11/20 8:30", ""),
    ],
)
def test_moments_in_every_shape(day: str, clock: str) -> None:
    assert cells.loose_moment(day, clock) == moment("2026-11-20 08:30:00")


@pytest.mark.parametrize("text", ["2026-11-20 08:30:00", "2026-11-20 08:30:00.0", "20261120083000"])
def test_moments_of_bills(text: str) -> None:
    assert cells.as_moment(text) == moment("2026-11-20 08:30:00")


@pytest.mark.parametrize(
    "text", ["2026-11-20", "2026-13-20 08:30:00", "46346.35", "2026-02-30 8:30"]
)
def test_no_moments(text: str) -> None:
    with pytest.raises(InputError):
        cells.loose_moment(text)


def test_four_digits_of_an_account_and_no_more() -> None:
    assert cells.last4("621226*********4882") == "4882"
    assert cells.last4("*雪真") is None


@pytest.mark.parametrize(
    ("branch", "name"),
    [
        ("中国建设银行股份有限公司深圳布吉支行", "建设银行"),
        ("中国银行股份有限公司上海分行", "中国银行"),
        ("招商银行", "招商银行"),
        ("", None),
    ],
)
def test_a_branch_is_called_by_its_bank(branch: str, name: str | None) -> None:
    assert short_name(branch) == name


def test_a_name_tells_whose_bill_it_is_and_of_which_day() -> None:
    about = About("20261120_1900012301_资金账单.csv", date(2026, 11, 21))
    assert mid_of(about) == "1900012301"
    assert day_of(about.name) == date(2026, 11, 20)
