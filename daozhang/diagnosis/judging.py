"""From one payment to its verdict: the gate says where, the rules say why, the claim is weighed.

The merchant's own explanation is a prior: it decides between grounds of like weight, and rows
that refute it overrule it (DOMAIN.md §4.13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.expecting import expected
from daozhang.diagnosis.facts import Evidence, HoldFacts, NoticeFacts, PayoutFacts
from daozhang.diagnosis.gate import where
from daozhang.diagnosis.outlook import next_event, remedy
from daozhang.diagnosis.payment import Payment, Surroundings
from daozhang.diagnosis.rules import RULES, Ground
from daozhang.diagnosis.rules.incidents import incidents_on
from daozhang.diagnosis.rules.rule import waits
from daozhang.diagnosis.timeline import stages
from daozhang.diagnosis.verdict import Claim, Finding, Outcome, Subject, Verdict
from daozhang.ledger.facts import payout_failure
from daozhang.ledger.models import Payout, Txn
from daozhang.ledger.words import Channel, HoldKind, PayoutState, TxnState
from daozhang.money import fee_for
from daozhang.settlement.published import Published

__all__ = ["BEYOND_WORDS", "judge", "not_found", "unique"]

PRIOR = 0.5
"""How much of the bot's confidence a claimed cause gains over the others."""
BEYOND_WORDS = 0.93
"""No claim lifts a ground above this: rows that speak more plainly are not outweighed."""
ENOUGH = 0.4
"""Grounds that weigh less need the merchant's word to count."""
_SHRUG = 0.3
"""The confidence of an overdue verdict that knows no cause."""
_CODED = {Outcome.DECLINED, Outcome.OUTCOME_UNKNOWN}
_REFUSED = {PayoutState.FAILED, PayoutState.RETURNED, PayoutState.FROZEN}


def not_found(claim: Claim | None = None) -> Verdict:
    """The verdict when no payment fits what the merchant said."""
    return Verdict(Finding.NOT_FOUND, subject=None, claim=claim)


def judge(txn: Txn, around: Surroundings, claim: Claim | None = None) -> Verdict:
    """The verdict on one payment of the merchant, with the rows that it rests on."""
    payment = Payment(txn, expected(txn, around), around)
    finding = where(payment)
    grounds = _weighed(payment, finding, claim)
    best = grounds[0] if grounds else None
    cause = best.cause if best else None
    circumstance = best.circumstance if best else None
    person = _needs_person(payment, finding, best)
    refuted_by = RULES[claim.cause].refutes(payment) if claim and claim.cause != cause else ()
    return Verdict(
        finding,
        _subject(payment),
        cause=cause,
        circumstance=circumstance,
        also=tuple(dict.fromkeys(g.cause for g in grounds if g.cause and g.cause is not cause)),
        confidence=best.weight if best else _SHRUG if finding is Finding.OVERDUE else 1.0,
        evidence=unique((*(best.rows if best else ()), *_base_rows(payment, finding))),
        due=payment.due if _has_due(finding) and payment.due.certain else None,
        code=txn.response_code if finding.outcome in _CODED else None,
        payout=_payout_facts(payment, finding),
        hold=_hold_facts(payment) if finding.outcome is Outcome.HELD else None,
        notice=_notice(payment, circumstance),
        public_text=_public_text(payment) if waits(finding) else None,
        claim=claim,
        claim_fits=_fits(claim, cause, refuted_by) if claim else None,
        refuted_by=refuted_by,
        next_event=next_event(payment, finding),
        remedy=remedy(finding, circumstance),
        playbook=None if person else _playbook(finding, cause),
        needs_person=person,
        stages=stages(payment, finding),
    )


def unique(rows: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each row once, the one named first kept: that is what the cause rests on."""
    first: dict[tuple[str, str], Evidence] = {}
    for row in rows:
        first.setdefault((row.table, row.key), row)
    return tuple(first.values())


def _weighed(payment: Payment, finding: Finding, claim: Claim | None) -> Sequence[Ground]:
    def weight(ground: Ground) -> float:
        if claim is None or ground.cause != claim.cause:
            return ground.weight
        return max(ground.weight, min(ground.weight + PRIOR * claim.confidence, BEYOND_WORDS))

    return sorted(
        (ground for ground in _grounds(payment, finding) if weight(ground) >= ENOUGH),
        key=weight,
        reverse=True,
    )


def _grounds(payment: Payment, finding: Finding) -> Iterator[Ground]:
    for rule in RULES.values():
        yield from rule.confirms(payment, finding)


def _fits(claim: Claim, cause: Cause | None, refuted_by: Sequence[Evidence]) -> bool:
    return claim.cause == cause or (cause is None and not refuted_by)


def _needs_person(payment: Payment, finding: Finding, best: Ground | None) -> bool:
    hold, again = payment.hold, payment.successor
    match finding:
        case Finding.RESULT_UNKNOWN:
            stuck = payment.txn.state is TxnState.REVERSAL_FAILED
            return stuck or (best is not None and best.circumstance is Circumstance.LONG)
        case Finding.CHARGED_BACK:
            return True
        case Finding.HELD:
            return hold is not None and hold.kind is HoldKind.JUDICIAL
        case Finding.PAYOUT_FAILED | Finding.PAYOUT_RETURNED:
            return again is not None
        case Finding.DECLINED:
            return best is not None and best.circumstance is Circumstance.UNBOUND
        case Finding.OVERDUE:
            return best is None or best.cause is None or best.circumstance is Circumstance.SHORT
        case _:
            return False


def _playbook(finding: Finding, cause: Cause | None) -> str | None:
    """The walk that begins at once: while a result is open, re-swiping has to be prevented."""
    doubtful = finding in {Finding.REVERSAL_PENDING, Finding.RESULT_UNKNOWN}
    return cause if doubtful and cause is Cause.NETWORK_COMMUNICATION else None


def _has_due(finding: Finding) -> bool:
    return waits(finding) or finding.outcome is Outcome.PAYOUT_FAILED


def _base_rows(payment: Payment, finding: Finding) -> tuple[Evidence, ...]:
    if finding.outcome is Outcome.CREDITED:
        return (*payment.payout_rows, payment.row)
    if _has_due(finding):
        rows = (*payment.payout_rows, payment.row, *payment.clearing_rows)
        return (*rows, *_guessed_terms(payment.around.guessed_from))
    return (payment.row,)


def _guessed_terms(row: Published | None) -> Iterator[Evidence]:
    """For staff: which published row stands in for a contract that we do not know."""
    if row is not None:
        key = f"{row.provider} {row.product}".strip()
        yield Evidence("settlement_products", key, f"{row.confidence} {row.source}")


def _payout_facts(payment: Payment, finding: Finding) -> PayoutFacts | None:
    first, newer = payment.payout, payment.successor
    if first is None or finding.outcome not in {Outcome.PAYOUT_FAILED, Outcome.CREDITED}:
        return None
    if finding.outcome is Outcome.CREDITED:
        return _paid_facts(newer or first)
    told = newer if newer is not None and newer.state in _REFUSED else first
    replaced = newer is not None and finding is Finding.PAYOUT_REPLACED
    return PayoutFacts(
        told.no,
        told.state,
        told.plan_amount,
        told.result_at,
        told.account_bank,
        told.account_last4,
        told.fail_text,
        payout_failure(told.fail_text or "").reason,
        newer.no if newer and replaced else None,
    )


def _paid_facts(payout: Payout) -> PayoutFacts:
    return PayoutFacts(
        payout.no,
        payout.state,
        payout.real_amount,
        payout.credited_at or payout.result_at,
        payout.account_bank,
        payout.account_last4,
        planned=payout.plan_amount,
    )


def _hold_facts(payment: Payment) -> HoldFacts | None:
    hold = payment.hold
    if hold is None:
        return None
    return HoldFacts(hold.kind, hold.since, hold.review_due, tuple(hold.materials))


def _notice(payment: Payment, circumstance: Circumstance | None) -> NoticeFacts | None:
    if circumstance is not Circumstance.PAPERS_EXPIRED or not payment.around.notices:
        return None
    newest = payment.around.notices[0]
    return NoticeFacts(newest.title, newest.effective_on)


def _public_text(payment: Payment) -> str | None:
    return next((one.public_text for one in incidents_on(payment) if one.public_text), None)


def _subject(payment: Payment) -> Subject:
    txn, item = payment.txn, payment.txn.item
    fee = item.fee if item else fee_for(txn.amount, payment.around.merchant.fee_per_10k)
    return Subject(
        (txn.id,),
        txn.amount,
        fee,
        item.net if item else txn.amount - fee,
        txn.local_at,
        txn.local_at,
        Channel(txn.channel),
        txn.card_last4,
        txn.ref_no,
        txn.tid,
    )
