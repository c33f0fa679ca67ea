from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from daozhang.database import connect
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


def test_migrating_again_changes_nothing(empty_store: Engine) -> None:
    migrate(empty_store)
    before = inspect(empty_store).get_table_names()
    migrate(empty_store)
    assert inspect(empty_store).get_table_names() == before
    empty_store.dispose()
