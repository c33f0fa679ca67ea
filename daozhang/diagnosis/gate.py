"""The gate: one payment, its rows and the present moment give one verdict (DOMAIN.md §4).

The questions are asked in the order of DOMAIN.md §4.13: did money move at all, is it held, did
the payout fail, has it arrived, and only then whether it is late. The merchant's own explanation
is a claim; the rows decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.timeline import stages
from daozhang.diagnosis.verdict import (
    Claim,
    Evidence,
    Finding,
    HoldFacts,
    PayoutFacts,
    Subject,
    Verdict,
)
from daozhang.ledger.facts import payout_failure, response_code
from daozhang.ledger.models import Hold, Incident, Merchant, Payout, Txn
from daozhang.ledger.terms import due_of
from daozhang.ledger.words import (
    Channel,
    HoldKind,
    HoldState,
    IncidentScope,
    PayoutState,
    ReconState,
    TxnState,
)
from daozhang.money import fee_for
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, Reason

__all__ = ["Surroundings", "judge", "not_found"]

_NEVER_MOVED = {
    TxnState.DECLINED: Finding.DECLINED,
    TxnState.REVERSED: Finding.REVERSED,
    TxnState.VOIDED: Finding.VOIDED,
    TxnState.REFUNDED: Finding.REFUNDED,
}
_DOUBTFUL = {
    TxnState.REVERSAL_PENDING: Finding.REVERSAL_PENDING,
    TxnState.REVERSAL_FAILED: Finding.RESULT_UNKNOWN,
    TxnState.UNKNOWN: Finding.RESULT_UNKNOWN,
    TxnState.OFFLINE_STORED: Finding.OFFLINE_STORED,
    TxnState.PREAUTH_OPEN: Finding.PREAUTH_OPEN,
}
_CAUSE_OF_DOUBT = {
    Finding.REVERSAL_PENDING: Cause.NETWORK_COMMUNICATION,
    Finding.OFFLINE_STORED: Cause.PROCEDURE_NOT_FOLLOWED,
    Finding.PREAUTH_OPEN: Cause.PROCEDURE_NOT_FOLLOWED,
}
_BEFORE_THE_HOST = {
    Cause.NETWORK_COMMUNICATION,
    Cause.HARDWARE_FAULT,
    Cause.SOFTWARE_FAULT,
    Cause.PROCEDURE_NOT_FOLLOWED,
    Cause.WRONG_TRANSACTION_INFO,
}
"""Causes that can only keep a payment from reaching the host: once it is approved and cleared
they have no influence on its arrival (DOMAIN.md §4.13)."""

_CAUSES_BY_ARTICLE_ID = {f"C{number}": cause for number, cause in enumerate(Cause, start=1)}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for every payment that is judged in one go."""

    merchant: Merchant
    merchant_hold: Hold | None
    incidents: Sequence[Incident]
    calendar: WorkCalendar
    now: datetime
    successor_of: Callable[[str], Payout | None]


def not_found(claim: Claim | None = None) -> Verdict:
    """The verdict when no payment fits what the merchant said."""
    return Verdict(Finding.NOT_FOUND, subject=None, claim=claim)


def judge(txn: Txn, around: Surroundings, claim: Claim | None = None) -> Verdict:
    """The verdict on one payment of the merchant, with the rows that it rests on."""
    due = due_of(txn, around.merchant, around.calendar)
    for question in (_never_moved, _in_doubt, _held, _payout_went_wrong, _arrived, _on_its_way):
        verdict = question(txn, around, due)
        if verdict is not None:
            verdict = replace(verdict, stages=stages(txn, verdict.finding, due))
            return _weigh(claim, verdict, txn) if claim else verdict
    raise AssertionError("the last question always answers")


def _never_moved(txn: Txn, around: Surroundings, due: Due) -> Verdict | None:
    finding = _NEVER_MOVED.get(txn.state)
    if finding is None:
        return None
    return Verdict(
        finding,
        _subject(txn, around.merchant),
        cause=_cause_of_code(txn.response_code) if finding is Finding.DECLINED else None,
        code=txn.response_code,
        evidence=(_txn_row(txn),),
    )


def _in_doubt(txn: Txn, around: Surroundings, due: Due) -> Verdict | None:
    finding = _DOUBTFUL.get(txn.state)
    if finding is None:
        return None
    cause = _CAUSE_OF_DOUBT.get(finding) or _cause_of_code(txn.response_code)
    return Verdict(
        finding,
        _subject(txn, around.merchant),
        cause=cause,
        confidence=0.9,
        code=txn.response_code,
        evidence=(_txn_row(txn),),
        playbook=cause if cause is Cause.NETWORK_COMMUNICATION else None,
        needs_person=txn.state is TxnState.REVERSAL_FAILED,
    )


def _held(txn: Txn, around: Surroundings, due: Due) -> Verdict | None:
    own = txn.item.hold if txn.item else None
    hold = own if own and own.state is not HoldState.RELEASED else around.merchant_hold
    payout = txn.item.payout if txn.item else None
    if hold is None or (payout and payout.credited_at):
        return None
    papers = hold.kind is HoldKind.SETTLEMENT_SUSPENDED and _papers_expired(around)
    return Verdict(
        Finding.HELD,
        _subject(txn, around.merchant),
        cause=Cause.REGULATION_CHANGE if papers else Cause.PLATFORM_RESTRICTION,
        evidence=(
            Evidence("holds", str(hold.id), f"{hold.kind} {hold.state} since {hold.since:%F %R}"),
            _txn_row(txn),
        ),
        hold=HoldFacts(hold.kind, hold.since, hold.review_due, tuple(hold.materials)),
        needs_person=hold.kind is HoldKind.JUDICIAL,
    )


def _payout_went_wrong(txn: Txn, around: Surroundings, due: Due) -> Verdict | None:
    payout = txn.item.payout if txn.item else None
    if payout is None or payout.state not in {
        PayoutState.FAILED,
        PayoutState.RETURNED,
        PayoutState.FROZEN,
    }:
        return None
    failure = payout_failure(payout.fail_text or "")
    newer = around.successor_of(payout.no)
    rows = [_payout_row(payout), _txn_row(txn), *_clearing_row(txn)]
    if newer is not None:
        rows.insert(0, _payout_row(newer))
        if newer.credited_at:
            return _credited(txn, around, newer, tuple(rows))
    if newer is not None and newer.state is not PayoutState.FAILED:
        finding = Finding.PAYOUT_REPLACED
    elif payout.state is PayoutState.RETURNED:
        finding = Finding.PAYOUT_RETURNED
    else:
        finding = Finding.PAYOUT_FAILED
    return Verdict(
        finding,
        _subject(txn, around.merchant),
        cause=Cause(failure.cause),
        evidence=tuple(rows),
        due=due,
        payout=PayoutFacts(
            payout.no,
            payout.state,
            payout.plan_amount,
            payout.result_at,
            payout.account_bank,
            payout.account_last4,
            payout.fail_text,
            failure.reason,
            newer.no if newer else None,
        ),
    )


def _arrived(txn: Txn, around: Surroundings, due: Due) -> Verdict | None:
    payout = txn.item.payout if txn.item else None
    if payout is None or payout.state not in {PayoutState.SUCCESS, PayoutState.CREDITED}:
        return None
    return _credited(txn, around, payout, (_payout_row(payout), _txn_row(txn)))


def _on_its_way(txn: Txn, around: Surroundings, due: Due) -> Verdict:
    payout = txn.item.payout if txn.item else None
    rows = [_txn_row(txn), *_clearing_row(txn)]
    if payout is not None:
        rows.insert(0, _payout_row(payout))
    incident = _incident_on(txn, around)
    if around.now <= due.due_at:
        return Verdict(
            Finding.BEFORE_DUE,
            _subject(txn, around.merchant),
            cause=_cause_of_rule(due),
            evidence=tuple(rows),
            due=due,
            public_text=incident.public_text if incident else None,
        )
    cause = _cause_of_lateness(txn, around, incident)
    if incident is not None:
        rows.append(Evidence("incidents", str(incident.id), f"{incident.scope} {incident.target}"))
    return Verdict(
        Finding.OVERDUE,
        _subject(txn, around.merchant),
        cause=cause,
        confidence=0.8 if cause else 0.3,
        evidence=tuple(rows),
        due=due,
        public_text=incident.public_text if incident else None,
        needs_person=cause is None,
    )


def _credited(
    txn: Txn, around: Surroundings, payout: Payout, rows: tuple[Evidence, ...]
) -> Verdict:
    return Verdict(
        Finding.CREDITED if payout.credited_at else Finding.PAID_UNCONFIRMED,
        _subject(txn, around.merchant),
        cause=Cause.INSUFFICIENT_BALANCE if payout.real_amount < payout.plan_amount else None,
        evidence=rows,
        payout=PayoutFacts(
            payout.no,
            payout.state,
            payout.real_amount,
            payout.credited_at or payout.result_at,
            payout.account_bank,
            payout.account_last4,
            planned=payout.plan_amount,
        ),
    )


def _weigh(claim: Claim, verdict: Verdict, txn: Txn) -> Verdict:
    cleared = txn.clearing is not None and txn.clearing.recon_state is ReconState.MATCHED
    refuted = claim.cause in _BEFORE_THE_HOST and txn.state is TxnState.APPROVED and cleared
    fits = claim.cause == verdict.cause or (verdict.cause is None and not refuted)
    return replace(verdict, claim=claim, claim_fits=fits and not refuted)


def _cause_of_code(code: str | None) -> Cause | None:
    known = response_code(code) if code else None
    return _CAUSES_BY_ARTICLE_ID.get(known.cause_id.rstrip("abc")) if known else None


def _cause_of_rule(due: Due) -> Cause | None:
    if Reason.OVER_INSTANT_CAP in due.reasons:
        return Cause.PLATFORM_RESTRICTION
    if {Reason.AFTER_CUTOFF, Reason.HOLIDAY} & set(due.reasons):
        return Cause.CLEARING_DELAY
    if {Reason.WEEKEND, Reason.NEW_MERCHANT} & set(due.reasons):
        return Cause.BANK_RULES
    return None


def _cause_of_lateness(txn: Txn, around: Surroundings, incident: Incident | None) -> Cause | None:
    merchant = around.merchant
    if _papers_expired(around):
        return Cause.REGULATION_CHANGE
    if incident is not None and incident.scope is IncidentScope.BANK:
        return Cause.BANK_OUTAGE
    if txn.clearing is None or txn.clearing.recon_state is not ReconState.MATCHED:
        return Cause.CLEARING_DELAY
    if incident is not None:
        return Cause.PLATFORM_RESTRICTION if incident.planned else Cause.SLOW_PROCESSING
    if merchant.balance < 0 or (txn.item and 0 <= txn.item.net < merchant.min_payout):
        return Cause.INSUFFICIENT_BALANCE
    return None


def _papers_expired(around: Surroundings) -> bool:
    valid_until = around.merchant.kyc_valid_until
    return valid_until is not None and valid_until < local_date(around.now)


def _incident_on(txn: Txn, around: Surroundings) -> Incident | None:
    merchant = around.merchant
    targets = {
        IncidentScope.BANK: merchant.account_bank,
        IncidentScope.CHANNEL: txn.channel.value,
        IncidentScope.REGION: merchant.region,
    }
    for incident in around.incidents:
        if targets.get(incident.scope, incident.target) == incident.target:
            return incident
    return None


def _subject(txn: Txn, merchant: Merchant) -> Subject:
    fee = txn.item.fee if txn.item else fee_for(txn.amount, merchant.fee_per_10k)
    net = txn.item.net if txn.item else txn.amount - fee
    return Subject(
        (txn.id,),
        txn.amount,
        fee,
        net,
        txn.local_at,
        txn.local_at,
        Channel(txn.channel),
        txn.card_last4,
        txn.ref_no,
        txn.tid,
    )


def _txn_row(txn: Txn) -> Evidence:
    key = txn.ref_no or txn.order_no or str(txn.id)
    return Evidence("txns", key, f"{txn.state} {txn.response_code or '-'} {txn.local_at:%F %R}")


def _clearing_row(txn: Txn) -> tuple[Evidence, ...]:
    if txn.clearing is None:
        return ()
    return (
        Evidence(
            "clearings", str(txn.id), f"{txn.clearing.recon_state} {txn.clearing.clear_date:%F}"
        ),
    )


def _payout_row(payout: Payout) -> Evidence:
    return Evidence("payouts", payout.no, " ".join(filter(None, (payout.state, payout.fail_text))))
