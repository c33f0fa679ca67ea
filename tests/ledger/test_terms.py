"""Terms that the contract leaves open come from what is published, and carry its confidence."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from daozhang.ledger.models import Merchant
from daozhang.ledger.terms import filled_from, terms_of
from daozhang.ledger.words import Channel, Product
from daozhang.settlement.published import published

CONTRACT: dict[str, Any] = {
    "product": Product.S0,
    "cutoff": time(22),
    "window_start": time(9),
    "window_end": time(15),
    "instant_from": time(8),
    "instant_until": time(20),
    "instant_minutes": 5,
    "fallback": Product.D1,
    "opened_on": date(2024, 1, 1),
}


def a_merchant(**changes: Any) -> Merchant:
    return Merchant(mid="1", **CONTRACT | changes)


def unknown(product: Product, provider: str = "", **said: Any) -> Merchant:
    return Merchant(mid="1", product=product, provider=provider, **said)


def test_the_contract_goes_before_anything_published() -> None:
    terms = terms_of(a_merchant(provider="拉卡拉"))
    assert (terms.cutoff, terms.window_start, terms.window_end) == (time(22), time(9), time(15))
    assert (terms.instant_from, terms.instant_until) == (time(8), time(20))
    assert (terms.takes, terms.fallback) == (timedelta(minutes=5), Product.D1)
    assert terms.instant_cap_single is None
    assert terms.certain


def test_unknown_terms_are_the_providers() -> None:
    terms = terms_of(unknown(Product.D1, "拉卡拉"))
    assert (terms.cutoff, terms.window_end) == (time(23), time(16))
    assert terms.certain


def test_a_provider_without_a_row_has_those_of_the_product() -> None:
    assert terms_of(unknown(Product.T1, "收钱吧")) == terms_of(unknown(Product.T1))


@pytest.mark.parametrize(
    ("provider", "product", "certain"),
    [
        ("银联", Product.T1, True),
        ("通联", Product.T1, False),
        ("银联商务", Product.T1, False),
        ("", Product.D1, False),
        ("", Product.S0, False),
    ],
)
def test_what_is_poorly_established_is_not_certain(
    provider: str, product: Product, certain: bool
) -> None:
    assert terms_of(unknown(product, provider)).certain is certain


def test_a_gap_in_the_contract_makes_it_as_certain_as_what_fills_it() -> None:
    assert filled_from(a_merchant(instant_minutes=None)) is published("", Product.S0)
    assert not terms_of(a_merchant(instant_minutes=None)).certain
    assert terms_of(a_merchant(product=Product.T1, instant_minutes=None)).certain


@pytest.mark.parametrize(
    ("channel", "cap"), [(Channel.CARD, 5_000_000), (Channel.WECHAT, 2_000_000)]
)
def test_published_caps_differ_by_the_way_of_paying(channel: Channel, cap: int) -> None:
    assert terms_of(unknown(Product.S0, "拉卡拉"), channel).instant_cap_single == cap


@pytest.mark.parametrize("channel", set(Channel) - {Channel.CARD})
def test_wallets_cut_their_day_at_midnight(channel: Channel) -> None:
    assert terms_of(a_merchant(), channel).cutoff == time(0)
