"""Tables of facts from `data/facts/`: response codes and what banks write when they refuse."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from daozhang.errors import ConfigError
from daozhang.settings import ROOT

__all__ = ["PayoutFailure", "ResponseCode", "payout_failure", "response_code"]


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """What field 39 says (DOMAIN.md §3). `cause_id` is an article id such as 'C4b', or '-'."""

    code: str
    name: str
    money_moved: str
    action: str
    cause_id: str


@dataclass(frozen=True, slots=True)
class PayoutFailure:
    """A bank's refusal, sorted: `reason` names the text and remedy, `cause` the article's key."""

    reason: str
    cause: str


def response_code(code: str) -> ResponseCode | None:
    """The meaning of a raw code, or None for one that the table does not hold."""
    return _response_codes().get(code.upper())


def payout_failure(fail_text: str) -> PayoutFailure:
    """Sort the bank's words by the first row whose text they contain (DOMAIN.md §7.5)."""
    for contains, failure in _payout_failures():
        if contains in fail_text:
            return failure
    return PayoutFailure("other", "bank_rules")


@cache
def _response_codes() -> dict[str, ResponseCode]:
    return {
        row["code"]: ResponseCode(
            row["code"],
            row["name_zh"],
            row["money_moved"],
            row["merchant_action_zh"],
            row["cause_id"],
        )
        for row in _rows("response_codes.csv")
    }


@cache
def _payout_failures() -> tuple[tuple[str, PayoutFailure], ...]:
    return tuple(
        (row["contains"], PayoutFailure(row["reason"], row["cause"]))
        for row in _rows("payout_failures.csv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = ROOT / "data" / "facts" / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise ConfigError(f"data/facts/{name} 读不出来：{error.strerror}") from None
