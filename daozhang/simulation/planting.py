"""Planting: the featured shops' faults, then some on shops that chance picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from daozhang.ledger.words import Product
from daozhang.simulation.counter_faults import COUNTER_FAULTS
from daozhang.simulation.doubtful_faults import DOUBTFUL_FAULTS
from daozhang.simulation.drafts import Shop
from daozhang.simulation.machine_faults import MACHINE_FAULTS
from daozhang.simulation.payout_faults import PAYOUT_FAULTS
from daozhang.simulation.plot import Plot
from daozhang.simulation.rule_faults import RULE_FAULTS
from daozhang.simulation.scene import BANK_OF_INCIDENT, Scene
from daozhang.simulation.statement_faults import STATEMENT_FAULTS
from daozhang.simulation.town import Plant, load_chance

__all__ = ["plant_faults", "plant_one"]

_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    **PAYOUT_FAULTS,
    **COUNTER_FAULTS,
    **DOUBTFUL_FAULTS,
    **MACHINE_FAULTS,
    **RULE_FAULTS,
    **STATEMENT_FAULTS,
}


def plant_faults(shops: Sequence[Shop], scene: Scene) -> None:
    """Plant everything, each fault with chance of its own."""
    _deal_out(shops, scene)
    for shop in shops:
        for number, plant in enumerate(shop.plants):
            plant_one(shop, scene, plant, number)


def plant_one(shop: Shop, scene: Scene, plant: Plant, number: int = 0) -> None:
    """Plant one fault on the shop's first machine, the `number`th of the shop's faults.

    Nothing is recorded when the fault cannot happen at the scene's moment.
    """
    rng = scene.rng("plant", shop.mid, number)
    whole = plant.model_copy(update=_what_the_trade_decides(shop, plant, rng))
    plot = Plot(shop, scene, whole, rng)
    plot.clear_amount()
    _FAULTS[plant.fault](plot)


def _deal_out(shops: Sequence[Shop], scene: Scene) -> None:
    """Give shops without a plant one of the chance faults, as long as there are any."""
    free = [shop for shop in shops if not shop.plants]
    for shop in free:
        if shop.merchant.account_bank == BANK_OF_INCIDENT:
            shop.plants = (Plant(fault="bank_incident"),)
    ordinary = [
        shop for shop in free if not shop.plants and shop.merchant.product is not Product.S0
    ]
    scene.rng("deal out").shuffle(ordinary)
    for shop, plant in zip(ordinary, load_chance(), strict=False):
        shop.plants = (plant,)


def _what_the_trade_decides(shop: Shop, plant: Plant, rng: Random) -> dict[str, object]:
    """An amount above the usual, so that it is no other payment, and an opening hour."""
    step = shop.trade.step
    amount = round(shop.trade.median * rng.uniform(1.6, 3.2) / step) * step
    start, end = shop.trade.hours[-1]
    hour = min(start + (end - start) * rng.uniform(0.2, 0.7), 22.5)
    return {
        "amount": plant.amount or amount,
        "clock": plant.clock or f"{int(hour):02d}:{rng.randrange(60):02d}",
    }
