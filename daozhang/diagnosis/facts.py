"""What a verdict may say of the rows behind it. What is not in here cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

__all__ = [
    "Breakdown",
    "Evidence",
    "HoldFacts",
    "NextEvent",
    "NextKind",
    "NoticeFacts",
    "PayoutFacts",
    "Remedy",
    "StageFact",
    "StageKey",
    "StageState",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that the verdict rests on, for staff and for `explain`."""

    table: str
    key: str
    fact: str


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


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A change of rules that is in force and touches this money."""

    title: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How a payout comes about: takings - fee - refunds - chargebacks - deducted - kept = paid."""

    takings: int
    fee: int
    refunds: int
    chargebacks: int
    deducted: int
    kept_back: int
    paid: int

    @property
    def missing(self) -> int:
        """By how much the merchant finds less on the statement than was sold. Fen."""
        return self.takings - self.paid

    @property
    def deductions(self) -> tuple[int, ...]:
        """What was taken off the takings, each by itself."""
        return (self.fee, self.refunds, self.chargebacks, self.deducted, self.kept_back)


class NextKind(StrEnum):
    """What is to happen next with the money."""

    REVERSAL = "reversal"
    UPLOAD = "upload"
    COMPLETION = "completion"
    CLEARING = "clearing"
    PAYOUT = "payout"
    CHANNEL_OPENS = "channel_opens"
    ENTRY = "entry"
    REVIEW = "review"
    NEW_PAYOUT = "new_payout"


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The next thing to happen; `at` is from when or by when, None where nobody can say."""

    kind: NextKind
    at: datetime | None = None


class Remedy(StrEnum):
    """What the merchant can do."""

    WAIT = "wait"
    REPORT = "report"
    CHECK_STATEMENT = "check_statement"
    ASK_BANK = "ask_bank"
    PAY_ANOTHER_WAY = "pay_another_way"
    TAKE_AGAIN = "take_again"
    LOOK_BEFORE_TAKING_AGAIN = "look_before_taking_again"
    UPLOAD_OFFLINE = "upload_offline"
    COMPLETE_PREAUTH = "complete_preauth"
    CLOSE_BATCH = "close_batch"
    FIX_ACCOUNT = "fix_account"
    RENEW_PAPERS = "renew_papers"
    HAND_IN_MATERIALS = "hand_in_materials"
    SEND_PROOF = "send_proof"


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
