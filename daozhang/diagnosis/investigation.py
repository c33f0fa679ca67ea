"""Looking a complaint up: which payments it can mean, judged and put together by their fate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from daozhang.diagnosis.gate import Surroundings, judge
from daozhang.diagnosis.verdict import Claim, Finding, Outcome, Verdict
from daozhang.errors import InputError
from daozhang.ledger.lookups import MerchantLedger, TxnQuery
from daozhang.ledger.models import Txn
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["Investigation"]

_LOOKBACK = timedelta(days=14)
"""How far back money that is still missing is looked for when no time was said."""

_RANK = (
    Outcome.OUTCOME_UNKNOWN,
    Outcome.PAYOUT_FAILED,
    Outcome.HELD,
    Outcome.OVERDUE,
    Outcome.NOT_YET_DUE,
    Outcome.DECLINED,
    Outcome.CREDITED,
)


@dataclass(frozen=True, slots=True)
class _Fate:
    """What payments must have in common to be told in one breath."""

    finding: Finding
    payout_no: str | None
    due_at: datetime | None
    single: int | None


class Investigation:
    """Reads one merchant's ledger and judges what it finds, at one moment.

    Raises InputError when the merchant is not in the ledger.
    """

    def __init__(self, session: Session, mid: str, calendar: WorkCalendar, now: datetime) -> None:
        self.ledger = MerchantLedger(session, mid)
        merchant = self.ledger.merchant()
        if merchant is None:
            raise InputError(f"商户号 {mid} 不在账本里")
        self.merchant = merchant
        self._around = Surroundings(
            merchant=merchant,
            merchant_hold=self.ledger.merchant_hold(),
            incidents=self.ledger.incidents(now),
            calendar=calendar,
            now=now,
            successor_of=self.ledger.successor_of,
        )

    def fitting(self, query: TxnQuery, claim: Claim | None = None) -> list[Verdict]:
        """Verdicts on the payments that fit `query`, one for each fate, the worst first."""
        return self._verdicts(self.ledger.find(query), claim)

    def missing(self, claim: Claim | None = None) -> list[Verdict]:
        """Verdicts on the money of the last days that the merchant cannot have yet."""
        return self._verdicts(self.ledger.unpaid(self._around.now - _LOOKBACK), claim)

    def of(self, ids: Sequence[int], claim: Claim | None = None) -> Verdict | None:
        """The verdict, as of now, on payments picked earlier; None when none is the merchant's.

        Payments that shared a fate when they were picked may have parted since: the worst is told.
        """
        verdicts = self._verdicts(self.ledger.txns(ids), claim)
        return verdicts[0] if verdicts else None

    def last_arrival(self, claim: Claim | None = None) -> Verdict | None:
        """The verdict on the payments that came with the most recent credited payout."""
        payout = self.ledger.last_credited()
        if payout is None:
            return None
        verdicts = self._verdicts(self.ledger.items_of(payout.no), claim)
        return verdicts[0] if verdicts else None

    def _verdicts(self, txns: Sequence[Txn], claim: Claim | None) -> list[Verdict]:
        by_fate: dict[_Fate, Verdict] = {}
        for txn in txns:
            verdict = judge(txn, self._around, claim)
            fate = _fate(verdict)
            known = by_fate.get(fate)
            by_fate[fate] = verdict if known is None else _together(known, verdict)
        return sorted(by_fate.values(), key=lambda one: _RANK.index(one.outcome))


def _fate(verdict: Verdict) -> _Fate:
    alone = verdict.outcome in {Outcome.OUTCOME_UNKNOWN, Outcome.DECLINED}
    alone = alone or verdict.finding is Finding.PREAUTH_OPEN
    subject = verdict.subject
    return _Fate(
        verdict.finding,
        verdict.payout.no if verdict.payout else None,
        verdict.due.due_at if verdict.due else None,
        subject.ids[0] if alone and subject else None,
    )


def _together(first: Verdict, second: Verdict) -> Verdict:
    if first.subject is None or second.subject is None:
        return first
    joined = first.subject.joined(second.subject)
    cause = first.cause if first.cause == second.cause else None
    return replace(first, subject=joined, cause=cause)
