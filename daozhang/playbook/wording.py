"""Rules for the words of a playbook: length, and the places that the engine can fill."""

from __future__ import annotations

from collections.abc import Collection
from string import Formatter

from daozhang.playbook.source import Table
from daozhang.playbook.vocabulary import DETAIL, VALUES

__all__ = ["LABEL", "TEXT", "TITLE", "check_words"]

TEXT = 120
"""Characters in one bubble; 60 read better."""
LABEL = 8
TITLE = 20


def check_words(
    table: Table,
    key: str,
    text: str,
    limit: int,
    *,
    places: Collection[str] = tuple(VALUES),
    detail: bool = False,
) -> None:
    """Complain when `text` is longer than `limit` or names a place other than `places`."""
    if len(text) > limit:
        table.complain(key, f"“{key}”有{len(text)}个字，最多{limit}个，请写短些")
    known = (*places, DETAIL) if detail else places
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        table.complain(key, f"“{key}”里的花括号不成对，请检查")
        return
    for _, name, form, conversion in parts:
        if name is not None and (name not in known or form or conversion):
            choices = "、".join(f"{{{one}}}" for one in known) or "普通文字"
            table.complain(key, f"“{key}”里的 {{{name}}} 填不出来，只能用：{choices}")
