"""What helps: the lines under a verdict that say why, what to do, and what is not to be done."""

from __future__ import annotations

from datetime import datetime

from daozhang.diagnosis.facts import Breakdown, HoldFacts, PayoutFacts
from daozhang.diagnosis.verdict import Finding, Outcome, Subject, Verdict
from daozhang.ledger.facts import response_code
from daozhang.ledger.words import HoldKind
from daozhang.money import format_yuan
from daozhang.texts import load_texts
from daozhang.wording import say_moment

__all__ = ["breakdown_line", "remedies"]


def remedies(verdict: Verdict, subject: Subject, now: datetime) -> list[str]:
    """Lines in the order of their use; what has been made public comes last."""
    lines = [_why(verdict)] if _why(verdict) else []
    lines += _what_to_do(verdict, subject, now)
    if verdict.public_text:
        lines.append(load_texts("verdicts")("public_text", text=verdict.public_text))
    return lines


def breakdown_line(sums: Breakdown) -> str:
    """收款2,000元 - 手续费20元 - 退款480元 = 到账1,500元."""
    texts = load_texts("verdicts")
    parts = [
        texts(f"sum_{name}", amount=format_yuan(amount))
        for name in ("takings", "fee", "refunds", "chargebacks", "deducted", "kept_back")
        if (amount := getattr(sums, name)) != 0
    ]
    left = texts("sum_minus").join(parts)
    return texts("sum_line", parts=left, paid=format_yuan(sums.paid))


def _why(verdict: Verdict) -> str:
    """The line on the circumstance; where it has none, an overdue verdict tells the cause."""
    texts, notice = load_texts("verdicts"), verdict.notice
    key = f"why_{verdict.circumstance}"
    if notice is not None:
        day = notice.effective_on
        return texts("why_notice", title=notice.title, month=day.month, day=day.day)
    if verdict.circumstance and key in texts and verdict.finding is not Finding.CHARGED_BACK:
        return texts(key)
    if verdict.finding is Finding.OVERDUE:
        return texts(f"overdue_cause_{verdict.cause or 'unknown'}")
    return ""


def _what_to_do(verdict: Verdict, subject: Subject, now: datetime) -> list[str]:
    texts = load_texts("verdicts")
    payout, hold, finding = verdict.payout, verdict.hold, verdict.finding
    if verdict.breakdown is not None:
        return [breakdown_line(verdict.breakdown)]
    match finding:
        case Finding.PAYOUT_FAILED | Finding.PAYOUT_RETURNED if payout:
            return [texts(f"help_{payout.fail_reason or 'other'}")]
        case Finding.HELD if hold:
            return [_about_hold(hold, now)]
        case Finding.CHARGED_BACK:
            review = hold.review_due if hold else None
            if review is None:
                return [texts("help_charged_back")]
            return [texts("help_charged_back_until", at=say_moment(review, now, dated=True))]
        case Finding.DECLINED:
            known = response_code(verdict.code or "")
            return [texts("help_declined", action=known.action)] if known else []
        case Finding.OVERDUE:
            return [] if verdict.public_text else [texts("help_overdue")]
        case Finding.PAID_UNCONFIRMED if payout:
            return [texts("help_paid_unconfirmed", bank=payout.account_bank, no=payout.no)]
        case Finding.CREDITED if payout and payout.kept_back > 0:
            return [_kept_back(payout)]
        case Finding.CREDITED:
            return [texts("help_credited", net=format_yuan(subject.net))]
        case _ if f"help_{finding}" in texts and verdict.outcome is not Outcome.CREDITED:
            return [texts(f"help_{finding}")]
        case _:
            return []


def _kept_back(payout: PayoutFacts) -> str:
    return load_texts("verdicts")(
        "help_credited_partly",
        payout_no=payout.no,
        planned=format_yuan(payout.amount + payout.kept_back),
        kept_back=format_yuan(payout.kept_back),
        paid=format_yuan(payout.amount),
    )


def _about_hold(hold: HoldFacts, now: datetime) -> str:
    texts, words = load_texts("verdicts"), load_texts("words")
    if hold.kind == HoldKind.JUDICIAL:
        return texts("help_judicial")
    review = (
        texts("review_due", at=say_moment(hold.review_due, now))
        if hold.review_due
        else texts("review_open")
    )
    if not hold.materials:
        return texts("help_held_no_list", review=review)
    names = [
        words(f"material_{one}") if f"material_{one}" in words else one for one in hold.materials
    ]
    return texts("help_held", materials=words("list_separator").join(names), review=review)
