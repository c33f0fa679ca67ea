"""Noise: small troubles of a shop that have nothing to do with what it complains of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random

from daozhang.clock import at, local_date
from daozhang.ledger.words import Channel, HoldKind, HoldState, TerminalEventKind, TxnKind, TxnState
from daozhang.simulation.drafts import Deal, Event, HoldDraft, Shop
from daozhang.simulation.scene import Scene
from daozhang.simulation.trading import pay_with

__all__ = ["make_noise"]


def make_noise(shop: Shop, scene: Scene) -> None:
    """None to three kinds of noise, about the planted payments and on the days before."""
    rng = scene.rng("noise", shop.mid)
    for kind in rng.sample(_KINDS, rng.randrange(4)):
        kind(shop, scene, rng)


def _link_lost(shop: Shop, scene: Scene, rng: Random) -> None:
    moment = scene.now - timedelta(hours=rng.randrange(20, 90))
    _happened(shop, moment, TerminalEventKind.HEARTBEAT_LOST)
    _happened(shop, moment + timedelta(minutes=4), TerminalEventKind.HEARTBEAT_BACK)


def _paper_jammed(shop: Shop, scene: Scene, rng: Random) -> None:
    moment = scene.now - timedelta(hours=rng.randrange(20, 90))
    _happened(shop, moment, TerminalEventKind.PRINT_FAILED)


def _card_unreadable(shop: Shop, scene: Scene, rng: Random) -> None:
    moment = scene.now - timedelta(hours=rng.randrange(20, 90))
    _happened(shop, moment, TerminalEventKind.READ_FAILED)


def _old_version(shop: Shop, scene: Scene, rng: Random) -> None:
    rng.choice(shop.terminals).app_version = "3.2.0"


def _earlier_hold(shop: Shop, scene: Scene, rng: Random) -> None:
    """A payment's hold that was released last week: the money has come since."""
    since = at(local_date(scene.now) - timedelta(days=rng.randrange(7, 10)), time(11))
    sold = [deal for deal in shop.deals if not deal.planted and deal.local_at < since]
    if sold:
        shop.holds.append(
            HoldDraft(HoldKind.RISK_REVIEW, HoldState.RELEASED, since, since, [], sold[-1])
        )


def _card_refused(shop: Shop, scene: Scene, rng: Random) -> None:
    """A card without enough money shortly before each payment that is complained of."""
    for fault in list(shop.faults):
        if fault.deal is not None:
            moment = fault.deal.local_at - timedelta(minutes=rng.randrange(2, 9))
            _failed(shop, rng, fault.deal.amount + 500, moment, TxnState.DECLINED, "51")


def _time_out(shop: Shop, scene: Scene, rng: Random) -> None:
    """One payment without an answer, undone by itself, on an earlier day."""
    moment = scene.now - timedelta(hours=rng.randrange(30, 90))
    deal = _failed(shop, rng, rng.randrange(20, 90) * 110, moment, TxnState.REVERSED, "98")
    deal.host_at, deal.reversal_code = None, "00"
    deal.reversal_at = moment + timedelta(minutes=4)


_KINDS: tuple[Callable[[Shop, Scene, Random], None], ...] = (
    _link_lost,
    _paper_jammed,
    _card_unreadable,
    _old_version,
    _earlier_hold,
    _card_refused,
    _time_out,
)


def _happened(shop: Shop, moment: datetime, kind: TerminalEventKind) -> None:
    shop.events.append(Event(shop.terminals[0].tid, moment, kind))


def _failed(
    shop: Shop, rng: Random, amount: int, moment: datetime, state: TxnState, code: str
) -> Deal:
    deal = Deal(
        tid=shop.terminals[-1].tid,
        channel=Channel.CARD,
        kind=TxnKind.SALE,
        amount=amount,
        local_at=moment,
        host_at=moment + timedelta(seconds=2),
        state=state,
        response_code=code,
    )
    pay_with(deal, rng, 0.5)
    shop.deals.append(deal)
    return deal
