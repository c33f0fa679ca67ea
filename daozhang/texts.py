"""Texts that merchants see: `data/texts/<area>.yml`, a flat table from key to template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml

from daozhang.errors import ConfigError
from daozhang.settings import ROOT

__all__ = ["Texts", "load_texts"]


class Texts:
    """One area's templates. `texts("key", amount="3元")` fills the named places."""

    def __init__(self, area: str, templates: Mapping[str, str]) -> None:
        self._area = area
        self._templates = templates

    def __call__(self, key: str, **values: object) -> str:
        """The text for `key`. Raises ConfigError when the key or one of its places is missing."""
        try:
            return self._templates[key].format_map(values).strip()
        except KeyError as missing:
            raise ConfigError(f"data/texts/{self._area}.yml: {key} 缺少 {missing}") from None

    def __contains__(self, key: str) -> bool:
        return key in self._templates


@cache
def load_texts(area: str) -> Texts:
    """Read `data/texts/<area>.yml`. Raises ConfigError when it is no flat table of texts."""
    path = ROOT / "data" / "texts" / f"{area}.yml"
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} 读不出来：{error}") from None
    if not isinstance(table, dict) or not all(isinstance(one, str) for one in table.values()):
        raise ConfigError(f"{path.name} 应是“键: 文字”的表")
    return Texts(area, table)
