"""Small worlds for the proof: many shops, each with one or two planted faults, and noise about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import cache
from itertools import count, cycle
from random import Random
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from daozhang.clock import SHANGHAI, at, local_date
from daozhang.errors import ConfigError
from daozhang.ledger.words import IncidentScope, PayoutState, Product, TxnKind
from daozhang.settings import ROOT
from daozhang.settlement.calendar import WorkCalendar
from daozhang.simulation.drafts import Deal, Shop
from daozhang.simulation.machine_faults import OF_THE_MACHINE
from daozhang.simulation.noise import make_noise
from daozhang.simulation.payout_faults import PAYOUT_FAULTS
from daozhang.simulation.planting import plant_one
from daozhang.simulation.scene import BANK_OF_INCIDENT, Disturbance, Scene
from daozhang.simulation.settling import Books, settle
from daozhang.simulation.shops import open_shop
from daozhang.simulation.statement_faults import STATEMENT_FAULTS
from daozhang.simulation.town import Plant, Trade, load_trades
from daozhang.simulation.trading import do_business
from daozhang.simulation.world import store
from daozhang.texts import load_texts

__all__ = ["ProofPlant", "build_proof", "load_proof"]

DAYS = 11
_PER_DAY = 18
"""Together about 200 payments a shop."""
_TRADES = ("bakery", "clothing", "convenience", "florist", "fruit", "noodles", "pharmacy", "salon")
_SLOW, _PLANNED = "杭州市滨江区", "杭州市上城区"
_QUIET = "杭州市西湖区"
_OF_ALL_SALES = {"fee_only"}
"""Planted last: what it complains of depends on all that was sold."""
_PAIRS = 0.25
_ATTEMPTS = 6
"""How many partners are tried for the first fault of a pair."""


class ProofPlant(Plant):
    """A plant with the shop that it needs; the file's head says what each field means."""

    product: Product = Product.T1
    bank: str = ""
    region: str = _QUIET
    opened_days_ago: int = 0
    whole_shop: bool = False
    claimed: bool = False


@cache
def load_proof() -> tuple[ProofPlant, ...]:
    """Everything that can be planted. Raises ConfigError when the file does not fit."""
    path = ROOT / "data" / "simulation" / "proof.yml"
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[ProofPlant, ...]).validate_python(content)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"data/simulation/proof.yml 读不出来：{error}") from None


def build_proof(
    session: Session, *, seed: int, now: datetime, complaints: int, calendar: WorkCalendar
) -> None:
    """Fill an empty ledger with `complaints` planted faults as of the aware `now`.

    About a third are planted in pairs, two faults in one shop. What cannot happen at that moment,
    as a large payout that waits on a working morning, is passed over. Does not commit.
    """
    moment = now.astimezone(SHANGHAI)
    scene = Scene(seed, moment, DAYS, calendar, _disturbances(moment))
    rng = scene.rng("proof")
    drafts: list[tuple[Shop, Books]] = []
    numbers, plants = count(), list(load_proof())
    rng.shuffle(plants)
    turn = cycle(plants)
    planted = 0
    while planted < complaints:
        first = next(turn)
        pair = complaints - planted > 1 and rng.random() < _PAIRS
        wanted = [[first, rng.choice(plants)] for _ in range(_ATTEMPTS)] if pair else [[first]]
        tried = (_draft(scene, rng, one, next(numbers)) for one in wanted)
        draft = next(filter(None, tried), None)
        if draft is not None:
            drafts.append(draft)
            planted += len(draft[0].faults)
    shops, books = [shop for shop, _ in drafts], [book for _, book in drafts]
    bystander = _bystander(scene, shops, next(numbers))
    store(session, scene, [*shops, bystander], [*books, settle(bystander, scene)])


def _draft(
    scene: Scene, rng: Random, wanted: Sequence[ProofPlant], number: int
) -> tuple[Shop, Books] | None:
    """A shop with everything wanted planted in it and its books.

    None when that cannot be, or when one fault would change the truth about the other.
    """
    shop = _open(scene, rng, wanted, number)
    if shop is None:
        return None
    wanted = sorted(wanted, key=lambda one: one.fault in _OF_ALL_SALES)
    for place, plant in enumerate(wanted):
        plant_one(shop, scene, plant, place)
        if not _on_one_machine(wanted):
            shop.terminals.reverse()
    make_noise(shop, scene)
    books = settle(shop, scene)
    whole = len(shop.faults) == len(wanted) and _apart(wanted, shop, books)
    return (shop, books) if whole else None


def _on_one_machine(wanted: Sequence[ProofPlant]) -> bool:
    """Whether an ill machine took the very payment whose money is elsewhere (DOMAIN.md §4.13)."""
    ill = [one for one in wanted if one.fault in OF_THE_MACHINE]
    paid = [one for one in wanted if one.fault in PAYOUT_FAULTS or one.fault in STATEMENT_FAULTS]
    return bool(ill and paid)


def _open(scene: Scene, rng: Random, wanted: Sequence[ProofPlant], number: int) -> Shop | None:
    """A shop on the terms that all that is wanted agrees on, or None when there are no such."""
    needs = {(one.product, one.bank, one.region, one.opened_days_ago) for one in wanted}
    if len(needs) > 1:
        return None
    product, bank, region, opened_days_ago = needs.pop()
    shop = open_shop(scene, _small(rng.choice(_TRADES)), number)
    merchant = shop.merchant
    merchant.region, merchant.product = region, product
    if bank:
        merchant.account_bank = bank
    if product is Product.S0:
        merchant.instant_cap_single = 5_000_000
    if opened_days_ago:
        merchant.opened_on = local_date(scene.now) - timedelta(days=opened_days_ago)
    do_business(shop, scene)
    return shop


def _small(key: str) -> Trade:
    return load_trades()[key].model_copy(update={"per_day": _PER_DAY, "terminals": 2})


def _apart(wanted: Sequence[ProofPlant], shop: Shop, books: Books) -> bool:
    """Whether every planted payment would fare the same without the other fault."""
    items = {id(item.deal): item for item in books.items}
    meant = [fault.deal for fault in shop.faults]
    for mine, plant in zip(meant, wanted, strict=True):
        for other in meant:
            if other is mine or other is None or (item := items.get(id(other))) is None:
                continue
            arrived = item.payout is not None and item.payout.state is PayoutState.CREDITED
            if plant.whole_shop and not arrived:
                return False
            own = items.get(id(mine)) if mine else None
            if own is not None and own.payout is not None and own.payout is item.payout:
                return False
    return len({fault.amount for fault in shop.faults}) == len(shop.faults)


def _bystander(scene: Scene, shops: Sequence[Shop], number: int) -> Shop:
    """A shop without a complaint that took the same sums at the same time as all the others."""
    shop = open_shop(scene, _small("bakery"), number)
    tids = cycle([terminal.tid for terminal in shop.terminals])
    for fault in (one for other in shops for one in other.faults):
        if fault.deal is not None:
            meant = fault.deal
            twin = Deal(
                tid=next(tids),
                channel=meant.channel,
                kind=TxnKind.SALE,
                amount=meant.amount,
                local_at=meant.local_at,
                host_at=meant.local_at + timedelta(seconds=3),
                card_last4=meant.card_last4,
                card_type=meant.card_type,
                issuer=meant.issuer,
            )
            shop.deals.append(twin)
    return shop


def _disturbances(now: datetime) -> tuple[Disturbance, ...]:
    """A bank that migrates, a region that is slow and one under maintenance, all of them now."""
    texts, since = load_texts("simulation"), at(local_date(now) - timedelta(days=1), time(23, 30))
    until = now + timedelta(hours=3)
    return (
        Disturbance(
            IncidentScope.BANK,
            BANK_OF_INCIDENT,
            since,
            until,
            True,
            texts("incident_bank", bank=BANK_OF_INCIDENT),
        ),
        Disturbance(
            IncidentScope.REGION,
            _SLOW,
            since,
            until,
            False,
            texts("incident_region_slow", region=_SLOW),
        ),
        Disturbance(
            IncidentScope.REGION,
            _PLANNED,
            since,
            until,
            True,
            texts("incident_region_planned", region=_PLANNED),
        ),
    )
