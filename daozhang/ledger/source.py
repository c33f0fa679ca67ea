"""Where look-ups read: our own tables, or an acquirer's views. MerchantLedger serves on both."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import ORMExecuteState

from daozhang.database import Sessions, connect
from daozhang.errors import ConfigError
from daozhang.ledger.mapping import LEDGER, Mapping, read_mapping
from daozhang.settings import Settings

__all__ = ["LedgerSource", "MappedTables", "OwnTables", "open_store", "source_of"]


class LedgerSource(Protocol):
    """What look-ups in the ledger read from."""

    def serve(self, sessions: Sessions) -> None:
        """From now on these sessions read the ledger from here; all else stays in the store."""

    def close(self) -> None: ...


class OwnTables:
    """The ledger is in the store itself."""

    def serve(self, sessions: Sessions) -> None:
        """Nothing to do: the store has the tables."""

    def close(self) -> None: ...


class MappedTables:
    """The ledger is an acquirer's, in a PostgreSQL of its own, and is never written to.

    Every query on a ledger table gets the mapped views in front of it, under our names
    (`WITH txns AS (SELECT jyls AS ref_no … FROM acq.v_trade) SELECT …`), so that the same
    look-ups serve. Raises ConfigError when the views do not have what the mapping says.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._queries = mapping.queries()
        self._engine = _reader(mapping.url)
        self._check()

    def serve(self, sessions: Sessions) -> None:
        sessions.configure(binds=dict.fromkeys(LEDGER, self._engine))
        event.listen(sessions, "do_orm_execute", self._put_in_front)

    def close(self) -> None:
        self._engine.dispose()

    def _put_in_front(self, asked: ORMExecuteState) -> None:
        mapper = asked.bind_mapper
        if asked.is_select and mapper is not None and mapper.class_ in LEDGER:
            asked.statement = asked.statement.add_cte(*self._queries)  # type: ignore[attr-defined]

    def _check(self) -> None:
        try:
            with self._engine.connect() as connection:
                for query in self._queries:
                    connection.execute(select(query).limit(0))
        except DBAPIError as error:
            self.close()
            reason = str(error.orig).splitlines()[0]
            raise ConfigError(f"收单机构的账本读不了：{reason}（见 docs/own-tables.md）") from None


def source_of(path: Path | None) -> LedgerSource:
    """The source that a mapping file describes; our own tables where there is none."""
    return OwnTables() if path is None else MappedTables(read_mapping(path))


def open_store(settings: Settings) -> tuple[Engine, Sessions]:
    """Open the store, with the ledger read from where the settings say.

    Disposing of the engine closes the ledger too. Raises ConfigError as MappedTables does.
    """
    source = source_of(settings.ledger_mapping)
    engine, sessions = connect(settings.database_url)
    source.serve(sessions)
    event.listen(engine, "engine_disposed", lambda _engine: source.close())
    return engine, sessions


def _reader(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("账本映射：url 不是数据库地址") from None
    if parsed.get_backend_name() != "postgresql":
        raise ConfigError("账本映射：url 要是 PostgreSQL（postgresql+psycopg://…）")
    engine = create_engine(parsed, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    event.listen(engine, "connect", _refuse_writes)
    return engine


def _refuse_writes(connection: Any, _record: object) -> None:
    """The database itself refuses; a user with SELECT only is still the better lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    connection.commit()
