"""Learning from use: staff say what a message meant, and a file is written for a person to check.

Nothing here trains, and nothing writes into data/nlu.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.cases.lessons import Guess, masked
from daozhang.cases.models import Lesson, Turn
from daozhang.causes import Cause
from daozhang.conversations.models import Author, Message
from daozhang.errors import InputError
from daozhang.settings import ROOT

__all__ = ["LessonLine", "export", "label", "review", "write_export"]

EXAMPLES = ROOT / "data" / "nlu"
DOMAIN = ROOT / "domain.yml"
_FALLBACK = "nlu_fallback"
_MOST_CAUSES = 2
_HEAD = """# What merchants wrote and staff labelled: read it, mend it, then put it into data/nlu.
version: "3.1"
nlu:
"""


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A message with what the bot made of it, and the label that staff gave, if anybody did."""

    message_id: str
    at: datetime
    text: str
    guess: Guess | None
    intent: str | None
    causes: tuple[str, ...]


def review(session: Session, limit: int) -> Sequence[LessonLine]:
    """The newest messages that were not understood or have a label, newest first."""
    rows = session.scalars(
        select(Lesson).order_by(Lesson.at.desc(), Lesson.message_id.desc()).limit(limit)
    )
    return [
        LessonLine(
            one.message_id,
            one.at,
            one.text,
            Guess.read(one.guess),
            one.intent,
            tuple(one.causes or ()),
        )
        for one in rows
    ]


def label(
    session: Session,
    message_id: str,
    intent: str,
    causes: Sequence[str],
    staff: str,
    now: datetime,
) -> None:
    """Say what a merchant's message meant; one that was understood can be put right as well.

    Without causes it has none. A later label replaces an earlier one. Raises InputError for an
    intent or cause that does not exist, and when there is no such message.
    """
    _check(intent, causes)
    lesson = session.get(Lesson, message_id) or _from_log(session, message_id)
    lesson.intent, lesson.causes = intent, list(causes)
    lesson.labelled_by, lesson.labelled_at = staff, now


def export(session: Session, known: Path = EXAMPLES) -> str:
    """The labelled messages as YAML like data/nlu; those that stand under `known` are left out."""
    there = set(_examples_in(known))
    groups: defaultdict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    labelled = select(Lesson).where(Lesson.labelled_at.is_not(None)).order_by(Lesson.at)
    for one in session.scalars(labelled):
        text = _as_example(one.text)
        if text not in there:
            there.add(text)
            groups[str(one.intent), tuple(one.causes or ())].append(text)
    if not groups:
        raise InputError("没有可导出的：还没有标注，或者都已在 data/nlu 里")
    return _HEAD + "".join(_block(*key, texts) for key, texts in sorted(groups.items()))


def write_export(text: str, file: Path) -> None:
    """Write an export. Raises InputError for a place in data/nlu: that is for a person to do."""
    if file.resolve().is_relative_to(EXAMPLES):
        raise InputError("不能直接写进 data/nlu：请写到别处，人看过以后再放进去")
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"写不了 {file}：{error.strerror}") from None


def _check(intent: str, causes: Sequence[str]) -> None:
    domain = yaml.safe_load(DOMAIN.read_text("utf-8"))
    intents = [one for one in domain["intents"] if one != _FALLBACK]
    if intent not in intents:
        raise InputError(f"没有意图 {intent}；可以用：{'，'.join(intents)}")
    for cause in causes:
        if cause not in list(Cause):
            raise InputError(f"没有原因 {cause}；可以用：{'，'.join(Cause)}")
    if len(set(causes)) != len(causes) or len(causes) > _MOST_CAUSES:
        raise InputError(f"一句话最多 {_MOST_CAUSES} 个不同的原因")


def _from_log(session: Session, message_id: str) -> Lesson:
    """A lesson for a message that the bot believed to have understood."""
    message = session.get(Message, int(message_id)) if message_id.isdecimal() else None
    if message is None or message.author is not Author.MERCHANT or not message.text.strip():
        raise InputError(f"没有商户消息 {message_id}；消息号见 daozhang nlu review 或工单的对话")
    turn = session.get(Turn, message_id)
    lesson = Lesson(
        message_id=message_id,
        at=message.at,
        text=masked(message.text),
        guess=turn.guess if turn else None,
    )
    session.add(lesson)
    return lesson


def _examples_in(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.yml")):
        content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
        for block in content["nlu"]:
            for line in str(block.get("examples", "")).splitlines():
                yield line.strip().removeprefix("-").strip()


def _as_example(text: str) -> str:
    """Without what the training data's format would read as the mark of an entity."""
    return text.replace("](", "] (").replace("]{", "] {").removeprefix("-").strip()


def _block(intent: str, causes: Sequence[str], texts: Iterable[str]) -> str:
    lines = [f"- intent: {intent}"]
    if causes:
        named = causes[0] if len(causes) == 1 else f"[{', '.join(causes)}]"
        lines += ["  metadata:", f"    cause: {named}"]
    lines += ["  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(lines) + "\n"
