"""The mapping file: which of an acquirer's views holds what ours hold (docs/own-tables.md)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    String,
    TableClause,
    case,
    cast,
    column,
    false,
    literal,
    null,
    select,
    table,
    type_coerce,
)
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from daozhang.database import Base
from daozhang.errors import ConfigError
from daozhang.ledger.models import (
    Clearing,
    Hold,
    Incident,
    Merchant,
    Notice,
    Payout,
    SettleItem,
    Terminal,
    TerminalEvent,
    Txn,
)

__all__ = ["LEDGER", "Mapping", "read_mapping"]

_NEEDED: tuple[type[Base], ...] = (Merchant, Txn, Clearing, SettleItem, Payout, Hold)
"""Without a view for each of these, verdicts would be wrong; without the rest they know less."""
LEDGER: tuple[type[Base], ...] = (*_NEEDED, Terminal, TerminalEvent, Incident, Notice)
"""What look-ups read."""


class _Coded(BaseModel):
    """A column whose codes stand for our words."""

    model_config = ConfigDict(extra="forbid")

    column: str
    words: dict[str, str]


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")

    view: str = Field(pattern=r"^[^.]+\.[^.]+$")
    """Schema and name: a bare name could mean one of our tables."""
    columns: dict[str, str | _Coded]


class Mapping(BaseModel):
    """Where the acquirer's database is, and its view for each of our tables."""

    model_config = ConfigDict(extra="forbid")

    url: str
    tables: dict[str, _View]

    def queries(self) -> list[CTE]:
        """One query for each ledger table, named like the table, that stands in for it.

        Raises ConfigError for tables and columns that are unknown, or needed and not there.
        """
        known = [kind.__tablename__ for kind in LEDGER]
        _refuse("不认识的表", set(self.tables).difference(known))
        _refuse("缺少表", {kind.__tablename__ for kind in _NEEDED}.difference(self.tables))
        return [_stand_in(kind, self.tables.get(kind.__tablename__)) for kind in LEDGER]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises ConfigError naming the file and what is wrong in it."""
    try:
        # Every cell is text: YAML itself takes the column `no` for false, and the code 02 for 2.
        told = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
        return Mapping.model_validate(told)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"账本映射 {path} 读不了：{error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"账本映射 {path} 的 {place} 不对：{first['msg']}") from None


def _stand_in(kind: type[Base], view: _View | None) -> CTE:
    name = kind.__tablename__
    columns = Base.metadata.tables[name].columns
    if view is None:
        empty = select(*(_absent(one) for one in columns)).where(false())
        return _inlined(empty.cte(name))
    _refuse(f"{name} 里不认识的列", set(view.columns).difference(one.name for one in columns))
    needed = {one.name for one in columns if not (one.nullable or _has_plain_default(one))}
    _refuse(f"{name} 缺少列", needed.difference(view.columns))
    shown = [_shown(one, view.columns.get(one.name)) for one in columns]
    return _inlined(select(*shown).select_from(_theirs(view)).cte(name))


def _theirs(view: _View) -> TableClause:
    schema, name = view.view.split(".")
    return table(name, schema=schema)


def _shown(ours: Column[Any], theirs: str | _Coded | None) -> ColumnElement[Any]:
    if theirs is None:
        return _absent(ours)
    if isinstance(theirs, str):
        return column(theirs, ours.type).label(ours.name)
    code = column(theirs.column, String())
    translated = case(theirs.words, value=cast(code, String()), else_=cast(code, String()))
    return type_coerce(translated, ours.type).label(ours.name)


def _absent(ours: Column[Any]) -> ColumnElement[Any]:
    """What a column holds that the acquirer does not have: our default, or nothing."""
    if isinstance(ours.default, ScalarElementColumnDefault):
        return literal(ours.default.arg, ours.type).label(ours.name)
    return cast(null(), ours.type).label(ours.name)


def _has_plain_default(ours: Column[Any]) -> bool:
    return isinstance(ours.default, ScalarElementColumnDefault)


def _inlined(query: CTE) -> CTE:
    """The database looks through it, so that the indexes below the view are used."""
    return query.prefix_with("NOT MATERIALIZED")


def _refuse(what: str, names: Collection[str]) -> None:
    if names:
        raise ConfigError(f"账本映射：{what} {'、'.join(sorted(names))}（见 docs/own-tables.md）")
