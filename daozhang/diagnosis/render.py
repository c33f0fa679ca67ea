"""A verdict in the merchant's words: at most three bubbles, the first with the money timeline.

The renderer sees the verdict and the clock, nothing else: what is not in a verdict cannot be told.
"""

from __future__ import annotations

from datetime import datetime

from daozhang.clock import local_date
from daozhang.diagnosis.remedies import remedies
from daozhang.diagnosis.verdict import (
    Finding,
    Outcome,
    StageFact,
    StageKey,
    StageState,
    Subject,
    Verdict,
)
from daozhang.ledger.facts import response_code
from daozhang.ledger.words import Channel
from daozhang.money import format_yuan
from daozhang.replies import Reply, Stage, Timeline
from daozhang.settlement.due import Due, Reason
from daozhang.texts import load_texts
from daozhang.wording import say_day, say_moment

__all__ = ["describe", "describe_days", "promised_by", "tell"]

_NO_NET = {
    one
    for one in Finding
    if one.outcome in {Outcome.DECLINED, Outcome.OUTCOME_UNKNOWN} or one is Finding.PREAUTH_OPEN
}
_BY_CONTRACT = {Finding.BEFORE_DUE, Finding.OVERDUE}
_NET_COMES = {Finding.BEFORE_DUE, Finding.OVERDUE, Finding.PAYOUT_REPLACED}


def tell(verdict: Verdict, now: datetime) -> list[Reply]:
    """The bubbles for a verdict that has a subject."""
    subject = verdict.subject
    if subject is None:
        raise ValueError("a verdict without a subject is told by whoever searched")
    main = _claim(verdict, subject, now) + _main(verdict, subject, now)
    bubbles = [Reply(text=main, timeline=_timeline(verdict, subject, now))]
    if verdict.due and verdict.finding is Finding.BEFORE_DUE:
        bubbles.append(Reply(text=_rule(subject, verdict.due, now)))
    bubbles.extend(Reply(text=text) for text in remedies(verdict, subject, now))
    return bubbles[:3]


def describe(subject: Subject, now: datetime) -> str:
    """What is talked about, in a few words: '昨天 15:10刷卡的3,000元'."""
    words = load_texts("words")
    amount = format_yuan(subject.amount)
    if subject.count == 1:
        return words(
            "one",
            moment=say_moment(subject.first_at, now),
            channel=words(f"channel_{subject.channel}"),
            amount=amount,
        )
    return words("many", days=describe_days(subject, now), count=subject.count, amount=amount)


def describe_days(subject: Subject, now: datetime) -> str:
    """The day or days of several payments: '昨天', '前天到昨天'."""
    today = local_date(now)
    first, last = (say_day(local_date(day), today) for day in (subject.first_at, subject.last_at))
    return first if first == last else load_texts("words")("days", first=first, last=last)


def promised_by(verdict: Verdict) -> datetime | None:
    """By when money on its way is there; None where nobody can promise it."""
    on_its_way = verdict.finding is Finding.BEFORE_DUE and verdict.doubt is None
    return verdict.due.due_at if on_its_way and verdict.due else None


def _claim(verdict: Verdict, subject: Subject, now: datetime) -> str:
    """What is said to an explanation that the rows do not bear out.

    Where nothing refutes it and no other cause is plain, the merchant's words are left alone.
    """
    plain = verdict.outcome in {Outcome.HELD, Outcome.PAYOUT_FAILED}
    refuted = verdict.refuted_by and verdict.outcome is not Outcome.OUTCOME_UNKNOWN
    if verdict.claim is None or verdict.claim_fits is not False or not (plain or refuted):
        return ""
    texts = load_texts("verdicts")
    cleared = any(row.table == "clearings" for row in verdict.refuted_by)
    if verdict.outcome is Outcome.CREDITED:
        fact = texts("claim_fact_credited")
    elif cleared:
        fact = texts("claim_fact_cleared", at=say_moment(subject.first_at, now))
    else:
        fact = texts("claim_fact_other")
    return texts("claim_refuted", claim=texts(f"claim_{verdict.claim.cause}"), fact=fact)


def _main(verdict: Verdict, subject: Subject, now: datetime) -> str:
    texts = load_texts("verdicts")
    payout, due = verdict.payout, verdict.due
    values: dict[str, object] = {
        "what": describe(subject, now),
        "net": format_yuan(subject.net),
        "fee": format_yuan(subject.fee),
    }
    key: str = verdict.finding
    if verdict.finding is Finding.DECLINED:
        known = response_code(verdict.code or "")
        key = "declined" if known else "declined_no_code"
        values |= {"code": verdict.code, "code_name": known.name if known else ""}
    if due is not None:
        values["due"] = _before(due.due_at, now)
    if payout is not None:
        values |= {
            "at": say_moment(payout.at, now) if payout.at else "",
            "account": load_texts("words")(
                "account", bank=payout.account_bank, last4=payout.account_last4
            ),
            "payout_no": payout.no,
            "reason": texts(f"reason_text_{payout.fail_reason or 'other'}"),
            "successor": payout.successor_no,
        }
    if verdict.finding is Finding.CREDITED and subject.count > 1:
        key = "credited_many"
    if due is None and verdict.finding in _BY_CONTRACT:
        key = f"{key}_by_contract"
    elif verdict.finding is Finding.BEFORE_DUE:
        key = _before_due(verdict, now)
    if payout is not None and f"{key}_{payout.fail_reason}" in texts:
        key = f"{key}_{payout.fail_reason}"
    if verdict.outcome is Outcome.PAYOUT_FAILED and payout and payout.fail_text:
        values["reason"] = texts("bank_said", reason=values["reason"], text=payout.fail_text)
    return texts(key, **values)


def _before_due(verdict: Verdict, now: datetime) -> str:
    """The text for money on its way: for sure, perhaps later, or already put off."""
    due = verdict.due
    if due is not None and due.put_off_until is not None:
        if Reason.BELOW_MINIMUM in due.reasons:
            return "before_due_below_minimum"
        if now < due.put_off_until:
            return "before_due_channel_closed"
    return "before_due_uncertain" if verdict.doubt else "before_due"


def _rule(subject: Subject, due: Due, now: datetime) -> str:
    texts = load_texts("verdicts")
    clock = f"{due.cutoff:%H:%M}"
    settle_day = say_day(due.settle_day, local_date(now))
    because = [
        texts(f"reason_{reason}", cutoff=clock, settle_day=settle_day)
        for reason in due.reasons
        if f"reason_{reason}" in texts
    ]
    if because:
        joined = load_texts("words")("clause_separator").join(because)
    tail = texts("because", reasons=joined) if because else ""
    key = f"rule_{due.product}"
    if subject.channel is not Channel.CARD and f"{key}_qr" in texts:
        key = f"{key}_qr"
    return texts(key, cutoff=clock, because=tail)


def _before(moment: datetime, now: datetime) -> str:
    return load_texts("words")("before", moment=say_moment(moment, now, dated=True))


def _timeline(verdict: Verdict, subject: Subject, now: datetime) -> Timeline | None:
    if not verdict.stages:
        return None
    words, texts = load_texts("words"), load_texts("verdicts")
    amount = format_yuan(subject.amount)
    if subject.count == 1:
        channel = words(f"channel_{subject.channel}")
        title = texts("card_title", channel=channel, amount=amount)
    else:
        title = texts("card_title_many", count=subject.count, amount=amount)
    due = verdict.due if verdict.finding in _NET_COMES and verdict.doubt is None else None
    return Timeline(
        title=title,
        amount=amount,
        net="" if verdict.finding in _NO_NET else format_yuan(subject.net),
        due=_before(due.due_at, now) if due else "",
        stages=tuple(_stage(fact, verdict.finding, subject, now) for fact in verdict.stages),
    )


def _stage_label(fact: StageFact, *, qr: bool) -> str:
    if fact.key is not StageKey.PAID:
        return f"stage_{fact.key}"
    went_wrong = fact.state is StageState.STOPPED
    return ("stage_unpaid" if went_wrong else "stage_paid") + ("_qr" if qr else "")


def _note(finding: Finding) -> str:
    """What stopped the money, in three or four characters."""
    return load_texts("words")(f"stopped_{finding}")


def _stage(fact: StageFact, finding: Finding, subject: Subject, now: datetime) -> Stage:
    words = load_texts("words")
    qr = fact.key is StageKey.PAID and subject.channel is not Channel.CARD
    at = say_moment(fact.at, now) if fact.at else ""
    if fact.expected:
        at = words("stage_expected", moment=at)
    return Stage(
        key=fact.key.value,
        label=words(_stage_label(fact, qr=qr)),
        at=at,
        note=_note(finding) if fact.state is StageState.STOPPED else "",
        state=fact.state.value,
    )
