"""What happens next with a payment's money, and what the merchant can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import NextEvent, NextKind, Remedy
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.verdict import Finding

__all__ = ["next_event", "remedy"]

_NEXT: Mapping[Finding, NextKind] = {
    Finding.REVERSAL_PENDING: NextKind.REVERSAL,
    Finding.RESULT_UNKNOWN: NextKind.CLEARING,
    Finding.OFFLINE_STORED: NextKind.UPLOAD,
    Finding.PREAUTH_OPEN: NextKind.COMPLETION,
    Finding.PAYOUT_FAILED: NextKind.NEW_PAYOUT,
    Finding.PAYOUT_RETURNED: NextKind.NEW_PAYOUT,
    Finding.PAYOUT_REPLACED: NextKind.ENTRY,
    Finding.PAID_UNCONFIRMED: NextKind.ENTRY,
}
_REMEDIES: Mapping[Finding, Remedy] = {
    Finding.DECLINED: Remedy.PAY_ANOTHER_WAY,
    Finding.REVERSED: Remedy.TAKE_AGAIN,
    Finding.REVERSAL_PENDING: Remedy.LOOK_BEFORE_TAKING_AGAIN,
    Finding.RESULT_UNKNOWN: Remedy.LOOK_BEFORE_TAKING_AGAIN,
    Finding.OFFLINE_STORED: Remedy.UPLOAD_OFFLINE,
    Finding.PREAUTH_OPEN: Remedy.COMPLETE_PREAUTH,
    Finding.BEFORE_DUE: Remedy.WAIT,
    Finding.HELD: Remedy.HAND_IN_MATERIALS,
    Finding.CHARGED_BACK: Remedy.SEND_PROOF,
    Finding.PAYOUT_FAILED: Remedy.FIX_ACCOUNT,
    Finding.PAYOUT_RETURNED: Remedy.FIX_ACCOUNT,
    Finding.PAYOUT_REPLACED: Remedy.WAIT,
    Finding.PAID_UNCONFIRMED: Remedy.ASK_BANK,
    Finding.CREDITED: Remedy.CHECK_STATEMENT,
    Finding.OVERDUE: Remedy.REPORT,
}
_ON_THE_WAY: Mapping[Circumstance, Remedy] = {
    Circumstance.PAPERS_EXPIRED: Remedy.RENEW_PAPERS,
    Circumstance.BATCH_OPEN: Remedy.CLOSE_BATCH,
    Circumstance.ACCOUNT_UNVERIFIED: Remedy.FIX_ACCOUNT,
}
_NOT_THEIRS = {Circumstance.BANK_SILENT, Circumstance.JUDICIAL}
"""Nothing that the merchant does changes these."""


def next_event(payment: Payment, finding: Finding) -> NextEvent | None:
    """None when nothing more is to come. A time is given only where it can be promised."""
    if finding is Finding.HELD:
        return NextEvent(NextKind.REVIEW, payment.hold.review_due if payment.hold else None)
    if finding in {Finding.BEFORE_DUE, Finding.OVERDUE}:
        return _on_its_way(payment)
    kind = _NEXT.get(finding)
    return NextEvent(kind) if kind else None


def _on_its_way(payment: Payment) -> NextEvent:
    due = payment.due
    if payment.payout is None and not payment.cleared:
        return NextEvent(NextKind.CLEARING)
    if payment.payout is None:
        return NextEvent(NextKind.PAYOUT, _to_come(due.window_start, payment))
    if payment.waits_for_channel:
        return NextEvent(NextKind.CHANNEL_OPENS, _to_come(due.put_off_until, payment))
    return NextEvent(NextKind.ENTRY, _to_come(due.due_at, payment))


def _to_come(at: datetime | None, payment: Payment) -> datetime | None:
    """The time, where it can be told: it is no guess, and not over."""
    return at if at and payment.due.certain and at > payment.around.now else None


def remedy(finding: Finding, circumstance: Circumstance | None) -> Remedy | None:
    """None where there is nothing to do: the money will never come, or has gone back."""
    if circumstance in _NOT_THEIRS:
        return Remedy.WAIT
    on_the_way = finding in {Finding.BEFORE_DUE, Finding.OVERDUE}
    own = _ON_THE_WAY.get(circumstance) if circumstance and on_the_way else None
    return own or _REMEDIES.get(finding)
