"""Demo worlds at telling moments, each built once and only read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from daozhang.clock import SHANGHAI
from daozhang.database import Base, connect
from daozhang.simulation import truth
from daozhang.simulation.world import build_world

__all__ = ["SUNDAY", "empty_ledger", "moment"]

MOMENTS = {
    "a Sunday morning": "2026-11-22T10:20",
    "a Tuesday morning": "2026-11-24T10:20",
    "a Wednesday evening": "2026-11-25T19:30",
    "a Monday night": "2026-11-23T03:00",
    "the October holiday": "2026-10-05T11:00",
}
SUNDAY = MOMENTS["a Sunday morning"]
DAYS = 10


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def empty_ledger() -> Session:
    assert truth.PlantedFault.__tablename__ in Base.metadata.tables
    engine, sessions = connect("sqlite://")
    Base.metadata.create_all(engine)
    return sessions()


@pytest.fixture(scope="session", params=list(MOMENTS.values()), ids=list(MOMENTS))
def now(request: pytest.FixtureRequest) -> datetime:
    return moment(request.param)


@pytest.fixture(scope="session")
def world(now: datetime) -> Iterator[Session]:
    """All shops, ten days up to `now`."""
    with empty_ledger() as session:
        build_world(session, seed=7, now=now, days=DAYS)
        session.commit()
        yield session


@pytest.fixture
def sunday() -> Iterator[Session]:
    """A small world of the featured shops on a Sunday morning, to be changed by a test."""
    with empty_ledger() as session:
        build_world(session, seed=7, now=moment(SUNDAY), merchants=19, days=1)
        session.commit()
        yield session
