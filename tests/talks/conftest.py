"""An empty store for every talk, copied rather than made anew."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

import pytest

from daozhang.database import Base, connect


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("talks") / "empty.sqlite3"
    engine, _ = connect(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Path:
    """A SQLite file of the test's own, with all tables and nothing in them."""
    return Path(copyfile(empty_store, tmp_path / "store.sqlite3"))
