"""What was planted in a demo town is what the diagnosis finds, without looking at the truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.ledger.models import Txn
from daozhang.simulation.truth import PlantedFault
from daozhang.simulation.world import build_world
from tests.worlds import CALENDAR, moment, world

NOW = moment("2026-11-22 10:20")

ELSEWHERE = {"sim_over_quota"}
"""Faults whose cause is in the terminal, not in the payment, which arrived in time."""


@pytest.fixture(scope="module")
def town(store: None) -> Iterator[Session]:
    with world() as session:
        build_world(session, seed=20, now=NOW, days=12)
        yield session


def test_every_planted_payment_gets_its_outcome_and_cause(town: Session) -> None:
    missed = []
    for fault in town.scalars(select(PlantedFault).where(PlantedFault.txn_id.is_not(None))):
        investigation = Investigation(town, fault.mid, CALENDAR, NOW)
        verdict = investigation.of([fault.txn_id or 0])
        assert verdict is not None
        assert tell(verdict, NOW)
        found = (verdict.outcome, None if fault.fault in ELSEWHERE else verdict.cause)
        if found != (fault.outcome, None if fault.fault in ELSEWHERE else fault.cause):
            missed.append((fault.fault, fault.outcome, fault.cause, *found))
    assert missed == []


def test_an_amount_that_is_not_there_is_not_found(town: Session) -> None:
    planted = town.scalars(select(PlantedFault).where(PlantedFault.outcome == "not_found")).all()
    assert planted
    for fault in planted:
        found = town.scalars(
            select(Txn).where(Txn.mid == fault.mid, Txn.amount == fault.amount)
        ).all()
        assert found == []


def test_nothing_is_called_late_before_its_due_time(town: Session) -> None:
    mids = set(town.scalars(select(PlantedFault.mid)))
    for mid in mids:
        for verdict in Investigation(town, mid, CALENDAR, NOW).missing():
            if verdict.outcome == "overdue":
                assert verdict.due is not None
                assert verdict.due.due_at < NOW
