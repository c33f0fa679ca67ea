#!/usr/bin/env python3
"""Write docs/coverage.md from data/coverage.yml: each point, where it lives, what shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "data" / "coverage.yml"
PAGE = ROOT / "docs" / "coverage.md"

_HEAD = """# What the article asks for, and where it is

Written by `python scripts/coverage.py` from `data/coverage.yml`; a test keeps both true.
Points are shown by talks ([talks.md](talks.md)): those of a point together come to every answer,
walk and cause that it lives in.

| id | 要点 | lives in | shown by |
|---|---|---|---|
"""


def points() -> list[dict[str, Any]]:
    """The points as the file has them."""
    found = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    assert isinstance(found, list)  # noqa: S101 - the file is ours
    return found


def places(point: dict[str, Any]) -> list[tuple[str, str]]:
    """Where a point lives: pairs of file and of the text that must stand in it, or ''."""
    found: list[tuple[str, str]] = []
    for one in point["lives"]:
        found.extend(one.items() if isinstance(one, dict) else [(one, "")])
    return found


def page() -> str:
    """The page as it should be."""
    lines = []
    for point in points():
        lives = "<br>".join(
            f"`{file}`" + (f"：{text}" if text else "") for file, text in places(point)
        )
        shown = "<br>".join(f"[{talk}](../tests/talks/{talk}.yml)" for talk in point["shown"])
        lines.append(f"| {point['id']} | {point['name']} | {lives} | {shown} |\n")
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
