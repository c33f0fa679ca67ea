"""The simulated merchant: hands that change the ledger, eyes that tell the truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from daozhang.cases.facts import facts_for
from daozhang.database import Base, Sessions
from daozhang.diagnosis.investigation import Investigation
from daozhang.ledger.loading import store_world
from daozhang.ledger.models import Merchant, Terminal, Txn
from daozhang.ledger.worldfile import World
from daozhang.playbook.loader import load_all
from daozhang.playbook.state import Outcome
from daozhang.simulation.complaining import complaints_of
from daozhang.simulation.handiwork import HANDIWORK, Hands
from daozhang.simulation.knowing import fitting_walks, needed, sees
from daozhang.simulation.proof import build_proof, load_proof
from daozhang.simulation.talking import MOST_TURNS, Course, Ending, talk_over
from daozhang.simulation.truth import PlantedFault
from tests.diagnosis.kit import Rows
from tests.worlds import CALENDAR, MID, moment, world

NOON = moment("2026-11-24 12:00")
SALE = {"key": "sale", "amount": 300_000, "local_at": "2026-11-24T11:30", "settle": True}
REFUSED = {"carries": ["sale"], "state": "failed", "result_at": "2026-11-24T11:40"}
TROUBLED: dict[str, Rows] = {
    "terminal_online": {"terminals": [{"signal": 1}]},
    "signed_on": {"terminals": [{"sign_state": "signed_off"}]},
    "signed_on_again": {},
    "trade_ok": {},
    "collected": {},
    "reversal_out": {"txns": [SALE | {"state": "reversal_pending", "settle": False}]},
    "offline_uploaded": {"txns": [SALE | {"state": "offline_stored", "settle": False}]},
    "batch_closed": {},
    "version_current": {"terminals": [{"app_version": "1", "latest_version": "2"}]},
    "sim_ok": {"terminals": [{"sim_state": "suspended"}]},
    "terminal_bound": {"terminals": [{"bound": False}]},
    "preauth_completed": {
        "txns": [SALE | {"kind": "preauth", "state": "preauth_open", "settle": False}]
    },
    "undone": {},
    "account_verified": {"merchants": [{"account_class": "II"}]},
    "new_payout": {"payouts": [REFUSED | {"fail_text": "户名不符"}]},
    "balance_filled": {"merchants": [{"balance": -100}]},
    "hold_in_review": {
        "holds": [{"txn": "sale", "kind": "document_request", "since": "2026-11-24T11:40"}]
    },
    "papers_valid": {"merchants": [{"kyc_valid_until": "2026-10-31"}]},
}
"""For each check a world in which there is something to do."""


def outcome(session: Session, check: str, at: datetime) -> Outcome:
    session.flush()
    session.expire_all()
    result = facts_for(Investigation(session, MID, CALENDAR, at), [1], NOON).checks.get(check)
    return result.outcome if result else Outcome.NOT_YET


@pytest.mark.parametrize("check", sorted(HANDIWORK))
def test_what_a_step_asks_is_done_so_that_its_check_sees_it(check: str) -> None:
    rows = {"terminals": [{}], "txns": [SALE]} | TROUBLED[check]
    with world() as session:
        store_world(session, World.model_validate(rows))
        assert outcome(session, check, NOON) is Outcome.NOT_YET
        Hands(
            session,
            session.get_one(Merchant, MID),
            session.get_one(Terminal, "31000001"),
            session.get_one(Txn, 1),
            NOON,
        ).do(check)
        assert outcome(session, check, NOON) is Outcome.CONFIRMED


@pytest.mark.parametrize("check", ["terminal_online", "offline_uploaded", "reversal_out"])
def test_nothing_goes_over_a_sim_that_is_not_paid(check: str) -> None:
    stopped = {"terminals": [{"sim_state": "suspended", "signal": 1}], "txns": [SALE]}
    with world() as session:
        rows = stopped | {key: one for key, one in TROUBLED[check].items() if key == "txns"}
        store_world(session, World.model_validate(rows))
        terminal, txn = session.get_one(Terminal, "31000001"), session.get_one(Txn, 1)
        Hands(session, session.get_one(Merchant, MID), terminal, txn, NOON).do(check)
        assert outcome(session, check, NOON) is Outcome.NOT_YET


def test_every_fault_that_needs_an_act_has_a_walk_with_that_check() -> None:
    books = load_all()
    for plant in load_proof():
        fault = PlantedFault(fault=plant.fault, note=plant.text or plant.how, cause=plant.cause)
        check = needed(fault)
        if check is None:
            continue
        asked = {
            step.check.name
            for key in fitting_walks(fault)
            for step in books[key].steps.values()
            if step.check
        }
        assert check in asked or "terminal_online" in asked, plant.fault


def test_eyes_tell_of_the_fault_that_is_there() -> None:
    reader, printer = PlantedFault(fault="reader_broken"), PlantedFault(fault="nothing_printed")
    told = {one.fault: sees(one, "hardware_fault", "paper") for one in (reader, printer)}
    assert told == {"reader_broken": "cannot", "nothing_printed": "done"}


@pytest.fixture(scope="module")
def courses() -> list[Course]:
    return list(talked_over(seed=7, complaints=40))


def talked_over(seed: int, complaints: int) -> Iterator[Course]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    sessions: Sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        build_proof(session, seed=seed, now=NOON, complaints=complaints, calendar=CALENDAR)
        session.commit()
        told = complaints_of(session, seed=seed, now=NOON, calendar=CALENDAR)
    for one in told:
        yield talk_over(sessions, one, seed=seed, now=NOON, calendar=CALENDAR)
    engine.dispose()


def test_talks_end_and_mostly_right(courses: list[Course]) -> None:
    assert all(one.turns <= MOST_TURNS for one in courses)
    assert sum(one.right for one in courses) >= 0.9 * len(courses)
    assert {one.ending for one in courses} > {Ending.SOLVED, Ending.PERSON}


def test_the_same_seed_gives_the_same_talks(courses: list[Course]) -> None:
    again = list(talked_over(seed=7, complaints=40))
    assert [(one.ending, one.turns, one.useless) for one in again] == [
        (one.ending, one.turns, one.useless) for one in courses
    ]
