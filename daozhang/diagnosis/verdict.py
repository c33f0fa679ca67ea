"""A verdict: where the money is, why, when it comes, and the rows that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import (
    Breakdown,
    Evidence,
    HoldFacts,
    NextEvent,
    NextKind,
    NoticeFacts,
    PayoutFacts,
    Remedy,
    StageFact,
    StageKey,
    StageState,
)
from daozhang.ledger.words import Channel
from daozhang.settlement.due import Due, Reason

__all__ = [
    "Breakdown",
    "Circumstance",
    "Claim",
    "Evidence",
    "Finding",
    "HoldFacts",
    "NextEvent",
    "NextKind",
    "NoticeFacts",
    "Outcome",
    "PayoutFacts",
    "Remedy",
    "StageFact",
    "StageKey",
    "StageState",
    "Subject",
    "Verdict",
]


class Outcome(StrEnum):
    """The eight answers of the gate (DOMAIN.md §4)."""

    NOT_FOUND = "not_found"
    DECLINED = "declined"
    OUTCOME_UNKNOWN = "outcome_unknown"
    NOT_YET_DUE = "not_yet_due"
    HELD = "held"
    PAYOUT_FAILED = "payout_failed"
    CREDITED = "credited"
    OVERDUE = "overdue"


class Finding(StrEnum):
    """What exactly was found; every finding belongs to one outcome."""

    NOT_FOUND = "not_found"
    DECLINED = "declined"
    REVERSED = "reversed"
    VOIDED = "voided"
    REFUNDED = "refunded"
    REVERSAL_PENDING = "reversal_pending"
    RESULT_UNKNOWN = "result_unknown"
    OFFLINE_STORED = "offline_stored"
    PREAUTH_OPEN = "preauth_open"
    BEFORE_DUE = "before_due"
    HELD = "held"
    CHARGED_BACK = "charged_back"
    PAYOUT_FAILED = "payout_failed"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_REPLACED = "payout_replaced"
    PAID_UNCONFIRMED = "paid_unconfirmed"
    CREDITED = "credited"
    OVERDUE = "overdue"

    @property
    def outcome(self) -> Outcome:
        return _OUTCOMES[self]


_OUTCOMES = {
    Finding.NOT_FOUND: Outcome.NOT_FOUND,
    Finding.DECLINED: Outcome.DECLINED,
    Finding.REVERSED: Outcome.DECLINED,
    Finding.VOIDED: Outcome.DECLINED,
    Finding.REFUNDED: Outcome.DECLINED,
    Finding.REVERSAL_PENDING: Outcome.OUTCOME_UNKNOWN,
    Finding.RESULT_UNKNOWN: Outcome.OUTCOME_UNKNOWN,
    Finding.OFFLINE_STORED: Outcome.OUTCOME_UNKNOWN,
    Finding.PREAUTH_OPEN: Outcome.NOT_YET_DUE,
    Finding.BEFORE_DUE: Outcome.NOT_YET_DUE,
    Finding.HELD: Outcome.HELD,
    Finding.CHARGED_BACK: Outcome.HELD,
    Finding.PAYOUT_FAILED: Outcome.PAYOUT_FAILED,
    Finding.PAYOUT_RETURNED: Outcome.PAYOUT_FAILED,
    Finding.PAYOUT_REPLACED: Outcome.PAYOUT_FAILED,
    Finding.PAID_UNCONFIRMED: Outcome.CREDITED,
    Finding.CREDITED: Outcome.CREDITED,
    Finding.OVERDUE: Outcome.OVERDUE,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """The cause that the merchant named, with the bot's confidence that they did."""

    cause: Cause
    confidence: float


@dataclass(frozen=True, slots=True)
class Subject:
    """The payment that is judged, or several that share one fate. Sums are in fen."""

    ids: tuple[int, ...]
    amount: int
    fee: int
    net: int
    first_at: datetime
    last_at: datetime
    channel: Channel
    card_last4: str | None
    ref_no: str | None
    tid: str | None

    @property
    def count(self) -> int:
        return len(self.ids)

    def joined(self, others: Sequence[Self]) -> Self:
        """All together; what differs between them is left out."""
        all_ = (self, *others)
        return replace(
            self,
            ids=tuple(id_ for one in all_ for id_ in one.ids),
            amount=sum(one.amount for one in all_),
            fee=sum(one.fee for one in all_),
            net=sum(one.net for one in all_),
            first_at=min(one.first_at for one in all_),
            last_at=max(one.last_at for one in all_),
            card_last4=None,
            ref_no=None,
            tid=self.tid if len({one.tid for one in all_}) == 1 else None,
        )


_MAY_BE_LATE = {
    Circumstance.INCIDENT,
    Circumstance.SHORT,
    Circumstance.DEFECTIVE_SUCCESS,
    Circumstance.ACCOUNT_UNVERIFIED,
    Circumstance.CHANNEL_CLOSED,
    Circumstance.LARGE_VALUE,
    Circumstance.NEGATIVE_BALANCE,
    Circumstance.BELOW_MINIMUM,
    Circumstance.PAPERS_EXPIRED,
    Circumstance.BATCH_OPEN,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the core. Everything the renderer may use is in here, and nothing else."""

    finding: Finding
    subject: Subject | None
    cause: Cause | None = None
    circumstance: Circumstance | None = None
    """What exactly it is, where that is finer than the cause."""
    also: tuple[Cause, ...] = ()
    """Other causes that the rows speak for, the stronger first."""
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    due: Due | None = None
    code: str | None = None
    payout: PayoutFacts | None = None
    hold: HoldFacts | None = None
    notice: NoticeFacts | None = None
    breakdown: Breakdown | None = None
    public_text: str | None = None
    """What has been made public about a disturbance that touches this money."""
    claim: Claim | None = None
    claim_fits: bool | None = None
    """Whether the evidence bears the merchant's own explanation out; None without a claim."""
    refuted_by: tuple[Evidence, ...] = ()
    """The rows that rule the merchant's explanation out; they do so whatever the cause is."""
    next_event: NextEvent | None = None
    """What happens next and when; None when nothing more is to come."""
    remedy: Remedy | None = None
    """What the merchant can do; None when there is nothing."""
    playbook: str | None = None
    needs_person: bool = False
    stages: tuple[StageFact, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome

    @property
    def doubt(self) -> Circumstance | None:
        """What may keep money on its way beyond its due time, as the rows already show."""
        if self.finding is not Finding.BEFORE_DUE:
            return None
        if self.circumstance in _MAY_BE_LATE:
            return self.circumstance
        large = self.due is not None and Reason.LARGE_VALUE in self.due.reasons
        return Circumstance.LARGE_VALUE if large else None

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come of it: credited, or never going to move."""
        return self.outcome in {Outcome.CREDITED, Outcome.DECLINED}

    @property
    def anomalous(self) -> bool:
        """Whether something went wrong, as opposed to money on its ordinary way."""
        return not self.settled and self.finding is not Finding.BEFORE_DUE
