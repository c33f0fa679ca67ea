"""What staff see: the verdict in words, as JSON, and through the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daozhang.cli import app
from daozhang.diagnosis.explain import asked, claim_named, explain
from daozhang.errors import InputError
from daozhang.ledger.loading import load_world
from daozhang.ledger.lookups import TxnQuery
from tests.diagnosis.test_scenarios import FOLDER
from tests.worlds import CALENDAR, MID, moment, world

NOW = moment("2026-11-24 10:20")


def test_the_text_holds_the_words_and_the_rows() -> None:
    with world() as session:
        load_world(session, FOLDER / "06.json")
        found = explain(session, CALENDAR, NOW, MID)
    assert "P00000001" in found.text
    assert "payouts P00000001: failed" in found.text
    (verdict,) = json.loads(json.dumps(found.json, ensure_ascii=False))
    assert (verdict["outcome"], verdict["cause"]) == ("payout_failed", "bank_rules")
    assert verdict["subject"]["first_at"] == "2026-11-20T14:02:00+08:00"


def test_what_is_not_there_is_said_to_be_not_there() -> None:
    with world() as session:
        load_world(session, FOLDER / "25.json")
        found = explain(session, CALENDAR, NOW, MID, TxnQuery(ref_no="998877665544"))
    assert found.json[0]["outcome"] == "not_found"


def test_what_staff_type_becomes_a_query() -> None:
    assert asked(None, None, None, None) is None
    query = asked("112233445566", "3000.50", moment("2026-11-23 00:00"), None)
    assert query is not None
    assert (query.ref_no, query.order_no, query.amount_low) == ("112233445566", None, 300_050)
    long = asked("4200000008201712143733500001", None, None, None)
    assert long is not None
    assert (long.ref_no, long.order_no) == (None, "4200000008201712143733500001")


def test_an_unknown_cause_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="bank_outage"):
        claim_named("weather")


def test_a_world_is_loaded_and_explained_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAOZHANG_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    run = CliRunner()
    assert run.invoke(app, ["migrate"]).exit_code == 0
    assert run.invoke(app, ["ledger", "load", str(FOLDER / "06.json")]).exit_code == 0
    words = ["explain", "--merchant", MID, "--amount", "12600", "--at", "2026-11-24T10:20"]
    told = run.invoke(app, words)
    assert told.exit_code == 0, told.output
    assert "payout_failed · bank_rules · class_limit" in told.stdout
    shown = json.loads(run.invoke(app, [*words, "--json"]).stdout)
    assert shown[0]["payout"]["fail_text"] == "II类卡当日超限"
