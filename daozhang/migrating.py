"""The store's tables, all of them, and bringing a store up to them."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData

import daozhang.cases.models
import daozhang.conversations.models
import daozhang.identity
import daozhang.ledger.models
import daozhang.simulation.standing
import daozhang.simulation.truth  # noqa: F401 - importing declares the tables
from daozhang.database import Base
from daozhang.settings import ROOT

__all__ = ["TABLES", "migrate"]

TABLES: MetaData = Base.metadata


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply the migrations that the store does not have yet, up to `revision`."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
