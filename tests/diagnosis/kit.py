"""Worlds in a few words, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from daozhang.causes import Cause
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.verdict import Claim, Verdict
from daozhang.ledger.loading import store_world
from daozhang.ledger.worldfile import World
from tests.worlds import CALENDAR, MID, moment, world

__all__ = [
    "NOON",
    "SALE",
    "TUESDAY_NIGHT",
    "Rows",
    "a_sale_in",
    "declined",
    "held",
    "looked_into",
    "paid",
    "refused",
    "shop",
    "unknown",
    "verdict_on",
]

type Rows = dict[str, Any]

NOON = "2026-11-24 12:00"
"""Tuesday noon: money of Monday is due at 18:00."""
TUESDAY_NIGHT = "2026-11-24 20:00"
"""Money of Monday is overdue."""

SALE = {"key": "sale", "amount": 300_000, "local_at": "2026-11-23T15:10", "settle": True}


def a_sale_in(changes: Rows, **rows: Any) -> Rows:
    """A world whose first payment is Monday's 3,000 yuan, with these changes."""
    return {"txns": [SALE | changes], **rows}


def paid(state: str = "credited", **more: Any) -> Rows:
    payout = {"carries": ["sale"], "state": state, "result_at": "2026-11-24T08:32", **more}
    return a_sale_in({}, payouts=[payout])


def refused(text: str) -> Rows:
    return paid("failed", fail_text=text)


def held(kind: str, **more: Any) -> Rows:
    hold = {"txn": "sale", "kind": kind, "since": "2026-11-23T16:00", **more}
    return a_sale_in({}, holds=[hold])


def declined(code: str, **terminal: Any) -> Rows:
    return a_sale_in(
        {"state": "declined", "response_code": code, "settle": False}, terminals=[terminal]
    )


def unknown(code: str | None = "09", **rows: Any) -> Rows:
    changes = {"state": "unknown", "response_code": code, "settle": False}
    return a_sale_in(changes, **({"terminals": [{}]} | rows))


def shop(**terms: Any) -> Rows:
    return {"merchants": [terms]}


@contextmanager
def looked_into(rows: Rows, now: str) -> Iterator[Investigation]:
    with world() as session:
        store_world(session, World.model_validate(rows))
        yield Investigation(session, MID, CALENDAR, moment(now))


def verdict_on(rows: Rows, now: str = NOON, claim: Cause | None = None) -> Verdict:
    """The verdict on the first payment of the world. It can always be told."""
    with looked_into(rows, now) as investigation:
        said = Claim(claim, 0.8) if claim else None
        verdict = investigation.of([1], said)
        assert verdict is not None
        now_at = moment(now)
        bubbles = tell(verdict, now_at)
        assert 1 <= len(bubbles) <= 3
        return verdict
