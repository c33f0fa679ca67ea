"""Building a demo world: shops, a month of business, planted faults, and the rows of it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain, count
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from daozhang.clock import SHANGHAI, at, local_date
from daozhang.database import Base
from daozhang.errors import InputError
from daozhang.ledger.models import (
    Clearing,
    Hold,
    Incident,
    Merchant,
    Notice,
    Payout,
    SettleItem,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.words import IncidentScope
from daozhang.settlement.calendar import WorkCalendar
from daozhang.simulation.drafts import Shop
from daozhang.simulation.planting import plant_faults
from daozhang.simulation.questions import complaints
from daozhang.simulation.rows import (
    clearing_row,
    event_row,
    hold_row,
    item_row,
    number_payouts,
    payout_row,
    txn_rows,
)
from daozhang.simulation.scene import BANK_OF_INCIDENT, Disturbance, Scene
from daozhang.simulation.settling import Books, settle
from daozhang.simulation.shops import open_shops
from daozhang.simulation.trading import do_business
from daozhang.simulation.truth import PlantedFault
from daozhang.texts import load_texts

__all__ = ["World", "build_world", "store"]

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class World:
    """How much of everything was made."""

    merchants: int
    terminals: int
    txns: int
    payouts: int
    faults: int


def build_world(
    session: Session, *, seed: int, now: datetime, merchants: int = 40, days: int = 30
) -> World:
    """Fill an empty ledger with a town as it stands at the aware moment `now`; does not commit.

    The same seed and moment give the same rows. Nothing in it happened later than `now`, except
    what is announced for later. Raises InputError when the ledger already holds a merchant.
    """
    if session.scalar(select(Merchant.mid).limit(1)) is not None:
        raise InputError("账本里已经有商户，演示数据只能写进空的账本")
    moment = now.astimezone(SHANGHAI)
    scene = Scene(seed, moment, days, WorkCalendar.load(), _disturbances(moment))
    shops = open_shops(scene, merchants)
    for shop in shops:
        do_business(shop, scene)
    plant_faults(shops, scene)
    books = [settle(shop, scene) for shop in shops]
    return store(session, scene, shops, books)


def _disturbances(now: datetime) -> tuple[Disturbance, ...]:
    """A bank that migrates right now, a slow evening some days ago, maintenance to come."""
    texts, today = load_texts("simulation"), local_date(now)
    slow, soon = today - timedelta(days=4), today + timedelta(days=1)
    return (
        Disturbance(
            IncidentScope.BANK,
            BANK_OF_INCIDENT,
            at(today - timedelta(days=2), time(23, 30)),
            at(soon, time(6)),
            True,
            texts("incident_bank", bank=BANK_OF_INCIDENT),
        ),
        Disturbance(
            IncidentScope.PLATFORM,
            "",
            at(slow, time(19, 5)),
            at(slow, time(20, 10)),
            False,
            texts("incident_platform_past"),
        ),
        Disturbance(
            IncidentScope.PLATFORM,
            "",
            at(soon, time(1)),
            at(soon, time(3)),
            True,
            texts("incident_platform_planned"),
        ),
    )


def store(session: Session, scene: Scene, shops: Sequence[Shop], books: Sequence[Books]) -> World:
    """Write the shops and everything that was drafted for them into an empty ledger."""
    for shop, book in zip(shops, books, strict=True):
        shop.merchant.balance = book.carried
    session.add_all(shop.merchant for shop in shops)
    session.flush()
    session.add_all(terminal for shop in shops for terminal in shop.terminals)
    session.flush()
    txns = _insert(session, Txn, txn_rows(shops))
    hold_ids = count(1)
    for shop in shops:
        for hold in shop.holds:
            hold.id = next(hold_ids)
    _insert(session, Hold, (hold_row(hold, shop) for shop in shops for hold in shop.holds))
    _insert(session, Clearing, (clearing_row(one) for book in books for one in book.clearings))
    payouts = _insert(
        session, Payout, (payout_row(one, scene.calendar) for one in number_payouts(books))
    )
    _insert(
        session,
        SettleItem,
        (
            item_row(item, shop)
            for shop, book in zip(shops, books, strict=True)
            for item in book.items
        ),
    )
    events = sorted(chain.from_iterable(shop.events for shop in shops), key=lambda one: one.at)
    _insert(session, TerminalEvent, (event_row(event) for event in events))
    _insert(session, Incident, (_incident_row(one) for one in scene.disturbances))
    _insert(session, Notice, _notice_rows(scene.now))
    faults = _insert(session, PlantedFault, _fault_rows(scene, shops))
    return World(len(shops), sum(len(shop.terminals) for shop in shops), txns, payouts, faults)


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> int:
    """Insert in chunks; how many there were."""
    everything = list(rows)
    for start in range(0, len(everything), _CHUNK):
        session.execute(insert(table), everything[start : start + _CHUNK])
    return len(everything)


def _incident_row(one: Disturbance) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "target": one.target,
        "since": one.since,
        "until": one.until,
        "planned": one.planned,
        "public_text": one.text,
    }


def _notice_rows(now: datetime) -> list[dict[str, Any]]:
    texts, today = load_texts("simulation"), local_date(now)
    return [
        {
            "title": texts(f"notice_{name}_title"),
            "effective_on": today - timedelta(days=ago),
            "text": texts(f"notice_{name}_text"),
        }
        for name, ago in (("kyc", 30), ("machine", -20))
    ]


def _fault_rows(scene: Scene, shops: Sequence[Shop]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for shop in shops:
        rng = scene.rng("complaints", shop.mid)
        for fault in shop.faults:
            local_at = fault.deal.local_at if fault.deal else None
            said = complaints(fault.fault, local_at, fault.amount, fault.note, scene.now)
            rows.append(
                {
                    "mid": shop.mid,
                    "txn_id": fault.deal.id if fault.deal else None,
                    "fault": fault.fault,
                    "outcome": fault.outcome,
                    "cause": fault.cause,
                    "amount": fault.amount,
                    "tid": fault.tid,
                    "complaint": rng.choice(said),
                    "note": fault.note,
                }
            )
    return rows
