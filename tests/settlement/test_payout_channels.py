"""When the systems that carry payouts are open, and which sums may have to wait for them."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from daozhang.clock import SHANGHAI
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import due_for
from daozhang.settlement.payout_channels import may_wait, payout_channel
from daozhang.settlement.products import Product
from daozhang.settlement.terms import Terms

CALENDAR = WorkCalendar.load()
LARGE = 60_000_000
"""More than any ceiling that is established, in fen."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def opens(key: str, text: str) -> datetime:
    channel = payout_channel(key)
    assert channel is not None
    return channel.open_from(moment(text), CALENDAR)


@pytest.mark.parametrize(
    ("handed_over", "opens_at"),
    [
        pytest.param(
            "2026-11-24 04:00", "2026-11-24 04:00", id="in the night before a working day"
        ),
        pytest.param("2026-11-24 17:14", "2026-11-24 17:14", id="just before it closes"),
        pytest.param("2026-11-24 17:15", "2026-11-24 20:30", id="closed until the evening"),
        pytest.param("2026-11-20 17:40", "2026-11-22 20:30", id="Friday evening -> Sunday evening"),
        pytest.param("2026-11-21 04:00", "2026-11-22 20:30", id="on a Saturday"),
        pytest.param("2026-11-22 21:00", "2026-11-22 21:00", id="on Sunday evening"),
        pytest.param("2026-10-02 10:00", "2026-10-07 20:30", id="in a long holiday"),
        pytest.param("2026-10-10 10:00", "2026-10-10 10:00", id="on a made-up Saturday"),
    ],
)
def test_the_large_value_system_serves_working_days_from_the_evening_before(
    handed_over: str, opens_at: str
) -> None:
    assert opens("HVPS", handed_over) == moment(opens_at)


@pytest.mark.parametrize("key", ["BEPS", "IBPS"])
def test_the_others_never_close(key: str) -> None:
    assert opens(key, "2026-10-02 10:00") == moment("2026-10-02 10:00")


def test_an_unknown_channel_has_no_hours() -> None:
    assert payout_channel("") is None


@pytest.mark.parametrize(
    ("amount", "accepted", "waits"),
    [
        pytest.param(LARGE, "2026-11-20 15:00", True, id="due on a Saturday"),
        pytest.param(LARGE, "2026-11-23 15:00", False, id="due on a working day"),
        pytest.param(40_000_000, "2026-11-20 15:00", False, id="BEPS carries it on a Saturday"),
        pytest.param(70_000_000, "2026-11-20 15:00", True, id="IBPS' ceiling is not established"),
    ],
)
def test_a_sum_that_no_open_channel_surely_takes_may_wait(
    amount: int, accepted: str, waits: bool
) -> None:
    terms = Terms(Product.D1, cutoff=time(23), window_start=time(10), window_end=time(18))
    due = due_for(terms, moment(accepted), calendar=CALENDAR)
    assert may_wait(due, amount, CALENDAR) is waits
