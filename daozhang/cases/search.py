"""From words to payments: what the merchant said becomes a query, and what fits is judged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daozhang.cases.questions import Asked
from daozhang.causes import Cause
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.verdict import Verdict
from daozhang.ledger.lookups import TxnQuery
from daozhang.ledger.words import Channel
from daozhang.understanding import AmountRange, TimeRange, Understanding

__all__ = ["CLAIM_CONFIDENCE", "Found", "asked_of", "search"]

CLAIM_CONFIDENCE = 0.4
"""Below this a cause is a guess of the model's, not something that the merchant said."""

_CODES = (Channel.WECHAT, Channel.ALIPAY, Channel.UNIONPAY_QR)
_CHANNELS: Mapping[str, tuple[Channel, ...]] = {
    "wechat": (Channel.WECHAT,),
    "alipay": (Channel.ALIPAY,),
    "huabei": (Channel.ALIPAY,),
    "unionpay_app": (Channel.UNIONPAY_QR, Channel.CARD),
    "qr": _CODES,
    "credit_card": (Channel.CARD,),
    "debit_card": (Channel.CARD,),
    "bank_card": (Channel.CARD,),
}
_SWIPED = re.compile("刷(?!脸|新|单|码)")
"""Who says 刷 and names no wallet speaks of a card."""

_EXPLAINS = re.compile("因为|所以|原因|导致|造成|是不是|吧|估计|应该是|可能|肯定是|害得|搞得|怪")
"""Words by which people give a reason rather than a symptom."""
_SHORT = re.compile("少(?:了|到|给|打|收|发|算)|差了|短了")
"""Who says that a sum is missing from what came means the payout, not a payment of that sum."""

_RELAXED_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Found:
    """Verdicts, the worst first. `relaxed` when the said time had to be given up to find any."""

    verdicts: Sequence[Verdict]
    relaxed: bool = False
    whole_days: TxnQuery | None = None
    """The query, when it was for all payments of a time rather than for some of them."""


def asked_of(understood: Understanding, known: Asked | None = None) -> Asked:
    """What `understood` says of the payment, on top of what was `known` before.

    Of several times the earliest counts: one pays before one waits. What is denied does not count
    ("不是200，是2000").
    """
    understood = _without_denied(understood)
    details = (known or Asked()).model_dump(exclude_none=True)
    if amount := understood.first("amount"):
        span = AmountRange.from_value(amount.value, approx=amount.approx)
        details |= {"amount_low": span.low, "amount_high": span.high}
    times = [TimeRange.from_value(str(e.value)) for e in understood.entities if e.kind == "time"]
    if times:
        first = min(times, key=lambda span: span.since)
        details |= {"since": first.since, "until": first.until}
    for kind, field in (
        ("ref_no", "ref_no"),
        ("order_no", "order_no"),
        ("card_last4", "card_last4"),
        ("terminal_no", "tid"),
    ):
        if entity := understood.first(kind):
            details[field] = str(entity.value)
    method = understood.first("pay_method")
    if method is not None:
        details["channels"] = _CHANNELS.get(str(method.value), ())
    elif _SWIPED.search(understood.text):
        details["channels"] = (Channel.CARD,)
    if understood.causes and understood.causes[0][1] >= CLAIM_CONFIDENCE:
        cause, confidence = understood.causes[0]
        details |= {"cause": Cause(cause), "cause_confidence": confidence}
        details["explains"] = bool(_EXPLAINS.search(understood.text))
    if "amount_low" in details and _SHORT.search(understood.text):
        details |= {"cause": Cause.INSUFFICIENT_BALANCE, "cause_confidence": 1.0}
        details["explains"] = True
    return Asked.model_validate(details)


def _without_denied(understood: Understanding) -> Understanding:
    """Without the details that follow on a "not", unless that leaves none of its kind."""
    text = re.sub(r"\s", "", understood.text)
    denied = [
        one
        for one in understood.entities
        if re.search(r"(?:不是|并非)" + re.escape(re.sub(r"\s", "", one.raw)) + r"(?!\d)", text)
    ]
    left = {one.kind for one in understood.entities if one not in denied}
    kept = tuple(one for one in understood.entities if one not in denied or one.kind not in left)
    return replace(understood, entities=kept)


def search(investigation: Investigation, asked: Asked, now: datetime) -> Found:
    """Judge what fits. Without amount, number or time that is all money still missing.

    The way of paying narrows the search, but a wrong word for it does not empty it.
    Where only a time is given, payments that are settled are left out as long as others remain.
    """
    query, claim = asked.query, asked.claim
    if not query.names_one and not asked.names_time:
        return Found(_of_interest(investigation.missing(claim), asked))
    verdicts = investigation.fitting(query, claim)
    if not verdicts and asked.channels:
        return search(investigation, asked.model_copy(update={"channels": ()}), now)
    if not query.names_one:
        unsettled = [one for one in verdicts if not one.settled]
        return Found(unsettled or verdicts, whole_days=query)
    if verdicts or not asked.names_time:
        return Found(verdicts)
    wider = asked.model_copy(update={"since": now - _RELAXED_DAYS, "until": None}).query
    return Found(investigation.fitting(wider, claim), relaxed=True)


def _of_interest(verdicts: Sequence[Verdict], asked: Asked) -> Sequence[Verdict]:
    """A merchant who names a cause speaks of what went wrong, if just one thing did."""
    wrong = [one for one in verdicts if one.anomalous]
    return wrong if asked.cause and len(wrong) == 1 else verdicts
