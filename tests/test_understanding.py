"""Entity values become ranges, and Rasa's message becomes one typed thing."""

from __future__ import annotations

import pytest

from daozhang.understanding import AmountRange, TimeRange, Understanding
from tests.worlds import moment


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2026-11-21", "2026-11-21 00:00", "2026-11-22 00:00"),
        ("2026-10-01/2026-10-07", "2026-10-01 00:00", "2026-10-08 00:00"),
        ("2026-11-20T23:00/2026-11-21T00:00", "2026-11-20 23:00", "2026-11-21 00:00"),
        ("2026-11-21T15:10", "2026-11-21 14:40", "2026-11-21 15:40"),
    ],
)
def test_times_become_stretches(value: str, since: str, until: str) -> None:
    assert TimeRange.from_value(value) == TimeRange(moment(since), moment(until))


@pytest.mark.parametrize(
    ("value", "approx", "low", "high"),
    [
        (300_000, False, 300_000, 300_000),
        (300_000, True, 270_000, 330_000),
        ("150000/160000", True, 150_000, 160_000),
    ],
)
def test_amounts_become_ranges(value: str | int, approx: bool, low: int, high: int) -> None:
    assert AmountRange.from_value(value, approx=approx) == AmountRange(low, high)


def test_a_message_without_an_intent_is_not_understood() -> None:
    understood = Understanding.from_latest_message({"text": "?", "intent": {"name": None}})
    assert (understood.intent, understood.confidence) == ("nlu_fallback", 0.0)


def test_a_tapped_button_travels_in_the_metadata() -> None:
    message = {"text": "做好了", "intent": {"name": "affirm"}, "metadata": {"choice": "step:done"}}
    assert Understanding.from_latest_message(message).choice == "step:done"
