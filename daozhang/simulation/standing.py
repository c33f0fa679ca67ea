"""The demo world that stands in the store: the day it was made for, and making it anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import MetaData, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from daozhang.clock import local_date
from daozhang.database import Base, Moment
from daozhang.errors import InputError
from daozhang.ledger.models import ImportedFile, Merchant
from daozhang.simulation.world import World, build_world

__all__ = ["DemoWorld", "is_stale", "renew"]


FRESH_FOR = timedelta(hours=3)
"""The world stands still at its moment: later than this, payouts that fell due would be missing."""


class DemoWorld(Base):
    """One row when the merchants in the store are simulated ones, none when they are real."""

    __tablename__ = "demo_world"

    seed: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[datetime] = mapped_column(Moment)
    """The moment that the world's rows lead up to."""


def is_stale(session: Session, now: datetime) -> bool:
    """Whether a demo world should be made: the store is empty, or the one in it does not fit `now`.

    It does not fit on another day, after FRESH_FOR, and before its own moment. A store with real
    merchants or with an imported bill is never stale.
    """
    if _holds_real_rows(session):
        return False
    standing = session.scalar(select(DemoWorld))
    if standing is None or local_date(standing.as_of) != local_date(now):
        return True
    return not standing.as_of <= now <= standing.as_of + FRESH_FOR


def renew(session: Session, tables: MetaData, *, seed: int, now: datetime) -> World:
    """Replace the demo world and the talks about it with a new one; does not commit.

    Raises InputError when the store holds anything that is not simulated.
    """
    if _holds_real_rows(session):
        raise InputError("账本里有真实的商户或账单，演示数据不会写进去；请换一个空的账本")
    for table in reversed(tables.sorted_tables):
        session.execute(delete(table))
    world = build_world(session, seed=seed, now=now)
    session.add(DemoWorld(seed=seed, as_of=now))
    return world


def _holds_real_rows(session: Session) -> bool:
    if session.scalar(select(ImportedFile.sha256).limit(1)) is not None:
        return True
    simulated = session.scalar(select(DemoWorld.seed)) is not None
    return not simulated and session.scalar(select(Merchant.mid).limit(1)) is not None
