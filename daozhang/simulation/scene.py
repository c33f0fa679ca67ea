"""The frame of a demo world: its seed, its present moment, and when its money moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from daozhang.clock import at
from daozhang.ledger.terms import terms_of
from daozhang.ledger.words import Channel, IncidentScope
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, Reason, due_for
from daozhang.simulation.drafts import Shop

__all__ = ["BANK_OF_INCIDENT", "Disturbance", "Payday", "Scene"]

BANK_OF_INCIDENT = "江州银行"
"""A bank that does not exist, so that no real one is said to be down."""

_RUN = time(3, 30)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A stretch during which payouts to a bank, or all of them, get no answer."""

    scope: IncidentScope
    target: str
    since: datetime
    until: datetime
    planned: bool
    text: str

    def stops(self, shop: Shop, moment: datetime) -> bool:
        """Whether a payout of `shop` that is submitted at `moment` has to wait."""
        targets = {shop.merchant.account_bank, shop.merchant.region}
        reached = self.scope is IncidentScope.PLATFORM or self.target in targets
        return reached and self.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class Payday:
    """The stations of one payout when nothing is planted on it."""

    created_at: datetime
    submitted_at: datetime
    result_at: datetime
    credited_at: datetime


@dataclass(frozen=True, slots=True)
class Scene:
    """What all shops of a world share."""

    seed: int
    now: datetime
    days: int
    calendar: WorkCalendar
    disturbances: tuple[Disturbance, ...] = ()

    def rng(self, *names: object) -> Random:
        """Chance of its own for a named purpose: drawing more here changes nothing elsewhere."""
        return Random(":".join(str(name) for name in (self.seed, *names)))

    def due(self, shop: Shop, channel: Channel, local_at: datetime, amount: int) -> Due:
        """When the money of such a deal is due under the shop's terms."""
        terms = terms_of(shop.merchant, channel)
        return due_for(terms, local_at, calendar=self.calendar, amount=amount)

    def payday(self, shop: Shop, due: Due, local_at: datetime) -> Payday:
        """When the payout that carries a deal of `local_at` is made and reaches the bank."""
        if Reason.INSTANT in due.reasons:
            return self._instant(shop, local_at)
        return self.run(shop, due.due_day)

    def run(self, shop: Shop, due_day: date) -> Payday:
        """The run in the night to `due_day`, about 03:30; the bank posts it at its usual hour."""
        rng = self.rng("payday", shop.mid, due_day)
        created = at(due_day, _RUN) + timedelta(seconds=rng.randrange(240))
        submitted = created + timedelta(seconds=rng.randrange(60, 1500))
        credited = at(due_day, shop.credit_clock) + timedelta(seconds=rng.randrange(600))
        return self._disturbed(
            shop, Payday(created, submitted, credited - timedelta(seconds=90), credited), rng
        )

    def _instant(self, shop: Shop, local_at: datetime) -> Payday:
        rng = self.rng("instant", shop.mid, local_at)
        created = local_at + timedelta(seconds=6)
        submitted = created + timedelta(seconds=1)
        result = submitted + timedelta(seconds=rng.randrange(20, 700))
        credited = result + timedelta(seconds=rng.randrange(5, 90))
        return self._disturbed(shop, Payday(created, submitted, result, credited), rng)

    def _disturbed(self, shop: Shop, payday: Payday, rng: Random) -> Payday:
        for one in self.disturbances:
            if one.stops(shop, payday.submitted_at) and payday.result_at < one.until:
                result = one.until + timedelta(seconds=rng.randrange(600, 2400))
                return Payday(
                    payday.created_at,
                    payday.submitted_at,
                    result,
                    result + timedelta(seconds=rng.randrange(5, 90)),
                )
        return payday
