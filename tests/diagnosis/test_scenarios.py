"""The twenty-five scenarios of DOMAIN.md §9, each a world in JSON with the verdicts it must give.

A file's `scenario` is a list of questions: `ask` says which look-up, `expect` what must be in the
answers (`evidence` names tables that must be among the rows).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from daozhang.causes import Cause
from daozhang.diagnosis.explain import as_json
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.render_overview import tell_overview
from daozhang.diagnosis.render_trouble import tell_trouble
from daozhang.diagnosis.verdict import Claim
from daozhang.errors import InputError
from daozhang.ledger.loading import load_world
from daozhang.ledger.lookups import TxnQuery
from daozhang.ledger.worldfile import World
from daozhang.ledger.worldreading import read_world
from daozhang.money import format_yuan
from tests.worlds import CALENDAR, MID, moment, world

FOLDER = Path(__file__).parent / "scenarios"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.fixture
def session() -> Iterator[Session]:
    with world() as session:
        yield session


def test_all_twenty_five_are_there() -> None:
    assert [path.stem for path in FILES] == [f"{number:02d}" for number in range(1, 26)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(session: Session, path: Path) -> None:
    told = read_world(path)
    load_world(session, path)
    assert isinstance(told.scenario, list)
    for question in told.scenario:
        assert isinstance(question, dict)
        answers, wanted = answer(session, told, question), question["expect"]
        assert isinstance(wanted, list)
        assert len(answers) == len(wanted), [brief(one) for one in answers]
        for one, expected in zip(answers, wanted, strict=True):
            assert differences(one, expected) == [], brief(one)


def answer(session: Session, told: World, question: dict[str, Any]) -> list[dict[str, Any]]:
    """What the core answers; everything must also be tellable."""
    now = moment(question["now"]) if "now" in question else told.now
    assert now is not None
    mid = question.get("mid", told.merchants[0].mid)
    claim = Claim(Cause(question["claim"]), 0.8) if "claim" in question else None
    query = query_of(question.get("query", {}))
    try:
        looked = Investigation(session, mid, CALENDAR, now)
    except InputError:
        return []
    match question["ask"]:
        case "overview":
            overview = looked.overview(query)
            assert all(bubble.text for bubble in tell_overview(overview, now))
            return [as_json(overview)]
        case "terminal":
            troubles = looked.terminal_trouble(claim)
            assert all(tell_trouble(one) for one in troubles)
            return [as_json(one) for one in troubles]
        case "missing":
            verdicts = looked.missing(claim)
        case _:
            verdicts = looked.fitting(query, claim)
    for verdict in verdicts:
        bubbles = tell(verdict, now)
        assert all(bubble.text for bubble in bubbles)
    return [as_json(one) for one in verdicts]


def query_of(said: dict[str, Any]) -> TxnQuery:
    details = {key: value for key, value in said.items() if key not in {"amount", "since", "until"}}
    if "amount" in said:
        details |= {"amount_low": said["amount"], "amount_high": said["amount"]}
    for end in ("since", "until"):
        if end in said:
            details[end] = moment(said[end])
    return TxnQuery(**details)


def differences(found: Any, expected: Any, place: str = "") -> list[str]:
    if place.endswith("/evidence"):
        tables = {row["table"] for row in found}
        return [f"{place}: no row of {one}" for one in expected if one not in tables]
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key, one in expected.items()
            for line in differences(found.get(key), one, f"{place}/{key}")
        ]
    if isinstance(expected, str) and expected.startswith("20") and isinstance(found, str):
        found = f"{datetime.fromisoformat(found):%Y-%m-%d %H:%M}"
    return [] if found == expected else [f"{place}: {found!r} instead of {expected!r}"]


def brief(found: dict[str, Any]) -> str:
    shown = ("finding", "cause", "circumstance", "also", "claim_fits", "evidence", "shares")
    return str({key: found[key] for key in shown if key in found})


def test_the_sum_of_a_short_payout_adds_up_to_the_fen(session: Session) -> None:
    """Scenario 10: takings - fee - refunds = what is on the statement."""
    load_world(session, FOLDER / "10.json")
    now = moment("2026-11-24 10:20")
    (verdict,) = Investigation(session, MID, CALENDAR, now).fitting(
        TxnQuery(amount_low=50_000, amount_high=50_000)
    )
    sums = verdict.breakdown
    assert sums is not None
    taken = sums.fee + sums.refunds + sums.chargebacks + sums.deducted + sums.kept_back
    assert sums.takings - taken == sums.paid == 150_000


def test_what_is_told_of_a_hold_is_the_list_and_never_the_rule(session: Session) -> None:
    """Scenario 19: the verdict has no place for a rule, a score or a threshold."""
    load_world(session, FOLDER / "19.json")
    (verdict,) = Investigation(session, MID, CALENDAR, moment("2026-11-24 10:20")).missing()
    assert set(as_json(verdict.hold)) == {"kind", "since", "review_due", "materials"}


def test_the_days_of_several_payments_are_told_as_one_list(session: Session) -> None:
    """Scenario 22: shares add up to the total, and the bubble names every share that has any."""
    load_world(session, FOLDER / "22.json")
    now = moment("2026-11-24 16:00")
    overview = Investigation(session, MID, CALENDAR, now).overview(
        TxnQuery(since=moment("2026-11-23 00:00"))
    )
    assert sum(one.count for one in overview.shares.values()) == overview.total.count
    assert sum(one.amount for one in overview.shares.values()) == overview.total.amount
    assert sum(one.net for one in overview.shares.values()) == overview.total.net
    (told,) = tell_overview(overview, now)
    assert format_yuan(overview.total.amount) in told.text
    assert len(told.buttons) == 4
