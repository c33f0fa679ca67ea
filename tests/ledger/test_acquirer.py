"""An acquirer's own tables give the verdicts that ours give, and are never written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from daozhang.cases.models import Case
from daozhang.cli import app
from daozhang.database import Base, Sessions
from daozhang.errors import ConfigError
from daozhang.ledger.loading import load_world
from daozhang.ledger.lookups import MerchantLedger, TxnQuery
from daozhang.ledger.models import Notice, Txn
from daozhang.ledger.source import open_store, source_of
from daozhang.ledger.worldreading import read_world
from daozhang.settings import Settings
from tests.diagnosis.test_scenarios import FILES, FOLDER, answer
from tests.ledger.acquirer import Acquirer
from tests.worlds import MID, moment, world


@pytest.fixture
def acquirer(postgres_url: str, tmp_path: Path) -> Acquirer:
    return Acquirer(postgres_url, tmp_path)


@pytest.fixture
def mapped(acquirer: Acquirer, tmp_path: Path) -> Iterator[Sessions]:
    """Sessions of a store in SQLite whose ledger is the acquirer's."""
    store = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    engine, sessions = open_store(Settings(database_url=store, ledger_mapping=acquirer.mapping))
    Base.metadata.create_all(engine)
    yield sessions
    engine.dispose()


def verdicts(session: Session, path: Path) -> list[Any]:
    told = read_world(path)
    assert isinstance(told.scenario, list)
    return [answer(session, told, one) for one in told.scenario if isinstance(one, dict)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_ledgers_give_the_same_verdicts(
    acquirer: Acquirer, mapped: Sessions, path: Path
) -> None:
    with world() as ours:
        load_world(ours, path)
        acquirer.takes(ours)
        expected = verdicts(ours, path)
    with mapped() as theirs:
        assert verdicts(theirs, path) == expected


def test_cases_stay_in_the_store(acquirer: Acquirer, mapped: Sessions) -> None:
    with world() as ours:
        load_world(ours, FOLDER / "06.json")
        acquirer.takes(ours)
    with mapped.begin() as session:
        assert MerchantLedger(session, MID).merchant() is not None
        assert session.query(Case).count() == 0
        assert session.execute(text("SELECT count(*) FROM txns")).scalar() == 0


def test_nothing_is_ever_written_there(acquirer: Acquirer, mapped: Sessions) -> None:
    table = acquirer.name_of("notices")
    with mapped() as session:
        connection = session.connection(bind_arguments={"mapper": Notice})
        with pytest.raises(DBAPIError, match="read-only transaction"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    with mapped() as session:
        session.add(Notice(title="新规", effective_on=date(2026, 11, 1), text="请更新资料"))
        with pytest.raises(DBAPIError):
            session.flush()


def test_the_command_explains_and_refuses_to_fill(
    acquirer: Acquirer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world() as ours:
        load_world(ours, FOLDER / "06.json")
        acquirer.takes(ours)
    monkeypatch.setenv("DAOZHANG_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    monkeypatch.setenv("DAOZHANG_LEDGER_MAPPING", str(acquirer.mapping))
    run = CliRunner()
    words = ["explain", "--merchant", MID, "--amount", "12600", "--at", "2026-11-24T10:20"]
    told = run.invoke(app, words)
    assert "payout_failed · bank_rules · class_limit" in told.stdout
    refused = run.invoke(app, ["ledger", "load", str(FOLDER / "06.json")])
    assert isinstance(refused.exception, ConfigError)
    assert "只读" in str(refused.exception)


def test_the_indexes_below_the_views_are_used(mapped: Sessions) -> None:
    asked: list[tuple[str, Any]] = []
    with mapped() as session:
        connection = session.connection(bind_arguments={"mapper": Txn})
        connection.execute(text("SET enable_seqscan = off"))
        event.listen(connection, "before_cursor_execute", lambda *it: asked.append((it[2], it[3])))
        query = TxnQuery(amount_low=1, amount_high=1, since=moment("2026-11-23 00:00"))
        MerchantLedger(session, MID).find(query)
        statement, values = asked[0]
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
    assert "t_jiaoyi_shh_int8_timezone_idx" in plan
    assert "Seq Scan on t_jiaoyi" not in plan


def test_without_a_mapping_the_ledger_is_in_the_store(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")
    engine, sessions = open_store(settings)
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        load_world(session, FOLDER / "06.json")
    with sessions() as session:
        assert MerchantLedger(session, MID).merchant() is not None
    engine.dispose()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  holds:", "  frozen:", "不认识的表 frozen"),
        ("      net: jsje\n", "", "settle_items 缺少列 net"),
        ("net: jsje", "net: jsje\n      gross: je", "settle_items 里不认识的列 gross"),
        ("net: jsje", "net: jsjee", 'column "jsjee" does not exist'),
        ("t_dongjie", "t_nowhere", 't_nowhere" does not exist'),
        ("postgresql+psycopg:", "sqlite:", "要是 PostgreSQL"),
        ("columns: {txn_id", "colums: {txn_id", "tables.clearings.columns"),
    ],
)
def test_a_wrong_mapping_is_refused_at_start_and_says_where(
    acquirer: Acquirer, before: str, after: str, said: str
) -> None:
    path = acquirer.mapping
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(ConfigError, match=said):
        source_of(path)


def test_what_an_acquirer_does_not_have_is_nothing_or_our_default(
    acquirer: Acquirer, tmp_path: Path
) -> None:
    path = acquirer.mapping
    told = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    del told["tables"]["incidents"]
    del told["tables"]["merchants"]["columns"]["balance"]
    del told["tables"]["merchants"]["columns"]["kyc_valid_until"]
    path.write_text(yaml.safe_dump(told), "utf-8")
    with world() as ours:
        load_world(ours, FOLDER / "06.json")
        acquirer.takes(ours)
    store = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    engine, sessions = open_store(Settings(database_url=store, ledger_mapping=path))
    with sessions() as session:
        found = MerchantLedger(session, MID)
        merchant = found.merchant()
        assert merchant is not None
        assert (merchant.balance, merchant.kyc_valid_until) == (0, None)
        assert found.incidents(moment("2026-11-24 10:20")) == []
    engine.dispose()
