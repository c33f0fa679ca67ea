"""The same trouble at many merchants at once is suspected to be an incident; one alone is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from daozhang.database import Base, connect
from daozhang.diagnosis.crowd import AT_LEAST, suspicions
from daozhang.ledger.models import Incident, Merchant
from daozhang.ledger.words import IncidentScope, PayoutState, TxnState
from tests.worlds import a_merchant, a_payout, a_sale, a_terminal, moment, world

NOW = moment("2026-11-23 19:00")


@pytest.fixture
def session() -> Iterator[Session]:
    with world() as session:
        yield session


@pytest.fixture
def shops(session: Session) -> list[Merchant]:
    found = []
    for number in range(AT_LEAST):
        mid = f"89831005812{number:04d}"
        found.append(a_merchant(session, mid=mid, region="上海"))
        terminal = a_terminal(session, tid=f"3100{number:04d}", mid=mid)
        terminal.last_heartbeat_at = NOW
    session.flush()
    return found


def refuse(session: Session, shop: Merchant, code: str, issuer: str = "建设银行") -> None:
    a_sale(
        session,
        shop,
        10_000,
        "2026-11-23 18:40",
        tid=f"3100{shop.mid[-4:]}",
        state=TxnState.DECLINED,
        response_code=code,
        issuer=issuer,
    )


def found(session: Session) -> list[tuple[IncidentScope, str]]:
    return [(one.scope, one.target) for one in suspicions(session, NOW)]


def test_a_bank_that_fails_at_many_merchants_is_suspected(
    session: Session, shops: list[Merchant]
) -> None:
    for shop in shops:
        refuse(session, shop, "91")
    assert found(session) == [(IncidentScope.BANK, "建设银行")]


def test_a_few_merchants_are_no_crowd(session: Session, shops: list[Merchant]) -> None:
    for shop in shops[:-1]:
        refuse(session, shop, "91")
    assert found(session) == []


def test_many_refusals_among_far_more_successes_are_ordinary(
    session: Session, shops: list[Merchant]
) -> None:
    for shop in shops:
        refuse(session, shop, "91")
        for _ in range(4):
            a_sale(session, shop, 10_000, "2026-11-23 18:30", issuer="建设银行")
    assert found(session) == []


def test_payouts_that_one_bank_leaves_unanswered_are_suspected(
    session: Session, shops: list[Merchant]
) -> None:
    for shop in shops:
        sale = a_sale(session, shop, 10_000, "2026-11-22 12:00")
        a_payout(session, sale, state=PayoutState.PAYING)
    assert found(session) == [(IncidentScope.BANK, "工商银行")]


def test_a_version_that_loses_its_keys_everywhere_is_suspected(
    session: Session, shops: list[Merchant]
) -> None:
    for shop in shops:
        refuse(session, shop, "A0")
    assert found(session) == [(IncidentScope.VERSION, "3.2.1")]


def test_a_running_incident_is_not_suspected_again(session: Session, shops: list[Merchant]) -> None:
    for shop in shops:
        refuse(session, shop, "91")
    session.add(
        Incident(scope=IncidentScope.BANK, target="建设银行", since=moment("2026-11-23 18:00"))
    )
    session.flush()
    assert found(session) == []


def test_the_payments_of_other_days_are_not_read() -> None:
    """On SQLite, which reads all of them unless the query leads to an index."""
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.setdefault(statement, values)

    engine, sessions = connect("sqlite://")
    Base.metadata.create_all(engine)
    event.listen(engine, "before_cursor_execute", note)
    with sessions() as session:
        suspicions(session, NOW)
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        plan = [
            str(row[-1])
            for statement, values in asked.items()
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    engine.dispose()
    reads = [line for line in plan if "txns" in line]
    assert reads
    assert all("local_at>?" in line for line in reads)
