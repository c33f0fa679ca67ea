"""What verbs of several groups need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from daozhang.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from daozhang.database import Sessions
    from daozhang.settings import Settings

Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], help="当作现在的时刻（上海）"),
]


@contextmanager
def store(*, fill: bool = False) -> Iterator[tuple[Settings, Engine, Sessions]]:
    """The store; with `fill` to put rows into the ledger, which only works where it is ours."""
    from sqlalchemy.exc import DBAPIError

    from daozhang.ledger.source import open_store
    from daozhang.settings import load_settings

    settings = load_settings()
    if fill and settings.ledger_mapping is not None:
        raise ConfigError("账本在收单机构的库里，只读（DAOZHANG_LEDGER_MAPPING），不能写入")
    engine, sessions = open_store(settings)
    try:
        yield settings, engine, sessions
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise ConfigError(f"账本用不了：{reason}；请检查 DAOZHANG_DATABASE_URL") from None
    finally:
        engine.dispose()
