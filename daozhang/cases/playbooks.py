"""Which playbook a verdict leads to: one table, read from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass

from daozhang.causes import Cause
from daozhang.diagnosis.verdict import Claim, Finding, Verdict
from daozhang.playbook.state import Facts

__all__ = ["OFFERS", "Offer", "offer_for", "playbook_for_fault"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A playbook for a finding; what is given besides must fit as well.

    It is offered with a button, or begun `at_once` where waiting does harm: while a payment is
    in doubt the customer may be charged twice.
    """

    finding: Finding
    playbook: str
    cause: Cause | None = None
    reason: str | None = None
    """Why the bank refused, as `data/facts/payout_failures.csv` sorts it."""
    code: str | None = None
    claimed: Cause | None = None
    """What the merchant says that they did, where the records cannot show it."""
    at_once: bool = False

    def fits(self, verdict: Verdict) -> bool:
        refused_for = verdict.payout.fail_reason if verdict.payout else None
        return (
            verdict.finding is self.finding
            and self.cause in {None, verdict.cause}
            and self.reason in {None, refused_for}
            and self.code in {None, verdict.code}
            and (self.claimed is None or verdict.claim == Claim(self.claimed, 1.0))
        )


OFFERS = (
    Offer(
        Finding.REVERSAL_PENDING,
        Cause.NETWORK_COMMUNICATION,
        cause=Cause.NETWORK_COMMUNICATION,
        at_once=True,
    ),
    Offer(
        Finding.RESULT_UNKNOWN,
        Cause.NETWORK_COMMUNICATION,
        cause=Cause.NETWORK_COMMUNICATION,
        at_once=True,
    ),
    Offer(Finding.REVERSAL_PENDING, "one_sided_charge"),
    Offer(Finding.RESULT_UNKNOWN, "one_sided_charge"),
    Offer(Finding.OFFLINE_STORED, "offline_not_uploaded"),
    Offer(Finding.PREAUTH_OPEN, "preauth_open"),
    Offer(Finding.HELD, "verification_expired", cause=Cause.REGULATION_CHANGE),
    Offer(Finding.HELD, "frozen"),
    Offer(Finding.PAYOUT_FAILED, "class_two_limit", reason="class_limit"),
    Offer(Finding.PAYOUT_FAILED, Cause.BANK_OUTAGE, reason="bank_silent"),
    Offer(Finding.PAYOUT_FAILED, Cause.CLEARING_DELAY, reason="wait_days"),
    Offer(Finding.PAYOUT_FAILED, "settlement_account"),
    Offer(Finding.PAYOUT_RETURNED, "class_two_limit", reason="class_limit"),
    Offer(Finding.PAYOUT_RETURNED, "payout_returned"),
    Offer(Finding.PAYOUT_REPLACED, "payout_returned", reason="name_mismatch"),
    Offer(Finding.PAYOUT_REPLACED, "payout_returned", reason="account_invalid"),
    Offer(Finding.OVERDUE, Cause.PROCEDURE_NOT_FOLLOWED, cause=Cause.PROCEDURE_NOT_FOLLOWED),
    Offer(Finding.OVERDUE, Cause.SLOW_PROCESSING, cause=Cause.SLOW_PROCESSING),
    Offer(Finding.OVERDUE, Cause.CLEARING_DELAY, cause=Cause.CLEARING_DELAY),
    Offer(Finding.OVERDUE, Cause.INSUFFICIENT_BALANCE, cause=Cause.INSUFFICIENT_BALANCE),
    Offer(Finding.OVERDUE, Cause.BANK_RULES, cause=Cause.BANK_RULES),
    Offer(Finding.OVERDUE, Cause.BANK_OUTAGE, cause=Cause.BANK_OUTAGE),
    Offer(Finding.OVERDUE, Cause.PLATFORM_RESTRICTION, cause=Cause.PLATFORM_RESTRICTION),
    Offer(Finding.OVERDUE, "verification_expired", cause=Cause.REGULATION_CHANGE),
    Offer(Finding.CREDITED, Cause.INSUFFICIENT_BALANCE, cause=Cause.INSUFFICIENT_BALANCE),
    Offer(Finding.PAID_UNCONFIRMED, Cause.INSUFFICIENT_BALANCE, cause=Cause.INSUFFICIENT_BALANCE),
    Offer(Finding.DECLINED, "serial_not_bound", code="97"),
    Offer(Finding.DECLINED, Cause.HARDWARE_FAULT, cause=Cause.HARDWARE_FAULT),
    Offer(Finding.DECLINED, Cause.SOFTWARE_FAULT, cause=Cause.SOFTWARE_FAULT),
    Offer(Finding.DECLINED, Cause.PROCEDURE_NOT_FOLLOWED, cause=Cause.PROCEDURE_NOT_FOLLOWED),
    Offer(Finding.DECLINED, Cause.BANK_OUTAGE, cause=Cause.BANK_OUTAGE),
    Offer(Finding.DECLINED, Cause.INSUFFICIENT_BALANCE, cause=Cause.INSUFFICIENT_BALANCE),
    *(
        Offer(taken, Cause.WRONG_TRANSACTION_INFO, claimed=Cause.WRONG_TRANSACTION_INFO)
        for taken in (Finding.BEFORE_DUE, Finding.PAID_UNCONFIRMED, Finding.CREDITED)
    ),
)
"""The first that fits is offered; none for money that is on its ordinary way."""

_FAULTS = (
    (Cause.NETWORK_COMMUNICATION, "sim_problem", "sim_card"),
    (Cause.PLATFORM_RESTRICTION, "terminal_unbound", "serial_not_bound"),
    (Cause.PLATFORM_RESTRICTION, "held", "frozen"),
    (Cause.REGULATION_CHANGE, "terminal_unbound", "serial_not_bound"),
    (Cause.REGULATION_CHANGE, "papers_expired", "verification_expired"),
)
"""Where the records narrow down a cause that was told without a payment: cause, flag, playbook."""


def offer_for(verdict: Verdict) -> Offer | None:
    """The playbook that the verdict leads to; None where the merchant has nothing to do."""
    return next((one for one in OFFERS if one.fits(verdict)), None)


def playbook_for_fault(cause: Cause, facts: Facts) -> str:
    """The playbook for a fault told alone: the cause's own, or a narrower one that facts show."""
    for named, flag, playbook in _FAULTS:
        if named is cause and flag in facts.flags:
            return playbook
    return cause.value
