"""The ground on which one fault is planted: one shop, one moment to choose, one complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from daozhang.clock import at, local_date
from daozhang.ledger.models import Terminal
from daozhang.ledger.words import (
    CardType,
    Channel,
    HoldKind,
    HoldState,
    SignState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)
from daozhang.settlement.due import Due
from daozhang.simulation.drafts import Deal, Event, Fault, HoldDraft, Mishap, Shop
from daozhang.simulation.scene import Payday, Scene
from daozhang.simulation.town import Plant
from daozhang.simulation.trading import pay_with

__all__ = ["Plot"]

_LOOK_BACK = 28
_YESTERDAY_FIRST = (1, 0, *range(2, _LOOK_BACK))
_STEP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plot:
    """A shop with the plant that goes into it, and chance of its own."""

    shop: Shop
    scene: Scene
    plant: Plant
    rng: Random

    @property
    def now(self) -> datetime:
        return self.scene.now

    @property
    def today(self) -> date:
        return local_date(self.scene.now)

    @property
    def terminal(self) -> Terminal:
        return self.shop.terminals[0]

    def due(self, moment: datetime) -> Due:
        """When a card payment of the plant's amount is due."""
        return self.scene.due(self.shop, Channel.CARD, moment, self.plant.amount)

    def payday(self, moment: datetime) -> Payday:
        """When the payout with that payment is made, if nothing goes wrong with it."""
        return self.scene.payday(self.shop, self.due(moment), moment)

    def latest(
        self, fits: Callable[[datetime], bool], clock: str = "", *, yesterday_first: bool = False
    ) -> datetime | None:
        """The latest past moment at the plant's wall-clock time that `fits`, or None."""
        when = time.fromisoformat(clock or self.plant.clock)
        backs = _YESTERDAY_FIRST if yesterday_first else range(_LOOK_BACK)
        for back in backs:
            moment = at(self.today - timedelta(days=back), when)
            if moment + timedelta(minutes=5) < self.now and fits(moment):
                return moment
        return None

    def before(self, newest: datetime, clock: str = "") -> datetime | None:
        """The latest moment at the wall-clock time that is earlier than `newest`."""
        return self.latest(lambda one: one < newest, clock)

    def in_hours(self, ago: timedelta) -> datetime:
        """The latest moment, at least `ago` before now, at which the shop is open."""
        moment = (self.now - ago).replace(second=17, microsecond=0)
        while not self._open(moment):
            moment -= _STEP
        return moment

    def sale(
        self,
        moment: datetime,
        *,
        amount: int | None = None,
        kind: TxnKind = TxnKind.SALE,
        state: TxnState = TxnState.APPROVED,
        code: str | None = "00",
        answered: bool = True,
        mishap: Mishap | None = None,
        original: Deal | None = None,
        terminal: Terminal | None = None,
    ) -> Deal:
        """A card payment of the plant's amount at `moment`, on the first terminal."""
        deal = Deal(
            tid=(terminal or self.terminal).tid,
            channel=Channel.CARD,
            kind=kind,
            amount=amount or self.plant.amount,
            local_at=moment,
            host_at=moment + timedelta(seconds=2) if answered else None,
            state=state,
            response_code=code,
            original=original,
            mishap=mishap,
            planted=True,
        )
        pay_with(deal, self.rng, 0.0)
        deal.card_type = CardType.DEBIT
        if original is not None:
            deal.card_last4, deal.issuer = original.card_last4, original.issuer
        self.shop.deals.append(deal)
        return deal

    def hold(self, kind: HoldKind, since: datetime, materials: str, deal: Deal | None) -> None:
        """Hold one deal, or with None the whole settlement; materials are split at '；'."""
        draft = HoldDraft(
            kind=kind,
            state=HoldState.OPEN,
            since=since,
            review_due=at(self.today + timedelta(days=4), time(18)),
            materials=materials.split("；"),
            deal=deal,
        )
        self.shop.holds.append(draft)
        if deal is not None:
            deal.hold = draft

    def suspend(self, days: int, materials: str, cause: str) -> None:
        """Stop the whole settlement that many days ago; a payment is held by it for `cause`."""
        since = at(self.today - timedelta(days=days), time(9))
        self.hold(HoldKind.SETTLEMENT_SUSPENDED, since, materials, None)
        moment = self.latest(lambda one: since < self.payday(one).created_at < self.now)
        if moment is not None:
            self.record("held", cause, deal=self.sale(moment))

    def happened(self, moment: datetime, kind: TerminalEventKind, detail: str = "") -> None:
        """An event of the first terminal."""
        self.shop.events.append(Event(self.terminal.tid, moment, kind, detail))

    def silence(self, terminal: Terminal, since: datetime) -> None:
        """The terminal lost its link at `since`: nothing of it came afterwards."""
        terminal.last_heartbeat_at = since - timedelta(seconds=95)
        terminal.signal = 1
        terminal.sign_state = SignState.SIGNED_ON
        self.drop(lambda deal: deal.tid == terminal.tid and deal.local_at >= since)
        self.shop.events[:] = [
            one for one in self.shop.events if one.tid != terminal.tid or one.at < since
        ]

    def drop(self, unwanted: Callable[[Deal], bool]) -> None:
        """Take ordinary deals away, with what was done to them later."""
        deals = self.shop.deals
        gone = {id(deal) for deal in deals if not deal.planted and unwanted(deal)}
        gone |= {id(deal) for deal in deals if deal.original and id(deal.original) in gone}
        widowed = {id(deal.original) for deal in deals if id(deal) in gone and deal.original}
        for deal in deals:
            if id(deal) in widowed:
                deal.state = TxnState.APPROVED
        self.shop.deals = [deal for deal in deals if id(deal) not in gone]

    def clear_amount(self) -> None:
        """Take ordinary deals of the plant's amount away, so that it means one payment."""
        self.drop(lambda deal: deal.amount == self.plant.amount)

    def record(
        self,
        outcome: str,
        cause: str | None = None,
        *,
        deal: Deal | None = None,
        amount: int | None = None,
        note: str = "",
    ) -> None:
        """Write down the truth about what was planted."""
        self.shop.faults.append(
            Fault(
                fault=self.plant.fault,
                outcome=outcome,
                cause=cause or self.plant.cause,
                deal=deal,
                amount=amount or (deal.amount if deal else None),
                tid=deal.tid if deal else None,
                note=note,
            )
        )

    def _open(self, moment: datetime) -> bool:
        hour = moment.hour + moment.minute / 60
        return any(
            start <= hour < end or start <= hour + 24 < end for start, end in self.shop.trade.hours
        )
