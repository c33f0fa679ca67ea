"""What merchants of the demo town say: the planted complaints, worded for the day they are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.clock import SHANGHAI, local_date
from daozhang.ledger.models import Txn
from daozhang.simulation.town import load_featured
from daozhang.simulation.truth import PlantedFault
from daozhang.texts import load_texts

__all__ = ["complaints", "featured_questions"]

_PARTS = ((5, "night"), (9, "early"), (11.5, "morning"), (13.5, "noon"), (18, "afternoon"))


def featured_questions(session: Session, now: datetime) -> dict[str, list[str]]:
    """What to type for each featured merchant of the stored world, with day words as of `now`."""
    planted = session.execute(
        select(PlantedFault, Txn.local_at)
        .outerjoin(Txn, PlantedFault.txn_id == Txn.id)
        .order_by(PlantedFault.id)
    ).all()
    questions: dict[str, list[str]] = {}
    for shop in load_featured():
        said = [
            complaints(fault.fault, local_at, fault.amount, fault.note, now)[0]
            for fault, local_at in planted
            if fault.mid == shop.mid
        ]
        if said:
            questions[shop.mid] = list(dict.fromkeys(said))
    return questions


def complaints(
    fault: str, local_at: datetime | None, amount: int | None, note: str, now: datetime
) -> list[str]:
    """The ways in which a merchant may say it at `now`, the plainest first."""
    texts = load_texts("simulation")
    moment = local_at or now
    said = texts(
        f"ask_{fault}",
        when=_day(moment, now) + texts(_part(moment)),
        weekday=_day(moment, now, named_from=2),
        today=_weekday(now),
        yuan=_yuan(amount or 0),
        code=note,
    )
    return said.splitlines()


def _day(moment: datetime, now: datetime, named_from: int = 3) -> str:
    """今天, 昨天 or 前天; from `named_from` days back the day is called by its weekday or date."""
    texts = load_texts("simulation")
    day, today = local_date(moment), local_date(now)
    back = (today - day).days
    if back < named_from:
        return texts(("day_today", "day_yesterday", "day_before")[back])
    monday = today.toordinal() - today.weekday()
    if day.toordinal() >= monday:
        return texts("day_this_week", name=_weekday(moment))
    if day.toordinal() >= monday - 7:
        return texts("day_last_week", name=_weekday(moment))
    return texts("day_far", month=day.month, number=day.day)


def _weekday(moment: datetime) -> str:
    return load_texts("simulation")("weekdays")[local_date(moment).weekday()]


def _part(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    hour = local.hour + local.minute / 60
    return "part_" + next((name for end, name in _PARTS if hour < end), "evening")


def _yuan(fen: int) -> str:
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}".rstrip("0") if rest else str(yuan)
