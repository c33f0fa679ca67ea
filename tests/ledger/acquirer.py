"""An acquirer's database with its own tables, filled with a ledger of ours."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
import yaml
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from daozhang.database import Base
from daozhang.ledger.mapping import LEDGER

__all__ = ["Acquirer"]

_FILES = Path(__file__).parent / "views"
_BELOW_THE_VIEW = {
    "je_fen": ("je", "%s::numeric / 100"),
    "jysj": ("jysj", "%s::timestamptz AT TIME ZONE 'Asia/Shanghai'"),
}
"""What the view of the payments converts: the column below, and how it is written."""


class Acquirer:
    """A database with other names, in the empty schema at `url`."""

    def __init__(self, url: str, folder: Path) -> None:
        parsed = make_url(url)
        schema = str(parsed.query["options"]).partition("search_path=")[2]
        bare = parsed.difference_update_query(["options"])
        address = bare.render_as_string(hide_password=False)
        self._plain = bare.set(drivername="postgresql").render_as_string(hide_password=False)
        self._schema = schema
        text = _file("acquirer.yml").replace(":url", address).replace(":schema", schema)
        self.mapping = folder / "acquirer.yml"
        self.mapping.write_text(text, encoding="utf-8")
        self._tables: dict[str, Any] = yaml.load(text, yaml.BaseLoader)["tables"]  # noqa: S506
        self.run(_file("acquirer.sql").replace(":schema", schema))

    def run(self, statement: str) -> None:
        with psycopg.connect(self._plain) as connection:
            connection.execute(statement.encode())

    def name_of(self, table: str) -> str:
        """What the acquirer calls one of our tables."""
        return str(self._tables[table]["view"])

    def takes(self, session: Session) -> None:
        """Write every ledger row of `session` in the acquirer's names, codes and units."""
        with psycopg.connect(self._plain) as connection:
            for kind in LEDGER:
                theirs = self._tables[kind.__tablename__]
                ours = Base.metadata.tables[kind.__tablename__]
                for row in session.execute(select(ours)).mappings():
                    self._insert(connection, theirs, dict(row))

    def _insert(self, connection: Any, theirs: dict[str, Any], row: dict[str, Any]) -> None:
        cells: dict[str, tuple[str, Any]] = {}
        for column, said in theirs["columns"].items():
            name, words = (said, {}) if isinstance(said, str) else said.values()
            codes = {ours: code for code, ours in words.items()}
            value = json.dumps(row[column]) if column == "materials" else row[column]
            value = str(value) if isinstance(value, StrEnum) else value
            name, place = _BELOW_THE_VIEW.get(name, (name, "%s"))
            cells[name] = (place, codes.get(value, value))
        places, values = zip(*cells.values(), strict=True)
        table = theirs["view"].replace(".v_", ".t_")
        into = f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({', '.join(places)})"  # noqa: S608
        connection.execute(into, values)


def _file(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")
