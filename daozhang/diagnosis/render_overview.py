"""A day or a week in one bubble: what is here, what comes, what is stuck, and the list to tap."""

from __future__ import annotations

from datetime import datetime

from daozhang.diagnosis.overview import Overview, Share, share_of
from daozhang.diagnosis.render import describe_days
from daozhang.diagnosis.verdict import Subject, Verdict
from daozhang.money import format_yuan
from daozhang.replies import Button, Reply
from daozhang.texts import load_texts
from daozhang.wording import say_moment

__all__ = ["tell_overview", "told_of"]

LISTED = 5
"""How many fates are offered to look at closer."""
_QUIET = {Share.ARRIVED: 1, Share.NEVER: 2}
"""What is settled comes after the rest: what arrived, then what never will."""


def told_of(overview: Overview) -> tuple[Verdict, ...]:
    """The verdicts on the list, in its order: what needs a look goes before what is settled."""
    with_subject = [one for one in overview.verdicts if one.subject]
    ordered = sorted(with_subject, key=lambda one: _QUIET.get(share_of(one), 0))
    return tuple(ordered[:LISTED])


def tell_overview(overview: Overview, now: datetime) -> Reply:
    """One bubble with a line for each share and a sum, and a button for each fate."""
    texts = load_texts("verdicts")
    if overview.total.count == 0:
        return Reply(text=texts("overview_empty"))
    lines = [
        texts(
            f"overview_{share}",
            count=tally.count,
            amount=format_yuan(tally.amount),
            net=format_yuan(tally.net),
        )
        for share, tally in overview.shares.items()
        if tally.count
    ]
    total = overview.total
    amount, net = format_yuan(total.amount), format_yuan(total.net)
    lines.append(texts("overview_total", count=total.count, amount=amount, net=net))
    if not overview.complete:
        lines.append(texts("overview_incomplete"))
    buttons = [
        _button(index, verdict, verdict.subject, now)
        for index, verdict in enumerate(told_of(overview))
        if verdict.subject
    ]
    return Reply(text="\n".join(lines), buttons=tuple(buttons))


def _button(index: int, verdict: Verdict, subject: Subject, now: datetime) -> Button:
    texts, words = load_texts("verdicts"), load_texts("words")
    amount, fate = format_yuan(subject.amount), texts(f"fate_{verdict.finding}")
    if subject.count > 1:
        label = texts("overview_label", count=subject.count, amount=amount)
        when = describe_days(subject, now)
    else:
        label = amount
        channel = words(f"channel_{subject.channel}")
        when = texts("overview_when", moment=say_moment(subject.first_at, now), channel=channel)
    return Button(
        id=f"pick:{index}", label=label, hint=texts("overview_hint", when=when, fate=fate)
    )
