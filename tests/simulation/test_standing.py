from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from daozhang.database import Base
from daozhang.errors import InputError
from daozhang.ledger.models import Merchant, Txn
from daozhang.simulation.standing import DemoWorld, is_stale, renew
from tests.worlds import a_merchant, moment, world

MORNING = moment("2026-11-22 10:20")


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        (MORNING, False),
        (MORNING + timedelta(hours=2, minutes=59), False),
        (MORNING + timedelta(hours=4), True),
        (MORNING - timedelta(minutes=1), True),
        (moment("2026-11-23 00:10"), True),
    ],
)
def test_a_world_is_stale_when_its_moment_does_not_fit(now: datetime, stale: bool) -> None:
    with world() as session:
        session.add(DemoWorld(seed=1, as_of=MORNING))
        assert is_stale(session, now) is stale


def test_an_empty_store_wants_a_world() -> None:
    with world() as session:
        assert is_stale(session, MORNING)


def test_real_merchants_are_never_replaced() -> None:
    with world() as session:
        a_merchant(session)
        assert not is_stale(session, MORNING)
        with pytest.raises(InputError):
            renew(session, Base.metadata, seed=1, now=MORNING)


def test_a_new_world_takes_the_place_of_the_old() -> None:
    yesterday = MORNING - timedelta(days=1)
    with world() as session:
        a_merchant(session, name="昨天的店")
        session.add(DemoWorld(seed=1, as_of=yesterday))
        renew(session, Base.metadata, seed=1, now=MORNING)

        assert session.scalars(select(DemoWorld.as_of)).all() == [MORNING]
        assert "昨天的店" not in session.scalars(select(Merchant.name)).all()
        newest = session.scalar(select(Txn.local_at).order_by(Txn.local_at.desc()).limit(1))
        assert newest is not None
        assert yesterday < newest <= MORNING
