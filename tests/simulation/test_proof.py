"""The proof in small: faults alone and in pairs, wrong claims and noise; and every answer right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daozhang.causes import Cause
from daozhang.ledger.models import Txn
from daozhang.simulation.complaining import Claimed, Complaint, complaints_of
from daozhang.simulation.examining import Answer, examine
from daozhang.simulation.proof import build_proof, load_proof
from daozhang.simulation.truth import PlantedFault
from tests.simulation.conftest import moment
from tests.worlds import CALENDAR, world

NOW = moment("2026-11-24T19:30")
SEED = 3
MANY = 60


@pytest.fixture(scope="module")
def planted() -> Iterator[Session]:
    with world() as session:
        build_proof(session, seed=SEED, now=NOW, complaints=MANY, calendar=CALENDAR)
        session.commit()
        yield session


@pytest.fixture(scope="module")
def complaints(planted: Session) -> list[Complaint]:
    return complaints_of(planted, seed=SEED, now=NOW, calendar=CALENDAR)


@pytest.fixture(scope="module")
def answers(planted: Session, complaints: list[Complaint]) -> list[Answer]:
    return list(examine(planted, complaints, now=NOW, calendar=CALENDAR))


def test_the_gate_and_the_causes_are_right(answers: list[Answer]) -> None:
    wrong = [
        (one.complaint.fault.fault, one.complaint.fault.outcome, one.outcome, one.cause)
        for one in answers
        if not (one.outcome_right and one.cause_right)
    ]
    assert wrong == []


def test_no_verdict_shows_another_merchants_row(answers: list[Answer]) -> None:
    assert [one.foreign for one in answers if one.foreign] == []


def test_nothing_is_called_late_before_its_due_time(answers: list[Answer]) -> None:
    assert sum(one.early for one in answers) == 0


def test_every_cause_is_planted_and_money_without_one(planted: Session) -> None:
    causes = set(planted.scalars(select(PlantedFault.cause)))
    assert causes == {*map(str, Cause), None}


def test_faults_come_alone_and_in_pairs(planted: Session) -> None:
    sizes = Counter(Counter(planted.scalars(select(PlantedFault.mid))).values())
    assert set(sizes) == {1, 2}
    assert sizes[1] + 2 * sizes[2] >= MANY


def test_merchants_name_right_causes_wrong_ones_and_none(complaints: list[Complaint]) -> None:
    assert {one.claimed for one in complaints} == set(Claimed)
    for one in complaints:
        if one.claimed is Claimed.WRONG:
            assert one.asked.cause != one.fault.cause


def test_a_bystander_took_the_same_sums_at_the_same_time(planted: Session) -> None:
    for fault in planted.scalars(select(PlantedFault).where(PlantedFault.txn_id.is_not(None))):
        txn = planted.get_one(Txn, fault.txn_id)
        twins = select(Txn.mid).where(
            Txn.amount == txn.amount, Txn.local_at == txn.local_at, Txn.mid != txn.mid
        )
        assert planted.scalars(twins).all()


def test_a_shop_has_about_two_hundred_payments(planted: Session) -> None:
    sizes = planted.execute(select(func.count()).select_from(Txn).group_by(Txn.mid)).scalars().all()
    assert 120 < sorted(sizes)[len(sizes) // 2] < 280


def test_the_catalogue_names_only_faults_with_words(planted: Session) -> None:
    assert all(planted.scalars(select(PlantedFault.complaint)))
    assert len({(one.fault, one.how, one.code, one.text) for one in load_proof()}) > len(Cause)
