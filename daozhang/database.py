"""The store: SQLAlchemy base, column types, engine and sessions. SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from daozhang.clock import SHANGHAI

__all__ = ["Base", "Clocks", "Moment", "Sessions", "Word", "connect", "insert_into", "one_by_one"]

type Sessions = sessionmaker[Session]


class Base(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC and handed out in Asia/Shanghai."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store; make it aware")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return utc.astimezone(SHANGHAI)


class Clocks(TypeDecorator[tuple[time, ...]]):
    """Wall-clock times in order, kept as text: '10:00 14:00 18:00'."""

    impl = String(160)
    cache_ok = True

    def process_bind_param(self, value: tuple[time, ...] | None, dialect: Dialect) -> str | None:
        return " ".join(f"{one:%H:%M}" for one in sorted(value)) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[time, ...] | None:
        return tuple(sorted(time.fromisoformat(one) for one in value.split())) if value else None


class Word[E: StrEnum](TypeDecorator[E]):
    """A StrEnum kept as its text, so that the table reads well in any database tool."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        return None if value is None else self.kind(value)


def connect(url: str) -> tuple[Engine, Sessions]:
    """Open the store at `url`. SQLite gets WAL, foreign keys and a 5 s wait for its lock."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine, sessionmaker(engine, expire_on_commit=False)


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT, which SQLAlchemy has apart for each kind of store."""
    is_sqlite = session.get_bind(table).dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def one_by_one(session: Session, table: type[Base], key: str) -> None:
    """Let no other transaction pass here with the same `key` until this one ends.

    The lock is in the store that has `table`, and needs no row. SQLite refuses a transaction that
    wants to write by what another one has changed meanwhile.
    """
    if session.get_bind(table).dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtextextended(f"{table.__tablename__} {key}", 0))
        session.execute(select(lock), bind_arguments={"mapper": table})


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
