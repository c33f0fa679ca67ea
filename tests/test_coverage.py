"""Every point of the article has its place and its talks, and the page says so."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from daozhang.causes import Cause
from daozhang.settings import ROOT
from tests.article import COVERAGE, POINTS, answers_of
from tests.talks.script import TALKS, read_talk

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


def test_the_talks_of_a_point_come_to_all_of_it() -> None:
    """To every answer that it lives in, every walk, and every cause."""
    for point in POINTS:
        assert made_of(point) <= expected_in(point["shown"]), point["id"]


def made_of(point: dict[str, Any]) -> set[tuple[str, str]]:
    found = {
        ("answered", f"{intent}/{cause}" if cause else intent)
        for intent, cause, _ in answers_of(point)
    }
    rooms = {"data/playbooks": "playbook", "data/nlu": "cause"}
    for file, _ in COVERAGE["places"](point):
        if room := rooms.get(str(PurePath(file).parent)):
            found.add((room, PurePath(file).stem))
    return found


def expected_in(talks: list[str]) -> set[tuple[str, str]]:
    turns = [turn for talk in talks for turn in read_talk(TALKS / f"{talk}.yml").turns]
    return {
        (name, str(getattr(turn.expect, name)))
        for turn in turns
        for name in ("answered", "playbook", "cause")
    }


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == COVERAGE["page"]()
