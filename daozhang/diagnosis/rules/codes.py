"""What field 39 says about the cause of a decline or of a doubtful result (DOMAIN.md §3)."""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.rule import Ground
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.facts import payout_failure

__all__ = ["by_bank_text", "by_code", "passed_the_host", "payout_answered"]

_ASKED = {Finding.DECLINED, Finding.RESULT_UNKNOWN}
_REFUSED = {Finding.PAYOUT_FAILED, Finding.PAYOUT_RETURNED, Finding.PAYOUT_REPLACED}
_CAUSES = {f"C{number}": cause for number, cause in enumerate(Cause, start=1)}


def by_code(
    payment: Payment, finding: Finding, cause: Cause, circumstance: Circumstance | None = None
) -> Iterator[Ground]:
    """A ground when the table gives `cause` for the code of a payment that did not succeed."""
    code = payment.code
    if finding in _ASKED and code and _CAUSES.get(code.cause_id.rstrip("abc")) is cause:
        yield Ground(cause, circumstance, 0.9, (payment.row,))


def by_bank_text(payment: Payment, finding: Finding, cause: Cause) -> Iterator[Ground]:
    """A ground when the words with which the bank refused a payout mean `cause` (§7.5)."""
    refused = payment.payout
    if finding not in _REFUSED or refused is None:
        return
    failure = payout_failure(refused.fail_text or "")
    if failure.cause == cause:
        known = failure.reason in Circumstance
        circumstance = Circumstance(failure.reason) if known else None
        yield Ground(cause, circumstance, 0.95, (*payment.payout_rows, *payment.clearing_rows))


def passed_the_host(payment: Payment) -> bool:
    """Whether approved and cleared: nothing at the counter has any influence after that."""
    return payment.approved and payment.cleared


def payout_answered(payment: Payment) -> bool:
    """Whether the bank has answered the payout: the platform's part is done."""
    return payment.payout is not None and payment.payout.result_at is not None
