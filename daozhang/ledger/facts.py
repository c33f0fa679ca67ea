"""Tables of facts from `data/facts/`: response codes and what banks write when they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from daozhang.tables import read_facts

__all__ = ["RULESET", "PayoutFailure", "ResponseCode", "payout_failure", "response_code"]


RULESET = "new"
"""The generation of codes that the table is of; raw codes are stored with it (DOMAIN.md §3)."""


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
    rows = read_facts("response_codes.csv", _response_code)
    return {row.code: row for row in rows}


def _response_code(row: dict[str, str]) -> ResponseCode:
    return ResponseCode(
        row["code"],
        row["name_zh"],
        row["money_moved"],
        row["merchant_action_zh"],
        row["cause_id"],
    )


@cache
def _payout_failures() -> Sequence[tuple[str, PayoutFailure]]:
    return read_facts(
        "payout_failures.csv",
        lambda row: (row["contains"], PayoutFailure(row["reason"], row["cause"])),
    )
