"""The list to tap when several payments can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daozhang.diagnosis.render import describe_days
from daozhang.diagnosis.verdict import Subject, Verdict
from daozhang.money import format_yuan
from daozhang.replies import Button
from daozhang.texts import load_texts
from daozhang.wording import say_moment

__all__ = ["pick_buttons"]


def pick_buttons(verdicts: Sequence[Verdict | None], now: datetime) -> tuple[Button, ...]:
    """A button for each verdict, numbered by its place, and one for "none of these".

    None stands for payments that cannot be told any more; they keep their number.
    """
    texts = load_texts("assistant")
    buttons = [
        _button(f"pick:{index}", verdict, verdict.subject, now)
        for index, verdict in enumerate(verdicts)
        if verdict is not None and verdict.subject is not None
    ]
    return (*buttons, Button(id="pick:none", label=texts("pick_none")))


def _button(id_: str, verdict: Verdict, subject: Subject, now: datetime) -> Button:
    texts, words = load_texts("assistant"), load_texts("words")
    status = texts(f"status_{verdict.finding}")
    amount = format_yuan(subject.amount)
    if subject.count > 1:
        label = texts("pick_label_many", days=describe_days(subject, now), count=subject.count)
        return Button(
            id=id_, label=label, hint=texts("pick_hint_many", amount=amount, status=status)
        )
    hint = texts(
        "pick_hint",
        moment=say_moment(subject.first_at, now),
        channel=words(f"channel_{subject.channel}"),
        status=status,
    )
    return Button(id=id_, label=amount, hint=hint)
