"""Wishes in plain words, recognised by whole sentences: `data/facts/wishes.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import yaml
from pydantic import TypeAdapter, ValidationError

from daozhang.errors import ConfigError
from daozhang.money import parse_yuan
from daozhang.settings import ROOT
from daozhang.understanding import Understanding

__all__ = ["Wish", "WishKind", "load_wishes", "wish_in"]


class WishKind(StrEnum):
    """What can be wished for; the names are those of the file."""

    SET_REMINDER = "set_reminder"
    STOP_REMINDER = "stop_reminder"
    ASK_REMINDER = "ask_reminder"
    SHOW_REMINDER = "show_reminder"
    REHEARSE = "rehearse"
    GO_ON = "go_on"


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish, and the amount in fen that it names, if it names one that can be read."""

    kind: WishKind
    amount: int | None = None


_AMOUNT = (
    r"(?P<figure>\d[\d,]*(?:\.\d{1,2})?|[零一二两三四五六七八九十百千万]+)"
    r"(?P<unit>[百千万])?(?:块钱?|元钱?)?"
)
_UNITS = {None: 1, "百": 100, "千": 1_000, "万": 10_000}
_POLITE = re.compile(
    r"^(?:你好|您好|那|请|麻烦|帮我|给我|你|您|能不能|可以|我想|我要|[,，])+"
    r"|(?:[。！？!?~,，.]|谢谢|吧|啊|哈|呗)+$"
)


def wish_in(understood: Understanding) -> Wish | None:
    """The wish that the whole message is; None when it says anything else, or was a tap."""
    if understood.choice is not None:
        return None
    said = re.sub(r"\s", "", understood.text)
    for words in (said, _POLITE.sub("", said)):
        for kind, patterns in load_wishes().items():
            for pattern in patterns:
                if found := pattern.fullmatch(words):
                    return Wish(kind, _amount(found, understood))
    return None


def _amount(found: re.Match[str], understood: Understanding) -> int | None:
    """Figures are read as they stand; a number in words is what the bot understood of it."""
    parts = found.groupdict()
    figure = parts.get("figure")
    if figure is None:
        return None
    if figure[0].isdecimal():
        return parse_yuan(figure) * _UNITS[parts["unit"]]
    entity = understood.first("amount")
    return entity.value if entity is not None and isinstance(entity.value, int) else None


@cache
def load_wishes() -> Mapping[WishKind, Sequence[re.Pattern[str]]]:
    """The patterns by kind. Raises ConfigError when the file is wrong."""
    path = ROOT / "data" / "facts" / "wishes.yml"
    try:
        table = _TABLE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        return {
            kind: [re.compile(one.replace("{amount}", _AMOUNT)) for one in patterns]
            for kind, patterns in table.items()
        }
    except (OSError, yaml.YAMLError, ValidationError, re.error) as error:
        raise ConfigError(f"data/facts/{path.name} 不对：{error}") from None


_TABLE = TypeAdapter(dict[WishKind, list[str]])
