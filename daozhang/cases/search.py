"""From words to payments: what the merchant said becomes a query, and what fits is judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daozhang.cases.questions import Asked
from daozhang.causes import Cause
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.verdict import Outcome, Verdict
from daozhang.ledger.lookups import TxnQuery
from daozhang.ledger.words import Channel
from daozhang.understanding import AmountRange, Entity, TimeRange, Understanding

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

_EXPLAINS = re.compile(
    r"因为|所以|导致|造成|是不是|估计|应该是|可能|肯定是|害得|搞得|(?<!奇)(?<!难)怪"
    r"|(?<!什么)(?<!啥)(?<!查)原因|(?<![酒网])吧(?:\W|$)"
)
"""Words by which people give a reason rather than a symptom."""
_SHORT = re.compile("少(?:了|到|给|打|收|发|算)|差了|短了")
"""Who says that a sum is missing from what came means the payout, not a payment of that sum."""

_WANTED_BY = re.compile(
    "(?:能|会|可以)?到(?!现在|今|目前|这会|了|账了)|要[交用发付还给]|到期|给我|之前|必须"
)
_SOMETHING_ELSE = re.compile("(?:能不能|能否|可不可以|房租|工资|材料|资料|证件|执照).{0,3}$")
_THERE = "(?:到了|到账了?|收到了?|只到|才到|就到)"
_OWN_SLIP = Cause.WRONG_TRANSACTION_INFO
"""Who reports a fault of this kind tells what they did, which is certain, not what they suppose."""
_WHICH = re.compile("哪[几些]?[一二两三]?[笔单]|哪些|逐笔|每[一]?[笔单]")
"""Who asks which payments wants them one by one."""
_OF_ONE_MESSAGE = {"cause", "cause_confidence", "explains", "which"}
_NUMBERS = (
    ("ref_no", "ref_no"),
    ("order_no", "order_no"),
    ("card_last4", "card_last4"),
    ("terminal_no", "tid"),
)

_RELAXED_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Found:
    """Verdicts, the worst first. `relaxed` when the said time had to be given up to find any."""

    verdicts: Sequence[Verdict]
    relaxed: bool = False
    whole_days: TxnQuery | None = None
    """The query, when it was for all payments of a time rather than for some of them."""
    want_naming: bool = False
    """Whether one verdict on all that is missing would leave open which payments it is about."""

    @property
    def only(self) -> Verdict | None:
        """The verdict that is plainly meant: there is no other, and nothing was given up for it."""
        plain = len(self.verdicts) == 1 and not (self.relaxed or self.want_naming)
        return self.verdicts[0] if plain else None


def asked_of(understood: Understanding, known: Asked | None = None) -> Asked:
    """What `understood` says of the payment, on top of what was `known` before.

    What is denied does not count ("不是200，是2000"), nor does a time by which money is wanted
    ("房租明天要交"). A cause belongs to the message that names it and is not carried over.
    """
    entities = [one for one in understood.entities if not _is_denied(one, understood.text)]
    details = (known or Asked()).model_dump(exclude_none=True, exclude=_OF_ONE_MESSAGE)
    if _denies_amount(understood, known):
        details.pop("amount_low", None)
        details.pop("amount_high", None)
    if amount := _amount_meant(entities, understood.text):
        span = AmountRange.from_value(amount.value, approx=amount.approx)
        details |= {"amount_low": span.low, "amount_high": span.high}
    if paid := _time_of_payment(understood, entities, amount):
        details |= {"since": paid.since, "until": paid.until}
    for kind, field in _NUMBERS:
        if entity := next((one for one in entities if one.kind == kind), None):
            details[field] = str(entity.value)
    method = understood.first("pay_method")
    if method is not None:
        details["channels"] = _CHANNELS.get(str(method.value), ())
    elif _SWIPED.search(understood.text):
        details["channels"] = (Channel.CARD,)
    details["which"] = bool(_WHICH.search(understood.text))
    if understood.causes and understood.causes[0][1] >= CLAIM_CONFIDENCE:
        cause, confidence = understood.causes[0]
        details |= {"cause": Cause(cause), "cause_confidence": confidence}
        details["explains"] = _EXPLAINS.search(understood.text) is not None
    if understood.intent == "report_fault" and details.get("cause") is _OWN_SLIP:
        details |= {"cause_confidence": 1.0, "explains": True}
    if "amount_low" in details and _SHORT.search(understood.text):
        details |= {"cause": Cause.INSUFFICIENT_BALANCE, "cause_confidence": 1.0}
        details["explains"] = True
    return Asked.model_validate(details)


def _amount_meant(entities: Sequence[Entity], text: str) -> Entity | None:
    """Of several amounts the first that is not said to be there ("只到了一万，还有六千")."""
    amounts = [one for one in entities if one.kind == "amount"]
    words = re.sub(r"\s", "", text)
    missing = (one for one in amounts if not re.search(_THERE + re.escape(one.raw), words))
    return next(missing, amounts[0] if amounts else None)


def _time_of_payment(
    understood: Understanding, entities: Sequence[Entity], amount: Entity | None
) -> TimeRange | None:
    """Of several times the one named before the amount; else the earliest, as one pays first."""
    text = understood.text
    times = [
        (text.find(one.raw), TimeRange.from_value(str(one.value)))
        for one in entities
        if one.kind == "time" and not _is_deadline(one, text)
    ]
    now = understood.said_at
    past = [(place, span) for place, span in times if now is None or span.since <= now]
    if not past:
        return None
    place_of_amount = text.find(amount.raw) if amount else -1
    before = [one for one in past if 0 <= one[0] < place_of_amount]
    return max(before)[1] if before else min((span for _, span in past), key=lambda s: s.since)


def _is_deadline(entity: Entity, text: str) -> bool:
    """Whether a time is when money is wanted or something else happened, not when it was paid."""
    before, found, after = text.partition(entity.raw)
    return bool(found and (_WANTED_BY.match(after) or _SOMETHING_ELSE.search(before)))


def _is_denied(entity: Entity, text: str) -> bool:
    raw = re.escape(re.sub(r"\s", "", entity.raw))
    return bool(re.search(rf"(?<!是)(?:不是|并非){raw}(?!\d)", re.sub(r"\s", "", text)))


def _denies_amount(understood: Understanding, known: Asked | None) -> bool:
    """Whether the amount that was known is taken back."""
    return known is not None and any(
        one.kind == "amount" and one.value == known.amount_low and _is_denied(one, understood.text)
        for one in understood.entities
    )


def search(investigation: Investigation, asked: Asked, now: datetime) -> Found:
    """Judge what fits. Without amount, number or time that is all money still missing.

    The way of paying narrows the search, but a wrong word for it does not empty it.
    Where only a time is given, payments that are settled are left out as long as others remain.
    """
    query, claim = asked.query, asked.claim
    if not asked.names_any:
        return Found(_of_interest(investigation.missing(claim), asked))
    verdicts = investigation.fitting(query, claim)
    if not verdicts and asked.channels:
        return search(investigation, asked.model_copy(update={"channels": ()}), now)
    if not query.names_one:
        unsettled = [one for one in verdicts if not one.settled]
        naming = _want_naming(verdicts, asked)
        return Found(unsettled or verdicts, whole_days=query, want_naming=naming)
    if verdicts or not asked.names_time:
        return Found(verdicts)
    wider = asked.model_copy(update={"since": now - _RELAXED_DAYS, "until": None}).query
    return Found(investigation.fitting(wider, claim), relaxed=True)


def _several(verdicts: Iterable[Verdict]) -> bool:
    return sum(one.subject.count for one in verdicts if one.subject) > 1


def _want_naming(verdicts: Sequence[Verdict], asked: Asked) -> bool:
    """Several are missing while others are here, or the merchant asks which ones."""
    here = any(one.outcome is Outcome.CREDITED for one in verdicts)
    missing = [one for one in verdicts if not one.settled]
    return (here and _several(missing)) or (asked.which and _several(verdicts))


def _of_interest(verdicts: Sequence[Verdict], asked: Asked) -> Sequence[Verdict]:
    """A merchant who names a cause speaks of what went wrong, if just one thing did."""
    wrong = [one for one in verdicts if one.anomalous]
    return wrong if asked.cause and len(wrong) == 1 else verdicts
