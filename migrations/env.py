"""Alembic's entry: runs migrations on the connection it is handed, or on the settings' store."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from daozhang.database import connect
from daozhang.migrating import TABLES
from daozhang.settings import load_settings


def run() -> None:
    handed: Connection | None = context.config.attributes.get("connection")
    if handed is not None:
        migrate(handed)
        return
    engine, _sessions = connect(load_settings().database_url)
    with engine.connect() as connection:
        migrate(connection)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TABLES,
        compare_type=True,
        render_item=render_plain,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


def render_plain(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the store: a migration must not change later."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


run()
