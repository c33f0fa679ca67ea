"""The demo world holds together: reproducible, nothing from the future, every fen accounted for."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.database import Base
from daozhang.errors import InputError
from daozhang.ledger.models import (
    Clearing,
    Hold,
    Incident,
    Merchant,
    Payout,
    SettleItem,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.terms import terms_of
from daozhang.ledger.words import (
    IncidentScope,
    ItemState,
    PayoutState,
    TxnKind,
    TxnState,
)
from daozhang.money import fee_for
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import due_for
from daozhang.simulation.truth import PlantedFault
from daozhang.simulation.world import build_world
from tests.simulation.conftest import SUNDAY, empty_ledger, moment

_ARRIVED = {PayoutState.SUCCESS, PayoutState.CREDITED}


def digest(seed: int, now: str) -> str:
    with empty_ledger() as session:
        build_world(session, seed=seed, now=moment(now), days=2)
        hashed = hashlib.sha256()
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table).order_by(*table.primary_key)):
                hashed.update(repr((table.name, *row)).encode())
        return hashed.hexdigest()


def test_the_same_seed_and_moment_give_the_same_rows() -> None:
    assert digest(3, SUNDAY) == digest(3, SUNDAY)


def test_another_seed_gives_another_world() -> None:
    assert digest(3, SUNDAY) != digest(4, SUNDAY)


def test_a_month_of_the_whole_town_is_tens_of_thousands_of_payments() -> None:
    with empty_ledger() as session:
        world = build_world(session, seed=1, now=moment(SUNDAY))
    assert world.merchants == 40
    assert 30_000 < world.txns < 60_000


def test_a_ledger_that_is_in_use_is_left_alone(sunday: Session) -> None:
    with pytest.raises(InputError):
        build_world(sunday, seed=1, now=moment(SUNDAY))


def test_nothing_happened_after_now(world: Session, now: datetime) -> None:
    latest = now - timedelta(seconds=1)
    for txn in world.scalars(select(Txn)):
        assert txn.local_at <= latest
        assert txn.host_at is None or txn.local_at <= txn.host_at <= now
        assert txn.reversal_at is None or txn.reversal_at <= now
    for column in (
        Clearing.cleared_at,
        Payout.created_at,
        Payout.submitted_at,
        Payout.result_at,
        Payout.credited_at,
        Hold.since,
        TerminalEvent.at,
        Terminal.last_heartbeat_at,
    ):
        assert world.scalars(select(column).where(column > now)).all() == []
    announced = world.scalars(select(Incident).where(Incident.since > now)).all()
    assert all(incident.planned and incident.public_text for incident in announced)


def test_every_payout_is_the_sum_of_its_items_to_the_fen(world: Session) -> None:
    sums: dict[str, int] = defaultdict(int)
    for item in world.scalars(select(SettleItem)):
        if item.payout_no is not None:
            sums[item.payout_no] += item.net
    for payout in world.scalars(select(Payout)):
        if payout.previous_no is not None:
            assert payout.no not in sums
            previous = world.get_one(Payout, payout.previous_no)
            assert payout.plan_amount == previous.plan_amount
        else:
            assert payout.plan_amount == sums[payout.no] > 0
        paid = payout.plan_amount - payout.suspended_amount if payout.state in _ARRIVED else 0
        assert payout.real_amount == paid


def test_a_payout_has_the_times_that_its_state_calls_for(world: Session) -> None:
    for payout in world.scalars(select(Payout)):
        stations = (payout.submitted_at, payout.result_at, payout.credited_at)
        reached = [payout.created_at, *(one for one in stations if one is not None)]
        assert reached == sorted(reached)
        assert (payout.submitted_at is None) == (payout.state is PayoutState.CREATED)
        done = payout.state not in {PayoutState.CREATED, PayoutState.PAYING}
        assert (payout.result_at is not None) == done
        assert (payout.credited_at is not None) == (payout.state is PayoutState.CREDITED)


def test_items_carry_the_fee_and_the_due_time_of_the_contract(world: Session) -> None:
    calendar = WorkCalendar.load()
    merchants = {one.mid: one for one in world.scalars(select(Merchant))}
    rows = world.execute(select(SettleItem, Txn).join(Txn, SettleItem.txn_id == Txn.id))
    for item, txn in rows:
        merchant = merchants[txn.mid]
        due = due_for(
            terms_of(merchant, txn.channel), txn.local_at, calendar=calendar, amount=txn.amount
        )
        assert (item.settle_date, item.due_at) == (due.settle_day, due.due_at)
        if txn.kind is TxnKind.REFUND:
            assert (item.fee, item.net) == (0, -txn.amount)
        else:
            assert item.fee == fee_for(txn.amount, merchant.fee_per_10k)
            assert item.net == txn.amount - item.fee - item.deducted


def test_shops_on_which_nothing_was_planted_have_been_paid(world: Session, now: datetime) -> None:
    planted = select(PlantedFault.mid)
    late = world.scalars(
        select(SettleItem).where(
            SettleItem.due_at <= now,
            SettleItem.state != ItemState.PAID,
            SettleItem.mid.not_in(planted),
        )
    ).all()
    slow = world.scalars(
        select(Incident).where(Incident.scope == IncidentScope.PLATFORM, Incident.since < now)
    ).one()
    assert late == []
    overdue_then = world.scalars(
        select(Payout).where(
            Payout.credited_at > Payout.due_at,
            Payout.mid.not_in(planted),
            ~Payout.submitted_at.between(slow.since, slow.until),
        )
    ).all()
    assert overdue_then == []


def test_what_never_moved_is_neither_cleared_nor_owed(world: Session) -> None:
    moved = {TxnState.APPROVED, TxnState.REFUNDED}
    states = set(world.scalars(select(Txn.state).join(Clearing).distinct()))
    states |= set(world.scalars(select(Txn.state).join(SettleItem).distinct()))
    assert states <= moved


def test_numbers_are_unique_and_no_merchant_number_looks_like_a_card(world: Session) -> None:
    references = world.scalars(select(Txn.ref_no).where(Txn.ref_no.is_not(None))).all()
    orders = world.scalars(select(Txn.order_no).where(Txn.order_no.is_not(None))).all()
    assert len(set(references)) == len(references)
    assert len(set(orders)) == len(orders)
    assert all(len(one or "") == 12 for one in references)
    assert not any(_luhn(mid) for mid in world.scalars(select(Merchant.mid)))


def _luhn(digits: str) -> bool:
    total = 0
    for place, one in enumerate(reversed(digits)):
        value = int(one) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
