"""Examining the diagnosis: each planted complaint is judged and held against the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.search import search
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.judging import not_found
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.verdict import Evidence, Outcome, Verdict
from daozhang.ledger.models import (
    Hold,
    Payout,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.terms import due_of, terms_of
from daozhang.settlement.calendar import WorkCalendar
from daozhang.simulation.complaining import Complaint

__all__ = ["Answer", "examine"]

_OWN = {"txns", "clearings", "settle_items", "payouts", "holds", "terminals", "terminal_events"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the diagnosis said to one complaint, next to what was planted."""

    complaint: Complaint
    outcome: str
    cause: str | None
    picked_from: int
    """How many verdicts the words fitted; with more than one the merchant picks."""
    foreign: tuple[str, ...]
    """Rows of other merchants that any of the verdicts shows."""
    early: int
    """How many payments were called late before their due time."""

    @property
    def outcome_right(self) -> bool:
        return self.outcome == self.complaint.fault.outcome

    @property
    def cause_right(self) -> bool:
        return self.cause == self.complaint.fault.cause


def examine(
    session: Session, complaints: Sequence[Complaint], *, now: datetime, calendar: WorkCalendar
) -> Iterator[Answer]:
    """Judge every complaint as its merchant, and every verdict by what it shows.

    All of the merchant's missing money is judged too, for the rows shown and the due times.
    """
    owners = _owners(session)
    for complaint in complaints:
        fault, asked = complaint.fault, complaint.asked
        investigation = Investigation(session, fault.mid, calendar, now)
        details = asked.model_copy(update={"tid": None})
        verdicts = search(investigation, details, now).verdicts or [not_found(asked.claim)]
        meant = _meant(verdicts, fault.txn_id)
        cause = str(meant.cause) if meant.cause else None
        shown = [*verdicts, *investigation.missing(asked.claim)]
        evidence = [row for verdict in shown for row in verdict.evidence + verdict.refuted_by]
        if complaint.about_machine:
            troubles = investigation.terminal_trouble(asked.claim, asked.tid)
            cause = str(troubles[0].cause) if troubles else None
            evidence += [row for trouble in troubles for row in trouble.evidence]
        for verdict in shown:
            if verdict.subject is not None:
                tell(verdict, now)
        yield Answer(
            complaint,
            meant.outcome,
            cause,
            len(verdicts),
            tuple(_foreign(fault.mid, shown, evidence, owners)),
            sum(_early(investigation, verdict, now, calendar) for verdict in shown),
        )


def _meant(verdicts: Sequence[Verdict], txn_id: int | None) -> Verdict:
    """The verdict on the payment that the complaint means; the first when none holds it."""
    for verdict in verdicts:
        if txn_id is not None and verdict.subject and txn_id in verdict.subject.ids:
            return verdict
    return verdicts[0]


def _owners(session: Session) -> dict[tuple[str, str], str]:
    """Whose row each piece of evidence is, by table and key."""
    owners: dict[tuple[str, str], str] = {}
    for id_, mid, *keys in session.execute(select(Txn.id, Txn.mid, Txn.ref_no, Txn.order_no)):
        for table in ("txns", "clearings", "settle_items"):
            owners[table, str(id_)] = mid
        owners.update({("txns", key): mid for key in keys if key})
    for no, mid in session.execute(select(Payout.no, Payout.mid)):
        owners["payouts", no] = mid
    for id_, mid in session.execute(select(Hold.id, Hold.mid)):
        owners["holds", str(id_)] = mid
    for tid, mid in session.execute(select(Terminal.tid, Terminal.mid)):
        owners["terminals", tid] = mid
    for id_, mid in session.execute(
        select(TerminalEvent.id, Terminal.mid).join(Terminal, Terminal.tid == TerminalEvent.tid)
    ):
        owners["terminal_events", str(id_)] = mid
    return owners


def _foreign(
    mid: str,
    verdicts: Sequence[Verdict],
    evidence: Sequence[Evidence],
    owners: dict[tuple[str, str], str],
) -> Iterator[str]:
    keys = {("txns", str(one)) for v in verdicts if v.subject for one in v.subject.ids}
    keys |= {("payouts", v.payout.no) for v in verdicts if v.payout}
    keys |= {(row.table, row.key) for row in evidence if row.table in _OWN}
    for key in sorted(keys):
        if owners.get(key, mid) != mid:
            yield " ".join(key)
    yield from (row.key for row in evidence if row.table == "merchants" and row.key != mid)


def _early(
    investigation: Investigation, verdict: Verdict, now: datetime, calendar: WorkCalendar
) -> int:
    """How many payments of an overdue verdict are not due yet by the rule and by their item."""
    if verdict.outcome is not Outcome.OVERDUE or verdict.subject is None:
        return 0
    txns = investigation.ledger.txns(verdict.subject.ids)
    merchant = investigation.merchant
    dues = (due_of(txn, terms_of(merchant, txn.channel), calendar) for txn in txns)
    return sum(now <= due.due_at for due in dues)
