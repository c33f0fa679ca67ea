"""Looking a complaint up: which payments it can mean, judged and put together by their fate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

from sqlalchemy.orm import Session

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.expecting import expected
from daozhang.diagnosis.judging import judge
from daozhang.diagnosis.machine import SILENT_AFTER, Machine, in_use
from daozhang.diagnosis.overview import Overview, overview_of
from daozhang.diagnosis.payment import Surroundings
from daozhang.diagnosis.payouts import PayoutBook
from daozhang.diagnosis.rules.incidents import AFTERMATH
from daozhang.diagnosis.trouble import Trouble, troubles_of
from daozhang.diagnosis.verdict import Claim, Finding, Outcome, Verdict
from daozhang.errors import InputError
from daozhang.ledger.lookups import MerchantLedger, TxnQuery
from daozhang.ledger.models import Terminal, Txn
from daozhang.ledger.terms import filled_from, terms_of
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["Investigation"]

_LOOKBACK = timedelta(days=14)
"""How far back money that is still missing is looked for when no time was said."""
_WEEK = timedelta(days=7)
_WHOLE_WEEK = 5_000
"""As many payments as an overview takes in; more are told to be left out."""

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
    doubt: Circumstance | None
    single: int | None


class Investigation:
    """Reads one merchant's ledger and judges what it finds, at one moment.

    Raises InputError when the merchant is not in the ledger.
    """

    def __init__(self, session: Session, mid: str, calendar: WorkCalendar, now: datetime) -> None:
        self.ledger = ledger = MerchantLedger(session, mid)
        merchant = ledger.merchant()
        if merchant is None:
            raise InputError(f"商户号 {mid} 不在账本里")
        self.merchant = merchant
        self.now = now
        self._around = Surroundings(
            merchant=merchant,
            merchant_hold=ledger.merchant_hold(),
            incidents=ledger.incidents(now, after=now - AFTERMATH),
            notices=ledger.notices(local_date(now)),
            calendar=calendar,
            now=now,
            successor_of=cache(ledger.successor_of),
            terminal=cache(ledger.terminal),
            events_of=cache(lambda tid: ledger.terminal_events(tid, now - _LOOKBACK)),
            owed_by=cache(ledger.owed),
            sold=cache(ledger.sold),
            terms=cache(partial(terms_of, merchant)),
            guessed_from=filled_from(merchant),
        )

    def fitting(self, query: TxnQuery, claim: Claim | None = None) -> list[Verdict]:
        """Verdicts on the payments that fit `query`, one for each fate, the worst first.

        An amount that no payment has can be that of a payout, or what one lacks ("少了500");
        who speaks of a short balance means the latter first.
        """
        found = self._verdicts(self.ledger.find(query), claim)
        lacks = claim is not None and claim.cause is Cause.INSUFFICIENT_BALANCE
        if (found and not lacks) or query.amount_low is None or query.amount_high is None:
            return found
        if query.ref_no or query.order_no or query.card_last4:
            return found
        low, high = query.amount_low, query.amount_high
        book = PayoutBook(self.ledger, query.since or self.now - _LOOKBACK, self.now)
        payout = book.lacking(low, high) if found else book.of_amount(low, high)
        if payout is None:
            return found
        told = self._verdicts(self.ledger.items_of(payout.no), claim)
        arrived = [one for one in told if one.outcome is Outcome.CREDITED]
        return [book.itemised(one) for one in (arrived or told)[:1]]

    def missing(self, claim: Claim | None = None) -> list[Verdict]:
        """Verdicts on the money of the last days that the merchant cannot have yet."""
        return self._verdicts(self.ledger.unpaid(self.now - _LOOKBACK), claim)

    def of(self, ids: Sequence[int], claim: Claim | None = None) -> Verdict | None:
        """The verdict, as of now, on payments picked earlier; None when none is the merchant's.

        Payments that shared a fate when they were picked may have parted since: the worst is told.
        """
        verdicts = self._verdicts(self.ledger.txns(ids), claim)
        return verdicts[0] if verdicts else None

    def due_at(self, txn: Txn) -> datetime | None:
        """When a payment's money is due, as its verdict tells it.

        None while it is not owed, or where the terms are a guess.
        """
        due = expected(txn, self._around) if txn.item else None
        return due.due_at if due and due.certain else None

    def last_arrival(self, claim: Claim | None = None) -> Verdict | None:
        """The verdict on the payments that came with the most recent credited payout."""
        payout = self.ledger.last_credited()
        if payout is None:
            return None
        verdicts = self._verdicts(self.ledger.items_of(payout.no), claim)
        return verdicts[0] if verdicts else None

    def overview(self, query: TxnQuery) -> Overview:
        """All payments that fit, a day's or a week's, by fate, with sums that reconcile."""
        txns = self.ledger.find(query, limit=_WHOLE_WEEK + 1)
        complete = len(txns) <= _WHOLE_WEEK
        each = self._judged(txns[:_WHOLE_WEEK], None)
        return overview_of(each, _by_fate(each), complete=complete)

    def terminal_trouble(self, claim: Claim | None = None, tid: str | None = None) -> list[Trouble]:
        """What the merchant's machines themselves show of the last week, the surest first.

        For complaints that name no payment: "天天掉线", "开不了机". `tid` keeps it to one machine.
        """
        found: list[Trouble] = []
        for terminal in self._machines(tid):
            machine = self._machine(terminal)
            late = any(judge(txn, self._around).outcome is Outcome.OVERDUE for txn in machine.txns)
            found.extend(troubles_of(machine, claim, money_late=late))
        return sorted(found, key=lambda one: one.confidence, reverse=True)

    def cut_off(self, tid: str | None = None) -> bool:
        """Whether there are machines, and none has been heard of lately: no bank can be reached.

        `tid` asks for one machine.
        """
        heard = [one.last_heartbeat_at for one in self._machines(tid)]
        recent = [one for one in heard if one is not None and self.now - one <= SILENT_AFTER]
        return any(heard) and not recent

    def _machines(self, tid: str | None) -> Sequence[Terminal]:
        """The machine `tid`, or all that are in use; where none is, those that there are."""
        every = [one for one in self.ledger.terminals() if tid in {None, one.tid}]
        return [one for one in every if in_use(one, self.now)] or every

    def _machine(self, terminal: Terminal) -> Machine:
        since = self.now - _WEEK

        def others_on_version(codes: Collection[str]) -> int:
            return self.ledger.terminals_with(terminal.app_version, codes, since)

        return Machine(
            terminal,
            [one for one in self._around.events_of(terminal.tid) if one.at >= since],
            self.ledger.find(TxnQuery(tid=terminal.tid, since=since)),
            self.now,
            others_on_version,
        )

    def _verdicts(self, txns: Sequence[Txn], claim: Claim | None) -> list[Verdict]:
        return _by_fate(self._judged(txns, claim))

    def _judged(self, txns: Sequence[Txn], claim: Claim | None) -> list[Verdict]:
        """A verdict for each payment."""
        undone: dict[int, list[Txn]] = defaultdict(list)
        for one in self.ledger.undoing([txn.id for txn in txns]) if txns else ():
            undone[one.original_id or 0].append(one)
        around = replace(self._around, undone=undone)
        return [judge(txn, around, claim) for txn in txns]


def _by_fate(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts with one fate put together, the worst first."""
    fates: dict[_Fate, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        fates[_fate(verdict)].append(verdict)
    joined = [_together(same) for same in fates.values()]
    return sorted(joined, key=lambda one: _RANK.index(one.outcome))


def _fate(verdict: Verdict) -> _Fate:
    alone = verdict.outcome in {Outcome.OUTCOME_UNKNOWN, Outcome.DECLINED}
    alone = alone or verdict.finding in {Finding.PREAUTH_OPEN, Finding.CHARGED_BACK}
    subject = verdict.subject
    return _Fate(
        verdict.finding,
        verdict.payout.no if verdict.payout else None,
        verdict.due.due_at if verdict.due else None,
        verdict.doubt,
        subject.ids[0] if alone and subject else None,
    )


def _together(same: Sequence[Verdict]) -> Verdict:
    """One verdict on all of them: the first one's, without a cause that they do not share."""
    first, *others = same
    subjects = [one.subject for one in same if one.subject is not None]
    if not others or not subjects:
        return first
    causes = {one.cause for one in same}
    circumstances = {one.circumstance for one in same}
    return replace(
        first,
        subject=subjects[0].joined(subjects[1:]),
        cause=first.cause if len(causes) == 1 else None,
        circumstance=first.circumstance if len(circumstances) == 1 else None,
    )
