from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daozhang.channels.tokens import read_token
from daozhang.ledger.words import SimState, TxnState
from daozhang.simulation.town import load_featured
from daozhang.simulation.truth import PlantedFault
from tests.channels.kit import KEY, Door, door
from tests.worlds import MID, a_merchant, a_sale, a_terminal


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    async with door(tmp_path, demo=True) as opened:
        yield opened


async def test_the_page_is_served_at_the_root(at: Door) -> None:
    page = await at.client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "/static/demo/demo.js" in page.text


async def test_featured_merchants_come_first_with_their_questions(at: Door) -> None:
    featured = load_featured()[0].mid
    with at.sessions.begin() as session:
        merchant = a_merchant(session, featured, name="晨光小吃店")
        a_terminal(session, "31000002", featured)
        txn = a_sale(session, merchant, 300000, "2026-11-21 15:10")
        session.add(
            PlantedFault(
                mid=featured,
                txn_id=txn.id,
                fault="not_yet_due",
                outcome="before_due",
                amount=300000,
                complaint="",
            )
        )
    first, second = (await at.client.get("/demo/merchants")).json()
    assert (first["mid"], second["mid"]) == (featured, MID)
    assert first["terminals"] == [{"tid": "31000002", "model": "A90"}]
    assert first["questions"]
    assert second["questions"] == []


async def test_a_token_is_given_for_merchants_of_the_town_only(at: Door) -> None:
    answer = await at.client.post("/demo/token", json={"mid": MID})
    assert read_token(KEY, answer.json()["token"]).mid == MID
    assert (await at.client.post("/demo/token", json={"mid": "nobody"})).status_code == 404


async def test_pressing_keys_at_a_terminal_changes_the_ledger(at: Door) -> None:
    with at.sessions.begin() as session:
        merchant = a_merchant(session, "898310058120002")
        terminal = a_terminal(session, "31000002", merchant.mid)
        terminal.sim_state = SimState.OK
        txn = a_sale(
            session,
            merchant,
            26800,
            "2026-11-21 15:10",
            tid="31000002",
            state=TxnState.REVERSAL_PENDING,
        )
    seen = (await at.client.get("/demo/terminals/31000002")).json()
    assert set(seen) == {"tid", "signal", "online", "signed_on", "screen"}
    path = "/demo/terminals/31000002/actions"
    after = (await at.client.post(path, json={"action": "balance_inquiry"})).json()
    assert "268元" in after["screen"]
    with at.sessions() as session:
        assert session.get_one(type(txn), txn.id).state is TxnState.REVERSED


async def test_an_unknown_terminal_or_key_is_refused(at: Door) -> None:
    assert (await at.client.get("/demo/terminals/0")).status_code == 404
    for tid, action, status in (("0", "restart", 404), ("31000001", "explode", 422)):
        path = f"/demo/terminals/{tid}/actions"
        assert (await at.client.post(path, json={"action": action})).status_code == status


@pytest.mark.parametrize("path", ["/", "/demo/merchants", "/demo/terminals/31000001"])
async def test_in_service_there_is_no_demo(tmp_path: Path, path: str) -> None:
    async with door(tmp_path) as at:
        assert (await at.client.get(path)).status_code == 404
        assert (await at.client.post("/demo/token", json={"mid": MID})).status_code == 404
