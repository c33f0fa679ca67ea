"""Every point of the article has its place and its test, and the page says so."""

from __future__ import annotations

import runpy

from daozhang.causes import Cause
from daozhang.settings import ROOT

COVERAGE = runpy.run_path(str(ROOT / "scripts" / "coverage.py"))
POINTS = COVERAGE["points"]()
IDS = [
    *(f"C{number}" for number in range(1, len(Cause) + 1)),
    *(f"F{number}" for number in range(1, 6)),
    *(f"G{number}" for number in range(1, 6)),
    *("K1", "K2", "A1", "A2", "A3", "P1", "P2", "P3", "P4"),
]


def test_no_point_is_left_out() -> None:
    assert [point["id"] for point in POINTS] == IDS


def test_every_point_is_where_the_page_says() -> None:
    for point in POINTS:
        for file, text in COVERAGE["places"](point):
            assert text in (ROOT / file).read_text(encoding="utf-8"), (point["id"], file)


def test_every_test_that_is_named_exists() -> None:
    for point in POINTS:
        file, *names = point["shown"].split("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        for name in names:
            assert f"def {name}(" in source or f"class {name}" in source, point["id"]


def test_every_point_is_shown_in_a_talk() -> None:
    talks = ("tests/cases/", "tests/talks/", "tests/e2e/")
    assert [point["id"] for point in POINTS if not point["shown"].startswith(talks)] == []


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == COVERAGE["page"]()
