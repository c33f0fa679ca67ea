"""Money is fen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daozhang.errors import InputError
from daozhang.money import fee_for, format_yuan, parse_yuan


@pytest.mark.parametrize(
    ("fen", "text"),
    [(300_000, "3,000元"), (29_820, "298.20元"), (5, "0.05元"), (-50, "-0.50元"), (0, "0元")],
)
def test_amounts_read_as_people_write_them(fen: int, text: str) -> None:
    assert format_yuan(fen) == text


@given(st.integers(-(10**12), 10**12))
def test_what_is_written_can_be_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen).removesuffix("元")) == fen


@pytest.mark.parametrize("text", ["", "abc", "1.234", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="金额"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("amount", "rate", "cap", "fee"),
    [
        (300_000, 60, None, 1_800),
        (125, 40, None, 1),
        (1_000_000, 50, 2_000, 2_000),
        (0, 60, None, 0),
    ],
)
def test_fees_round_half_up_and_stop_at_their_cap(
    amount: int, rate: int, cap: int | None, fee: int
) -> None:
    assert fee_for(amount, rate, cap) == fee
