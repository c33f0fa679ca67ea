"""Tables of facts are read whole, each row with its source; a mistake is told with its line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from daozhang import tables
from daozhang.errors import ConfigError
from daozhang.settlement.payout_channels import payout_channel
from daozhang.settlement.products import Product
from daozhang.settlement.published import published
from daozhang.tables import read_facts


def rows(name: str) -> list[dict[str, str]]:
    return list(read_facts(name, dict))


@pytest.mark.parametrize("name", ["settlement_products.csv", "payout_channels.csv"])
def test_every_row_says_where_it_is_from(name: str) -> None:
    assert all(row["source"].startswith("DOMAIN.md §2") for row in rows(name))


def test_every_product_can_be_filled_and_every_row_is_found() -> None:
    assert {published("", product).product for product in Product} == set(Product)
    for row in rows("settlement_products.csv"):
        found = published(row["provider"], Product(row["product"]))
        assert (found.provider, found.source) == (row["provider"], row["source"])


def test_every_channel_is_found_by_its_key() -> None:
    assert all(payout_channel(row["channel"]) for row in rows("payout_channels.csv"))


def test_a_bad_row_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "facts"
    folder.mkdir(parents=True)
    with (folder / "clocks.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["minutes"], ["30"], ["half an hour"]])
    monkeypatch.setattr(tables, "ROOT", tmp_path)
    with pytest.raises(ConfigError, match=r"clocks\.csv 第 3 行"):
        read_facts("clocks.csv", lambda row: int(row["minutes"]))
    with pytest.raises(ConfigError, match=r"none\.csv 读不出来"):
        read_facts("none.csv", dict)
