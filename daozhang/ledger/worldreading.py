"""Reading a world from its file: one line in Chinese, with the place, for the first mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from daozhang.errors import InputError
from daozhang.ledger.worldfile import World

__all__ = ["read_world"]


def read_world(path: Path) -> World:
    """Read and check a file. Raises InputError: one line with the place of the first mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} 读不出来：{error}") from None
    try:
        return World.model_validate_json(text)
    except ValidationError as error:
        first, *others = error.errors()
        more = f"（另有 {len(others)} 处）" if others else ""
        raise InputError(
            f"{path.name} 的 {_place(first['loc'])}：{_complaint(first)}{more}"
        ) from None


def _place(loc: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(parts).lstrip(".") or "开头"


def _complaint(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "缺少这一项"
    if kind == "extra_forbidden":
        return "没有这一项，请对照 docs/worlds.md"
    if kind == "enum":
        return f"只能是 {_expected(context)}"
    if kind == "json_invalid":
        return f"不是合法的 JSON（{context.get('error', '')}）"
    return next((text for part, text in _COMPLAINTS.items() if part in kind), error["msg"])


def _expected(context: dict[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")


_COMPLAINTS = {
    "datetime": "应为时间，如 2026-11-21T15:10",
    "date": "应为日期，如 2026-11-21",
    "time": "应为钟点，如 23:00",
    "int": "应为整数，金额以分为单位",
    "greater": "数值太小",
    "less": "数值太大",
    "pattern": "应为 4 位数字",
    "string": "应为文字",
    "bool": "应为 true 或 false",
    "tuple": "应为列表",
    "model": "应为一组“键: 值”",
    "too_short": "至少要有一项",
}
