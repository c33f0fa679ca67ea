"""`/docs`: the API description as one plain page, readable without a script from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def get_docs(request: Request) -> HTMLResponse:
    """Every call with its fields and answers, from the same OpenAPI that `/openapi.json` gives."""
    return HTMLResponse("\n".join(_page(request.app.openapi())))


def _page(api: dict[str, Any]) -> Iterator[str]:
    title = escape(api["info"]["title"])
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title} API</title>'
    yield f"<h1>{title} API</h1><p>{escape(api['info'].get('description', ''))}</p>"
    yield '<p><a href="/openapi.json">openapi.json</a></p>'
    for path, calls in api["paths"].items():
        for method, call in calls.items():
            yield from _call(method, path, call)
    yield "<h2>Shapes</h2>"
    for name, schema in api.get("components", {}).get("schemas", {}).items():
        yield f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{_text(schema)}</p>'
        if "enum" in schema:
            yield f"<p>{escape(', '.join(map(str, schema['enum'])))}</p>"
        needed = schema.get("required", [])
        yield from _fields(
            (field, kind, field in needed) for field, kind in schema.get("properties", {}).items()
        )
    yield "</html>"


def _call(method: str, path: str, call: dict[str, Any]) -> Iterator[str]:
    yield f"<h2>{escape(method.upper())} {escape(path)}</h2><p>{_text(call)}</p>"
    yield from _fields(
        (f"{one['name']} ({one['in']})", one["schema"], one.get("required", False))
        for one in call.get("parameters", [])
    )
    for content in call.get("requestBody", {}).get("content", {}).values():
        yield f"<p>Body: {_kind(content['schema'])}</p>"
    yield "<ul>"
    for status, answer in call["responses"].items():
        kinds = [_kind(one["schema"]) for one in answer.get("content", {}).values() if one]
        about = escape(answer.get("description", ""))
        yield f"<li>{escape(status)} {about} {' '.join(kinds)}</li>"
    yield "</ul>"


def _fields(fields: Iterator[tuple[str, dict[str, Any], bool]]) -> Iterator[str]:
    yield "<ul>"
    for name, schema, needed in fields:
        optional = "" if needed else " (optional)"
        yield f"<li><code>{escape(name)}</code>{optional}: {_kind(schema)} {_text(schema)}</li>"
    yield "</ul>"


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "items" in schema:
        return f"list of {_kind(schema['items'])}"
    limits = ("enum", "pattern", "minLength", "maxLength", "minimum", "format")
    found = [f"{limit} {schema[limit]}" for limit in limits if limit in schema]
    return escape(", ".join([str(schema.get("type", "any")), *found]))


def _text(schema: dict[str, Any]) -> str:
    return escape(schema.get("description", schema.get("summary", "")))
