"""Worlds written by hand: short to write, checked to the field, stored whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daozhang.errors import InputError
from daozhang.ledger import worldfile
from daozhang.ledger.loading import load_world
from daozhang.ledger.models import Hold, Merchant, Payout, Txn
from daozhang.ledger.words import ItemState, PayoutState, ReconState
from daozhang.settings import ROOT
from tests.worlds import moment, world

SALE = {"key": "a", "amount": 300_000, "local_at": "2026-11-23T15:10", "settle": True}


@pytest.fixture
def session() -> Iterator[Session]:
    with world() as session:
        yield session


def load(session: Session, folder: Path, **rows: object) -> dict[str, int]:
    path = folder / "town.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return dict(load_world(session, path).txn_ids)


def test_a_sale_alone_gets_merchant_clearing_and_item(session: Session, tmp_path: Path) -> None:
    ids = load(session, tmp_path, txns=[SALE])
    txn = session.get_one(Txn, ids["a"])
    assert txn.clearing is not None
    assert txn.clearing.recon_state is ReconState.MATCHED
    assert txn.item is not None
    assert (txn.item.fee, txn.item.net) == (1_800, 298_200)
    assert txn.item.due_at == moment("2026-11-24 18:00")
    assert (txn.response_code, txn.local_at) == ("00", moment("2026-11-23 15:10"))


def test_clearing_is_not_computed_beyond_now(session: Session, tmp_path: Path) -> None:
    ids = load(session, tmp_path, now="2026-11-23T16:00", txns=[SALE])
    assert session.get_one(Txn, ids["a"]).clearing is None


def test_a_payout_sums_what_it_carries(session: Session, tmp_path: Path) -> None:
    refund = {
        "key": "b",
        "kind": "refund",
        "amount": 48_000,
        "local_at": "2026-11-23T16:00",
        "original": "a",
        "settle": True,
    }
    ids = load(
        session,
        tmp_path,
        txns=[SALE, refund],
        payouts=[{"carries": ["a", "b"], "state": "credited", "result_at": "2026-11-24T08:32"}],
    )
    payout = session.scalars(select(Payout)).one()
    assert payout.plan_amount == payout.real_amount == 298_200 - 48_000
    assert payout.state is PayoutState.CREDITED
    assert payout.credited_at == moment("2026-11-24 08:32")
    item = session.get_one(Txn, ids["a"]).item
    assert item is not None
    assert (item.payout_no, item.state) == (payout.no, ItemState.PAID)


def test_a_hold_stops_the_item_of_its_payment(session: Session, tmp_path: Path) -> None:
    hold = {"txn": "a", "kind": "document_request", "since": "2026-11-23T16:00"}
    ids = load(session, tmp_path, txns=[SALE], holds=[hold])
    item = session.get_one(Txn, ids["a"]).item
    assert item is not None
    assert item.hold_id == session.scalars(select(Hold.id)).one()
    assert item.state is ItemState.HELD


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"txns": [{"local_at": "2026-11-23"}]}, r"town\.json 的 txns\[0\]\.amount：缺少"),
        ({"txns": [{**SALE, "amount": "3000"}]}, r"txns\[0\]\.amount：应为整数"),
        ({"txns": [{**SALE, "local_at": "昨天"}]}, r"txns\[0\]\.local_at：应为时间"),
        ({"txns": [{**SALE, "state": "ok"}]}, r"txns\[0\]\.state：只能是 approved, declined"),
        ({"txns": [{**SALE, "sum": 1}]}, r"txns\[0\]\.sum：没有这一项"),
        ({"txns": [{**SALE, "original": "x"}]}, r"town\.json 的 txns\[0\]\.original.*“x”"),
        ({"payouts": [{"state": "paying", "carries": ["a"]}]}, r"payouts\[0\]\.carries.*“a”"),
        ({"merchants": [{"mid": "1"}, {"mid": "2"}], "txns": [SALE]}, r"txns\[0\]\.mid：有 2 个"),
        ({"terminal_events": [{"at": "2026-11-23T10:00", "kind": "tamper"}]}, r"\.tid：有 0 个"),
    ],
)
def test_a_mistake_is_named_by_its_place_and_nothing_is_stored(
    session: Session, tmp_path: Path, rows: dict[str, object], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        load(session, tmp_path, **rows)
    assert session.scalar(select(func.count()).select_from(Merchant)) == 0


def test_a_file_that_is_no_json_is_told(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "town.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"town\.json 的 开头：不是合法的 JSON"):
        load_world(session, path)


def test_the_same_merchant_is_not_stored_twice(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, txns=[SALE])
    with pytest.raises(InputError, match="已经有"):
        load(session, tmp_path, txns=[SALE])


def test_the_page_about_worlds_names_every_field() -> None:
    page = (ROOT / "docs" / "worlds.md").read_text(encoding="utf-8")
    models = [one for one in vars(worldfile).values() if isinstance(one, type)]
    for model in models:
        if issubclass(model, BaseModel):
            for field in model.model_fields:
                assert f"`{field}`" in page, f"{model.__name__}.{field}"


def test_the_example_on_the_page_loads(session: Session, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "worlds.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    path = tmp_path / "example.json"
    path.write_text(example, encoding="utf-8")
    assert load_world(session, path).rows == {
        "merchants": 1,
        "terminals": 1,
        "txns": 1,
        "payouts": 1,
    }
