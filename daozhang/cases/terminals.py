"""Which kind of terminal a model is: `data/facts/terminals.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml
from pydantic import TypeAdapter, ValidationError

from daozhang.errors import ConfigError
from daozhang.playbook.vocabulary import TERMINALS
from daozhang.settings import ROOT

__all__ = ["kind_of", "load_kinds"]


def kind_of(model: str) -> str:
    """One of TERMINALS by a word in the model's name; '' where no word is known."""
    name = model.casefold()
    for kind, words in load_kinds().items():
        if any(word.casefold() in name for word in words):
            return kind
    return ""


@cache
def load_kinds() -> Mapping[str, list[str]]:
    """The words by kind, in the order of the file. Raises ConfigError when it is wrong."""
    path = ROOT / "data" / "facts" / "terminals.yml"
    try:
        kinds = _TABLE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"data/facts/{path.name} 不对：{error}") from None
    if unknown := kinds.keys() - TERMINALS.keys():
        raise ConfigError(f"data/facts/{path.name} 里没有“{min(unknown)}”这种机器")
    return kinds


_TABLE = TypeAdapter(dict[str, list[str]])
