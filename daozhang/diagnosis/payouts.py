"""Payouts as the merchant finds them on a bank statement: one sum for many payments (§4.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Breakdown, Evidence
from daozhang.diagnosis.judging import unique
from daozhang.diagnosis.verdict import Outcome, Verdict
from daozhang.ledger.lookups import MerchantLedger
from daozhang.ledger.models import Payout
from daozhang.ledger.words import PayoutState, TxnKind

__all__ = ["PayoutBook"]

_PAID = {PayoutState.SUCCESS, PayoutState.CREDITED}


class PayoutBook:
    """The payouts of one merchant between two moments."""

    def __init__(self, ledger: MerchantLedger, since: datetime, until: datetime) -> None:
        self._ledger = ledger
        self._payouts = ledger.payouts(since, until)
        self._sums: dict[str, Breakdown] = {}

    def of_amount(self, low: int, high: int) -> Payout | None:
        """The newest payout of that sum, or else one that lacks it.

        A sum named to the fen can also be one deduction among several.
        """
        for payout in self._payouts:
            fits = low <= payout.plan_amount <= high or low <= payout.real_amount <= high
            if fits and self._ledger.items_of(payout.no):
                return payout
        lacking = self.lacking(low, high)
        if lacking is not None or low != high:
            return lacking
        return self._whose(lambda sums: sums.deductions, low, high)

    def lacking(self, low: int, high: int) -> Payout | None:
        """The newest payout that lacks so much of the takings, with or without the fee."""
        return self._whose(lambda sums: (sums.missing, sums.missing - sums.fee), low, high)

    def _whose(
        self, sums_of: Callable[[Breakdown], Sequence[int]], low: int, high: int
    ) -> Payout | None:
        for payout in self._payouts:
            if payout.state not in _PAID:
                continue
            fits = any(low <= one <= high for one in sums_of(self.breakdown(payout)))
            if fits and self._ledger.items_of(payout.no):
                return payout
        return None

    def itemised(self, verdict: Verdict) -> Verdict:
        """The verdict with the sum behind its payout, and why that is below the takings."""
        payout = self._ledger.payout(verdict.payout.no) if verdict.payout else None
        if payout is None or verdict.outcome is not Outcome.CREDITED:
            return verdict
        sums = self.breakdown(payout)
        cause, circumstance = _why_less(sums)
        row = Evidence("payouts", payout.no, f"{payout.state} {payout.real_amount}")
        return replace(
            verdict,
            cause=cause,
            circumstance=circumstance,
            breakdown=sums,
            evidence=unique((row, *verdict.evidence)),
            claim_fits=None if verdict.claim is None else verdict.claim.cause == cause,
            refuted_by=(),
        )

    def breakdown(self, payout: Payout) -> Breakdown:
        """What the payout is made of, to the fen; looked up once."""
        known = self._sums.get(payout.no)
        if known is None:
            known = self._sums[payout.no] = self._added_up(payout)
        return known

    def _added_up(self, payout: Payout) -> Breakdown:
        takings = fee = refunds = chargebacks = deducted = 0
        for txn in self._ledger.carried_by(payout.no):
            if txn.item is None:
                continue
            fee += txn.item.fee
            if txn.kind is TxnKind.REFUND:
                refunds += txn.amount
            elif txn.kind is TxnKind.CHARGEBACK:
                chargebacks += txn.amount
            else:
                takings += txn.amount
                deducted += txn.item.deducted
        explained = takings - fee - refunds - chargebacks - deducted
        deducted += explained - payout.plan_amount
        kept_back = payout.plan_amount - payout.real_amount
        return Breakdown(
            takings, fee, refunds, chargebacks, deducted, kept_back, payout.real_amount
        )


def _why_less(sums: Breakdown) -> tuple[Cause | None, Circumstance | None]:
    for lacking, circumstance in (
        (sums.chargebacks, Circumstance.CHARGEBACK),
        (sums.refunds, Circumstance.REFUNDS),
        (sums.kept_back or sums.deducted, Circumstance.KEPT_BACK),
    ):
        if lacking:
            return Cause.INSUFFICIENT_BALANCE, circumstance
    return (None, Circumstance.FEE_ONLY) if sums.fee else (None, None)
