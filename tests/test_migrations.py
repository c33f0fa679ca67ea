from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, Table, inspect, select, text
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, Promise, PromiseKind
from daozhang.cases.promises import promise
from daozhang.database import connect
from daozhang.ledger.models import Merchant
from daozhang.ledger.terms import terms_of
from daozhang.migrating import TABLES, migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "sqlite":
        return connect(f"sqlite:///{tmp_path / 'store.sqlite3'}")[0]
    return connect(request.getfixturevalue("postgres_url"))[0]


def test_the_migrations_make_what_the_models_say(empty_store: Engine) -> None:
    migrate(empty_store)
    with empty_store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, TABLES) == []
    empty_store.dispose()


def test_merchants_keep_their_terms_and_what_they_were_judged_by(empty_store: Engine) -> None:
    migrate(empty_store, "0004")
    terms = {
        "mid": "1", "name": "", "trade": "", "region": "", "opened_on": date(2024, 1, 1),
        "status": "active", "product": "S0", "cutoff": time(22, 30), "window_start": time(9),
        "window_end": time(17), "fee_per_10k": 60, "min_payout": 0, "account_bank": "",
        "account_last4": "4882", "account_class": "I", "account_state": "verified", "balance": 0,
    }  # fmt: skip
    with empty_store.begin() as connection:
        old = Table("merchants", MetaData(), autoload_with=connection)
        connection.execute(old.insert(), terms)
        terminal = {"tid": "31000001", "sn": "1", "mid": "1", "model": "", "bound": True}
        terminal |= {"sim_state": "ok", "signal": 3, "app_version": "", "latest_version": ""}
        terminal |= {"sign_state": "signed_on", "registered_area": ""}
        machines = Table("terminals", MetaData(), autoload_with=connection)
        connection.execute(machines.insert(), terminal)
    migrate(empty_store)
    with Session(empty_store) as session:
        kept = terms_of(session.get_one(Merchant, "1"))
    assert (kept.cutoff, kept.window_start, kept.window_end) == (time(22, 30), time(9), time(17))
    assert (kept.instant_from, kept.instant_until) == (time(7), time(23))
    assert kept.certain
    empty_store.dispose()


def test_a_store_with_talks_in_it_keeps_them(empty_store: Engine) -> None:
    """0007 gives conversations an address besides the merchant; messages refer to them."""
    migrate(empty_store, "0004")
    with empty_store.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO conversations (id, mid, channel, opened_at, control, version)"
                " VALUES ('c', '898', 'web', '2026-11-22 10:20:00+00:00', 'bot', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO messages (conversation_id, author, text, at)"
                " VALUES ('c', 'bot', '好', '2026-11-22 10:20:00+00:00')"
            )
        )
    migrate(empty_store)
    with empty_store.connect() as connection:
        row = connection.execute(text("SELECT mid, address, ends_at FROM conversations")).one()
        assert tuple(row) == ("898", "898", None)
        assert connection.execute(text("SELECT count(*) FROM messages")).scalar() == 1
    empty_store.dispose()


def test_cases_from_before_are_about_no_machine(empty_store: Engine) -> None:
    migrate(empty_store, "0008")
    with empty_store.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cases (id, version, conversation_id, status, opened_at, changed_at,"
                " complaint, misses, txn_ids, evidence) VALUES (1, 1, 'c', 'walking',"
                " '2026-11-22 10:20:00+00:00', '2026-11-22 10:20:00+00:00',"
                " '刷不了', 0, '[]', '[]')"
            )
        )
    migrate(empty_store)
    with Session(empty_store) as session:
        kept = session.get_one(Case, 1)
        assert (kept.complaint, kept.tid) == ("刷不了", None)
    empty_store.dispose()


def test_of_the_same_promise_twice_the_first_stands(empty_store: Engine) -> None:
    migrate(empty_store, "0009")
    with empty_store.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cases (id, version, conversation_id, status, opened_at, changed_at,"
                " complaint, misses, txn_ids, evidence) VALUES (1, 1, 'c', 'informed',"
                " '2026-11-22 10:20:00+00:00', '2026-11-22 10:20:00+00:00', '', 0, '[]', '[]')"
            )
        )
        promises = Table("promises", MetaData(), autoload_with=connection)
        made_at = datetime(2026, 11, 22, 10, 20, tzinfo=UTC)
        made = {"case_id": 1, "conversation_id": "c", "mid": "1", "kind": "arrival"}
        made |= {"finding": "before_due", "made_at": made_at}
        for ids, state in (([1, 2], "open"), ([2, 1], "open"), ([1, 2], "kept"), ([3], "open")):
            connection.execute(promises.insert(), made | {"txn_ids": ids, "state": state})
    migrate(empty_store)
    with Session(empty_store) as session:
        kept = session.scalars(select(Promise).order_by(Promise.id)).all()
        assert [one.state for one in kept] == ["open", "lapsed", "kept", "open"]
        assert {one.look_at for one in kept} == {made_at}
        case = session.get_one(Case, 1)
        case.mid, case.txn_ids = "1", [2, 1]
        assert not promise(session, case, PromiseKind.ARRIVAL, made_at)
    empty_store.dispose()


def test_migrating_again_changes_nothing(empty_store: Engine) -> None:
    migrate(empty_store)
    before = inspect(empty_store).get_table_names()
    migrate(empty_store)
    assert inspect(empty_store).get_table_names() == before
    empty_store.dispose()
