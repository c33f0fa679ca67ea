"""Refusals in one shape, for every address and every status: `{"error": {"code", "message"}}`.

The message is Chinese, from `data/texts/gateway.yml`, and may be shown. What went wrong inside is
logged and never sent.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from daozhang.channels.guards import SECURITY_HEADERS
from daozhang.errors import NotAuthorised
from daozhang.texts import load_texts

__all__ = ["Problem", "ProblemBody", "describe", "handle_problems", "refusal"]

_LOG = logging.getLogger(__name__)


class Problem(StrEnum):
    """Every code that a client can meet."""

    BAD_REQUEST = "bad_request"
    NOT_AUTHORISED = "not_authorised"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    INVALID = "invalid"
    TOO_MANY = "too_many"
    TOO_MANY_CODES = "too_many_codes"
    INTERNAL = "internal"
    NOT_READY = "not_ready"

    @property
    def status(self) -> int:
        return _STATUS[self]


_STATUS: Mapping[Problem, int] = {
    Problem.BAD_REQUEST: 400,
    Problem.NOT_AUTHORISED: 401,
    Problem.REFUSED: 403,
    Problem.NOT_FOUND: 404,
    Problem.METHOD_NOT_ALLOWED: 405,
    Problem.TOO_LARGE: 413,
    Problem.EMPTY: 422,
    Problem.TOO_LONG: 422,
    Problem.INVALID: 422,
    Problem.TOO_MANY_CODES: 429,
    Problem.TOO_MANY: 429,
    Problem.INTERNAL: 500,
    Problem.NOT_READY: 503,
}
_BY_STATUS = {status: problem for problem, status in _STATUS.items()}
_BY_FIELD = {
    ("text", "string_too_long"): Problem.TOO_LONG,
    ("text", "string_too_short"): Problem.EMPTY,
}


class ProblemDetail(BaseModel):
    code: Problem
    message: str


class ProblemBody(BaseModel):
    """Why a call was refused."""

    error: ProblemDetail


def refusal(problem: Problem, headers: Mapping[str, str] | None = None) -> HTTPException:
    """The exception to raise in a route."""
    return HTTPException(problem.status, problem.value, dict(headers or {}))


def describe(*problems: Problem) -> dict[int | str, dict[str, object]]:
    """The refusals of a route, for the API description."""
    codes: dict[int, list[str]] = {}
    for problem in problems:
        codes.setdefault(problem.status, []).append(problem.value)
    return {
        status: {"model": ProblemBody, "description": ", ".join(names)}
        for status, names in codes.items()
    }


def handle_problems(app: FastAPI) -> None:
    """Make every failure of `app` answer in the one shape."""

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        known = error.detail in set(Problem)
        problem = Problem(error.detail) if known else _BY_STATUS.get(error.status_code)
        return _answer(problem or Problem.BAD_REQUEST, error.status_code, error.headers)

    @app.exception_handler(RequestValidationError)
    async def unfit(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return _answer(Problem.BAD_REQUEST)
        field = str(first["loc"][-1]) if first["loc"] else ""
        return _answer(_BY_FIELD.get((field, first["type"]), Problem.INVALID))

    @app.exception_handler(NotAuthorised)
    async def unknown(_request: Request, error: NotAuthorised) -> JSONResponse:
        _LOG.info("refused: %s", error)
        return _answer(Problem.NOT_AUTHORISED, headers={"WWW-Authenticate": "Bearer"})

    @app.exception_handler(Exception)
    async def broken(_request: Request, _error: Exception) -> JSONResponse:
        # This answer is made outside of all guards; the server logs the error itself.
        return _answer(Problem.INTERNAL, headers=SECURITY_HEADERS)


def _answer(
    problem: Problem, status: int | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    message = load_texts("gateway")(f"error_{problem}")
    body = ProblemBody(error=ProblemDetail(code=problem, message=message))
    return JSONResponse(body.model_dump(mode="json"), status or problem.status, headers)
