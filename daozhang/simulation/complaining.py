"""How the planted faults are complained of: with few details or many, and with wrong causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.questions import Asked
from daozhang.causes import Cause
from daozhang.clock import at, local_date
from daozhang.ledger.models import Merchant, Txn
from daozhang.ledger.terms import due_of, terms_of
from daozhang.ledger.words import Channel
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Reason
from daozhang.simulation.machine_faults import OF_THE_MACHINE
from daozhang.simulation.truth import PlantedFault
from daozhang.understanding import AmountRange

__all__ = ["Claimed", "Complaint", "complaints_of"]

_ALWAYS_CLAIMED = {"mistyped"}
_ON_ITS_WAY = "not_yet_due"
_BEHIND = {
    Reason.AFTER_CUTOFF: Cause.CLEARING_DELAY,
    Reason.HOLIDAY: Cause.CLEARING_DELAY,
    Reason.WEEKEND: Cause.BANK_RULES,
    Reason.NEW_MERCHANT: Cause.BANK_RULES,
    Reason.OVER_INSTANT_CAP: Cause.PLATFORM_RESTRICTION,
    Reason.INSTANT_WINDOW_CLOSED: Cause.PLATFORM_RESTRICTION,
}


class Claimed(StrEnum):
    """Whether the merchant names a cause, and whether it is the planted one."""

    NOTHING = "nothing"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is known of a planted fault once the merchant has spoken."""

    fault: PlantedFault
    asked: Asked
    claimed: Claimed
    about_machine: bool
    """Whether they speak of a machine; `asked.tid` says which, where two faults are planted."""
    paired: bool
    """Whether another fault is planted in the same shop."""


def complaints_of(
    session: Session, *, seed: int, now: datetime, calendar: WorkCalendar
) -> list[Complaint]:
    """One complaint for each planted fault of the ledger, the same for the same seed."""
    faults = session.scalars(select(PlantedFault).order_by(PlantedFault.id)).all()
    in_shop = Counter(fault.mid for fault in faults)
    found = []
    for fault in faults:
        rng = Random(f"{seed}:complaint:{fault.id}")
        txn = session.get(Txn, fault.txn_id) if fault.txn_id else None
        merchant = session.get_one(Merchant, fault.mid)
        true = _true_causes(fault, txn, merchant, calendar)
        claimed, cause, confidence = _claim(fault, true, rng)
        machine = fault.fault in OF_THE_MACHINE
        asked = _details(fault, txn, now, rng).model_copy(
            update={"cause": cause, "cause_confidence": confidence, "explains": cause is not None}
        )
        if machine:
            named = in_shop[fault.mid] > 1 or rng.random() < 0.5
            asked = asked.model_copy(update={"tid": fault.tid if named else None})
        found.append(Complaint(fault, asked, claimed, machine, in_shop[fault.mid] > 1))
    return found


def _true_causes(
    fault: PlantedFault, txn: Txn | None, merchant: Merchant, calendar: WorkCalendar
) -> set[Cause]:
    """The planted cause and what else the calendar makes true of money on its way."""
    true = {Cause(fault.cause)} if fault.cause else set()
    if txn is not None and fault.outcome == _ON_ITS_WAY:
        reasons = due_of(txn, terms_of(merchant, txn.channel), calendar).reasons
        true |= {_BEHIND[reason] for reason in reasons if reason in _BEHIND}
    return true


def _claim(
    fault: PlantedFault, true: set[Cause], rng: Random
) -> tuple[Claimed, Cause | None, float]:
    chance, confidence = rng.random(), round(rng.uniform(0.4, 0.95), 2)
    if fault.fault in _ALWAYS_CLAIMED:
        return Claimed.RIGHT, Cause(fault.cause or ""), max(confidence, 0.9)
    if chance < 0.25 and fault.cause:
        return Claimed.RIGHT, Cause(fault.cause), confidence
    if chance < 0.65:
        return Claimed.WRONG, rng.choice([one for one in Cause if one not in true]), confidence
    return Claimed.NOTHING, None, 0.0


def _details(fault: PlantedFault, txn: Txn | None, now: datetime, rng: Random) -> Asked:
    if txn is None:
        yesterday = local_date(now) - timedelta(days=1)
        return _on(Asked(amount_low=fault.amount, amount_high=fault.amount), yesterday)
    if txn.amount != fault.amount:
        return Asked(amount_low=fault.amount, amount_high=fault.amount)
    ways = sorted(_WAYS) if fault.fault not in OF_THE_MACHINE else ("number", "sum and day")
    return _WAYS[rng.choice(ways)](txn, rng)


def _sum_and_day(txn: Txn, rng: Random) -> Asked:
    asked = Asked(amount_low=txn.amount, amount_high=txn.amount, channels=(Channel.CARD,))
    return _on(asked, local_date(txn.local_at))


def _sum_alone(txn: Txn, rng: Random) -> Asked:
    return Asked(amount_low=txn.amount, amount_high=txn.amount)


def _round_sum(txn: Txn, rng: Random) -> Asked:
    """ "一千多" of that day: the sum within a tenth."""
    span = AmountRange.from_value(round(txn.amount, -3) or txn.amount, approx=True)
    low, high = min(span.low, txn.amount), max(span.high, txn.amount)
    asked = Asked(amount_low=low, amount_high=high, channels=(Channel.CARD,))
    return _on(asked, local_date(txn.local_at))


def _wrong_day(txn: Txn, rng: Random) -> Asked:
    """The right sum, remembered for the day before or after."""
    day = local_date(txn.local_at) + timedelta(days=rng.choice((-1, 1)))
    return _on(Asked(amount_low=txn.amount, amount_high=txn.amount), day)


def _card_and_day(txn: Txn, rng: Random) -> Asked:
    return _on(Asked(card_last4=txn.card_last4), local_date(txn.local_at))


def _number(txn: Txn, rng: Random) -> Asked:
    return Asked(ref_no=txn.ref_no) if txn.ref_no else _sum_and_day(txn, rng)


_WAYS: Mapping[str, Callable[[Txn, Random], Asked]] = {
    "card and day": _card_and_day,
    "number": _number,
    "round sum": _round_sum,
    "sum alone": _sum_alone,
    "sum and day": _sum_and_day,
    "wrong day": _wrong_day,
}


def _on(asked: Asked, day: date) -> Asked:
    """The same, and said to be on that day."""
    since = at(day, time.min)
    return asked.model_copy(update={"since": since, "until": since + timedelta(days=1)})
