"""A day or a week: what is here, what comes, what is stuck, and by name what has not arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from daozhang.diagnosis.overview import Overview, Share, share_of
from daozhang.diagnosis.render import describe_days, promised_by
from daozhang.diagnosis.verdict import Subject, Verdict
from daozhang.money import format_yuan
from daozhang.replies import Button, Reply
from daozhang.texts import load_texts
from daozhang.wording import say_moment

__all__ = ["named_at_once", "tell_overview", "tell_page", "told_of"]

_PAGE = 25
"""How many payments are named in one bubble."""
_ROOM = 8
"""How many missing payments get a button each; of more, each fate gets one."""
_FATES = 5
_QUIET = {Share.ARRIVED: 1, Share.NEVER: 2}
"""What is settled comes after the rest: what arrived, then what never will."""


def told_of(overview: Overview) -> tuple[Verdict, ...]:
    """The verdicts to tap, in their order: each missing payment, then the settled ones by fate."""
    fates = sorted(overview.verdicts, key=lambda one: _QUIET.get(share_of(one), 0))
    missing = overview.missing
    if len(missing) > _ROOM:
        return tuple(fates[:_FATES])
    settled = [one for one in fates if share_of(one) in _QUIET]
    return (*missing, *settled[:_FATES])


def named_at_once(overview: Overview) -> tuple[int, ...]:
    """The payments that the first answer names in a list of its own.

    None when each has a button, or when all that are missing share one fate: then they are named
    on a tap.
    """
    missing = overview.missing
    fates = {(one.finding, one.due and one.due.due_at) for one in missing}
    listed = len(missing) > _ROOM and len(fates) > 1
    return _ids(overview.not_arrived[:_PAGE]) if listed else ()


def tell_overview(overview: Overview, now: datetime) -> list[Reply]:
    """A line for each share and a sum; then the names of the missing, where they need a list."""
    texts = load_texts("verdicts")
    if overview.total.count == 0:
        return [Reply(text=texts("overview_empty"))]
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
    sums = "\n".join(lines)
    if named_at_once(overview):
        return [Reply(text=sums), *tell_page(overview, (), now)[0]]
    left = len(overview.not_arrived) if len(overview.missing) > _ROOM else 0
    return [Reply(text=sums, buttons=(*_buttons(overview, now), *_more(left)))]


def tell_page(
    overview: Overview, named: Collection[int], now: datetime
) -> tuple[list[Reply], tuple[int, ...]]:
    """The next payments that have not arrived and were not `named` yet, and all named with them.

    What has arrived between two pages moves the rest up, and no line is lost or told twice.
    """
    texts, absent = load_texts("verdicts"), overview.not_arrived
    known = set(named)
    still = [one for one in absent if not known.issuperset(_ids([one]))]
    page, left = still[:_PAGE], len(still) - _PAGE
    lines = [texts("overview_not_arrived", count=len(absent)), *_lines(page, now)]
    buttons = (*_buttons(overview, now), *_more(left))
    return [Reply(text="\n".join(lines), buttons=buttons)], (*named, *_ids(page))


def _ids(verdicts: Sequence[Verdict]) -> tuple[int, ...]:
    return tuple(id_ for one in verdicts if one.subject for id_ in one.subject.ids)


def _more(left: int) -> tuple[Button, ...]:
    if left <= 0:
        return ()
    return (Button(id="more", label=load_texts("verdicts")("overview_more", count=left)),)


def _lines(verdicts: Sequence[Verdict], now: datetime) -> list[str]:
    """A line for each payment, below the fate that it shares with others."""
    texts, lines = load_texts("verdicts"), []
    for fate, same in groupby(verdicts, lambda one: _fate(one, now)):
        lines.append(texts("overview_fate", fate=fate))
        lines.extend(
            texts(
                "overview_line",
                when=_when(one.subject, now),
                amount=format_yuan(one.subject.amount),
            )
            for one in same
            if one.subject
        )
    return lines


def _buttons(overview: Overview, now: datetime) -> tuple[Button, ...]:
    return tuple(
        _button(index, verdict, verdict.subject, now)
        for index, verdict in enumerate(told_of(overview))
        if verdict.subject
    )


def _button(index: int, verdict: Verdict, subject: Subject, now: datetime) -> Button:
    texts = load_texts("verdicts")
    amount = format_yuan(subject.amount)
    if subject.count > 1:
        label = texts("overview_label", count=subject.count, amount=amount)
        when = describe_days(subject, now)
    else:
        label, when = amount, _when(subject, now)
    hint = texts("overview_hint", when=when, fate=_fate(verdict, now))
    return Button(id=f"pick:{index}", label=label, hint=hint)


def _when(subject: Subject, now: datetime) -> str:
    channel = load_texts("words")(f"channel_{subject.channel}")
    moment = say_moment(subject.first_at, now)
    return load_texts("verdicts")("overview_when", moment=moment, channel=channel)


def _fate(verdict: Verdict, now: datetime) -> str:
    """In three or four characters; for money that is sure to come, by when."""
    texts, due_at = load_texts("verdicts"), promised_by(verdict)
    if due_at is not None:
        return texts("fate_comes_by", due=say_moment(due_at, now))
    return texts(f"fate_{verdict.finding}")
