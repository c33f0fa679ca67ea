"""`daozhang explain`: the verdicts on what a merchant may mean, as text and as JSON.

For staff and for tests: it shows the rows, which merchants never see as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from daozhang.causes import Cause
from daozhang.clock import SHANGHAI
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.judging import not_found
from daozhang.diagnosis.overview import Overview
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.render_overview import tell_overview
from daozhang.diagnosis.verdict import Claim, Subject, Verdict
from daozhang.errors import InputError
from daozhang.ledger.lookups import TxnQuery
from daozhang.money import format_yuan, parse_yuan
from daozhang.settlement.calendar import WorkCalendar
from daozhang.texts import load_texts

__all__ = ["Explanation", "as_json", "asked", "claim_named", "explain"]


_SLIP = 12
"""Reference numbers on slips have 12 characters; longer ones are order numbers (§1.2)."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the core answers. Verdicts are ordered as they would be told, the worst first."""

    verdicts: tuple[Verdict, ...]
    text: str
    overview: Overview | None = None
    """When a time was asked about rather than a payment: all payments of it, one by one."""

    @property
    def json(self) -> Any:
        """A list of verdicts, or the overview."""
        return as_json(self.overview or self.verdicts)


def explain(
    session: Session,
    calendar: WorkCalendar,
    now: datetime,
    mid: str,
    query: TxnQuery | None = None,
    claim: Claim | None = None,
) -> Explanation:
    """Judge what fits `query`, or without one all money that the merchant still misses.

    Raises InputError when the merchant is not in the ledger.
    """
    investigation = Investigation(session, mid, calendar, now)
    if query is not None and query.since is not None and not query.names_one:
        return _of_days(investigation.overview(query), now)
    found = investigation.fitting(query, claim) if query else investigation.missing(claim)
    verdicts: Sequence[Verdict] = found or [not_found(claim)]
    return Explanation(tuple(verdicts), _blocks(verdicts, now))


def _of_days(overview: Overview, now: datetime) -> Explanation:
    """A table by payment, the sums as they are told, and what is behind each fate."""
    told = tell_overview(overview, now)[0].text
    table = "\n".join(_row(one, one.subject) for one in overview.each if one.subject)
    parts = (table, told, _blocks(overview.verdicts, now))
    return Explanation(overview.verdicts, "\n\n".join(filter(None, parts)), overview)


def _row(verdict: Verdict, subject: Subject) -> str:
    cells = (
        f"{subject.first_at:%m-%d %H:%M}",
        subject.channel,
        subject.ref_no or "-",
        f"{format_yuan(subject.amount)} - {format_yuan(subject.fee)} = {format_yuan(subject.net)}",
        _head(verdict),
    )
    return "  ".join(cells)


def _blocks(verdicts: Sequence[Verdict], now: datetime) -> str:
    blocks = []
    for verdict in verdicts:
        lines = [_head(verdict)]
        if verdict.subject is None:
            lines.append(load_texts("verdicts")("not_found_any"))
        else:
            bubbles = tell(verdict, now)
            lines.extend(bubble.text for bubble in bubbles)
        lines.extend(_outlook(verdict))
        lines.extend(f"  · {row.table} {row.key}: {row.fact}" for row in verdict.evidence)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def asked(
    ref: str | None, amount: str | None, since: datetime | None, until: datetime | None
) -> TxnQuery | None:
    """The query behind what staff typed; None when nothing was. Amounts are yuan.

    Naive times are Shanghai's. Raises InputError when the amount is none.
    """
    if not any((ref, amount, since, until)):
        return None
    fen = parse_yuan(amount) if amount else None
    slip = ref is not None and len(ref) <= _SLIP
    return TxnQuery(
        amount_low=fen,
        amount_high=fen,
        since=since.replace(tzinfo=SHANGHAI) if since else None,
        until=until.replace(tzinfo=SHANGHAI) if until else None,
        ref_no=ref if slip else None,
        order_no=None if slip else ref,
    )


def claim_named(cause: str | None) -> Claim | None:
    """A claim by the key of its cause. Raises InputError that lists the keys."""
    if cause is None:
        return None
    if cause not in set(Cause):
        raise InputError(f"没有原因“{cause}”，可以是 {'、'.join(Cause)}")
    return Claim(Cause(cause), 1.0)


def as_json(value: Any) -> Any:
    """A verdict or any part of one as plain JSON values; times in ISO with their offset."""
    if isinstance(value, Verdict):
        return {"outcome": value.outcome.value, **_fields(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, dict):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _fields(value: Any) -> dict[str, Any]:
    return {one.name: as_json(getattr(value, one.name)) for one in fields(value)}


def _outlook(verdict: Verdict) -> list[str]:
    """What happens next and what the merchant can do, in the words of the code."""
    lines, event = [], verdict.next_event
    if event is not None:
        lines.append(f"  → {event.kind}" + (f" {event.at:%F %R}" if event.at else ""))
    if verdict.remedy is not None:
        lines.append(f"  ✎ {verdict.remedy}")
    return lines


def _head(verdict: Verdict) -> str:
    what = (
        verdict.outcome,
        verdict.finding,
        verdict.cause or "-",
        verdict.circumstance or "-",
        f"{verdict.confidence:.2f}",
    )
    return f"[{' · '.join(what)}]"
