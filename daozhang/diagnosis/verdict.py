"""A verdict: where the money is, why, when it comes, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from daozhang.causes import Cause
from daozhang.ledger.words import Channel
from daozhang.settlement.due import Due

__all__ = [
    "Claim",
    "Evidence",
    "Finding",
    "HoldFacts",
    "Outcome",
    "PayoutFacts",
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
    Finding.PAYOUT_FAILED: Outcome.PAYOUT_FAILED,
    Finding.PAYOUT_RETURNED: Outcome.PAYOUT_FAILED,
    Finding.PAYOUT_REPLACED: Outcome.PAYOUT_FAILED,
    Finding.PAID_UNCONFIRMED: Outcome.CREDITED,
    Finding.CREDITED: Outcome.CREDITED,
    Finding.OVERDUE: Outcome.OVERDUE,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that the verdict rests on, for staff and for `explain`."""

    table: str
    key: str
    fact: str


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

    def joined(self, other: Self) -> Self:
        """Both together; what differs between them is left out."""
        return replace(
            self,
            ids=self.ids + other.ids,
            amount=self.amount + other.amount,
            fee=self.fee + other.fee,
            net=self.net + other.net,
            first_at=min(self.first_at, other.first_at),
            last_at=max(self.last_at, other.last_at),
            card_last4=None,
            ref_no=None,
            tid=self.tid if self.tid == other.tid else None,
        )


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """What may be told of a payout: never another merchant's, never more than four digits."""

    no: str
    state: str
    amount: int
    at: datetime | None
    account_bank: str
    account_last4: str
    fail_text: str | None = None
    fail_reason: str | None = None
    successor_no: str | None = None
    planned: int | None = None
    """What was due with this payout; more than `amount` when something was kept back."""

    @property
    def kept_back(self) -> int:
        """Fen that were due and not paid: refunds, deductions, a stop."""
        return 0 if self.planned is None else self.planned - self.amount


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold as the merchant may know it: what is asked for and when it is looked at."""

    kind: str
    since: datetime
    review_due: datetime | None
    materials: tuple[str, ...]


class StageKey(StrEnum):
    PAID = "paid"
    CLEARED = "cleared"
    PAID_OUT = "paid_out"
    CREDITED = "credited"


class StageState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    PENDING = "pending"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class StageFact:
    """One stop of the money; `expected` tells a time to come from one that has been."""

    key: StageKey
    state: StageState
    at: datetime | None = None
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the core. Everything the renderer may use is in here, and nothing else."""

    finding: Finding
    subject: Subject | None
    cause: Cause | None = None
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    due: Due | None = None
    code: str | None = None
    payout: PayoutFacts | None = None
    hold: HoldFacts | None = None
    public_text: str | None = None
    """What has been made public about a disturbance that touches this money."""
    claim: Claim | None = None
    claim_fits: bool | None = None
    """Whether the evidence bears the merchant's own explanation out; None without a claim."""
    playbook: str | None = None
    needs_person: bool = False
    stages: tuple[StageFact, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come of it: credited, or never going to move."""
        return self.outcome in {Outcome.CREDITED, Outcome.DECLINED}

    @property
    def anomalous(self) -> bool:
        """Whether something went wrong, as opposed to money on its ordinary way."""
        return not self.settled and self.finding is not Finding.BEFORE_DUE
