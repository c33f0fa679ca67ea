"""Every diagnosis is made on both stores: on SQLite, and on PostgreSQL where there is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from daozhang.database import connect
from daozhang.migrating import migrate
from tests.conftest import empty_schema
from tests.worlds import worlds_on


@pytest.fixture(scope="session")
def postgres_tables() -> Iterator[Engine]:
    """The store's tables in a real PostgreSQL, as the migrations make them."""
    with empty_schema() as url:
        engine, _sessions = connect(url)
        migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module", autouse=True, params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the worlds of a module are made in."""
    if request.param == "sqlite":
        yield
        return
    with worlds_on(request.getfixturevalue("postgres_tables")):
        yield
