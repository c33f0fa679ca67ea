"""A day or a week at one glance: payments by fate, with counts and sums to the fen (§9, 22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from daozhang.diagnosis.verdict import Finding, Outcome, Verdict

__all__ = ["Overview", "Share", "Tally", "overview_of", "share_of"]


class Share(StrEnum):
    """What a merchant wants to tell apart: it is here, it comes, it is stuck, it never comes."""

    ARRIVED = "arrived"
    COMING = "coming"
    STUCK = "stuck"
    OPEN = "open"
    """Not settled money yet: doubtful, stored in the machine, or only reserved."""
    NEVER = "never"


_SHARES = {
    Outcome.CREDITED: Share.ARRIVED,
    Outcome.NOT_YET_DUE: Share.COMING,
    Outcome.OVERDUE: Share.STUCK,
    Outcome.HELD: Share.STUCK,
    Outcome.PAYOUT_FAILED: Share.STUCK,
    Outcome.OUTCOME_UNKNOWN: Share.OPEN,
    Outcome.DECLINED: Share.NEVER,
}


_MISSING = (Share.STUCK, Share.OPEN, Share.COMING)
_ORDER = (*_MISSING, Share.NEVER, Share.ARRIVED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and their sums in fen before and after the fee."""

    count: int = 0
    amount: int = 0
    net: int = 0

    def plus(self, count: int, amount: int, net: int) -> Tally:
        return Tally(self.count + count, self.amount + amount, self.net + net)


@dataclass(frozen=True, slots=True)
class Overview:
    """`total` is the sum of `shares`, and each share that of its payments, to the fen."""

    each: tuple[Verdict, ...]
    """Every payment with its own verdict: what is missing first, then the newest."""
    verdicts: tuple[Verdict, ...]
    """The same payments by fate."""
    total: Tally
    shares: dict[Share, Tally]
    complete: bool
    """False when there were more payments than are looked at in one go."""

    @property
    def missing(self) -> tuple[Verdict, ...]:
        """The payments whose money is still to come."""
        return tuple(one for one in self.each if share_of(one) in _MISSING)

    @property
    def not_arrived(self) -> tuple[Verdict, ...]:
        """Those and what will never come: everything but what is here."""
        return tuple(one for one in self.each if share_of(one) is not Share.ARRIVED)


def share_of(verdict: Verdict) -> Share:
    """The share that a verdict's payments count in."""
    if verdict.finding is Finding.PREAUTH_OPEN:
        return Share.OPEN
    return _SHARES[verdict.outcome]


def overview_of(each: Sequence[Verdict], by_fate: Sequence[Verdict], *, complete: bool) -> Overview:
    """Add the payments up. Those that never come have an amount, and a net of nothing."""
    shares = {share: Tally() for share in Share}
    total = Tally()
    for verdict in each:
        subject = verdict.subject
        if subject is None:
            continue
        share = share_of(verdict)
        net = 0 if share is Share.NEVER else subject.net
        shares[share] = shares[share].plus(subject.count, subject.amount, net)
        total = total.plus(subject.count, subject.amount, net)
    ordered = sorted(each, key=_place)
    return Overview(tuple(ordered), tuple(by_fate), total, shares, complete)


def _place(verdict: Verdict) -> tuple[int, str, float]:
    """What is missing first, one fate after the other, what comes soonest before the rest."""
    due = verdict.due.due_at.timestamp() if verdict.due else 0.0
    return _ORDER.index(share_of(verdict)), verdict.finding, due
