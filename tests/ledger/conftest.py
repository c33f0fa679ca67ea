"""What the tests of the importers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from daozhang.clock import Clock
from daozhang.database import Base, Sessions, connect
from daozhang.ledger.importers import ImportReport, import_file
from tests.worlds import moment


class StoppedClock(Clock):
    """Always shows the moment of the import."""

    def now(self) -> datetime:
        return moment("2026-12-01 09:00")


Take = Callable[..., ImportReport]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Sessions]:
    """An empty ledger with every table."""
    engine, sessions = connect(f"sqlite:///{tmp_path / 'store' / 'ledger.sqlite3'}")
    Base.metadata.create_all(engine)
    yield sessions
    engine.dispose()


@pytest.fixture
def take(ledger: Sessions) -> Take:
    """Imports a file, whose format is recognised."""

    def take(path: Path, **options: str) -> ImportReport:
        return import_file(
            ledger, path, fmt=options.get("fmt"), clock=StoppedClock(), mid=options.get("mid")
        )

    return take
