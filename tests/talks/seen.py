"""Holding what happened against what was expected: facts of the store, buttons, named texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import yaml
from sqlalchemy import select

from daozhang.cases.answers import load_answers
from daozhang.cases.models import Case, Promise, PromiseState, Ticket
from daozhang.cases.questions import read_question
from daozhang.cases.reminders import reminder_of
from daozhang.cases.status import latest_case
from daozhang.cases.tickets import ticket_of
from daozhang.cases.walk import steps_tried
from daozhang.conversations.models import Author, Control, Conversation, Message
from daozhang.money import format_yuan
from daozhang.playbook.rehearsals import load_walk
from daozhang.playbook.state import State
from daozhang.settings import ROOT
from tests.talks.script import Expected
from tests.talks.stage import Stage

__all__ = ["always_wrong", "control_of", "differences"]

_MOST = 3
_LONGEST = 260
"""Characters of a bubble; verdicts with a public notice are the longest."""
_TEXTS = ("assistant", "playbook", "gateway", "verdicts")


def always_wrong(stage: Stage, *, asked: bool) -> Iterator[str]:
    """What must never be so, whatever the talk: silence, too much, two open cases."""
    bot = [one for one in stage.last if one.author is Author.BOT]
    if asked and not stage.last:
        yield "the merchant was not answered"
    if len(bot) > _MOST:
        yield f"{len(bot)} bubbles at once"
    for one in stage.last:
        if not one.text or len(one.text) > _LONGEST:
            yield f"a bubble of {len(one.text)} characters"
    with stage.sessions() as session:
        open_ones = [one for one in session.scalars(select(Case)) if one.status.is_open]
    if len(open_ones) > 1:
        yield f"{len(open_ones)} cases are open"


def control_of(stage: Stage) -> Control:
    """In whose hands the conversation is."""
    with stage.sessions() as session:
        return session.get_one(Conversation, stage.conversation_id).control


def differences(stage: Stage, expected: Expected) -> Iterator[str]:
    """A line for everything that is not as expected."""
    found = _Found(stage)
    for name in expected.model_fields_set:
        wanted = getattr(expected, name)
        if name in {"offers", "evidence", "said", "staff_read"}:
            missing = [one for one in wanted if one not in getattr(found, name)(wanted)]
            if missing:
                yield f"{name}: {missing} are missing from {getattr(found, name)(wanted)}"
        elif name in {"unsaid", "nowhere"}:
            there = [one for one in wanted if one in getattr(found, name)(wanted)]
            if there:
                yield f"{name}: {there}"
        elif name == "tried":
            tried = found.tried()
            for step, way in wanted.items():
                if tried.get(step, "none") != way:
                    yield f"tried: {step} went {tried.get(step, 'none')}, not {way}"
        else:
            is_so, to_be = getattr(found, name)(), wanted
            if name in {"buttons", "shows", "promises"}:
                is_so, to_be = sorted(is_so), sorted(to_be)
            if is_so != to_be:
                yield f"{name}: {is_so}, not {to_be}"


class _Found:
    """What is so now, one method for each field of `Expected`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        with stage.sessions() as session:
            self._case = latest_case(session, stage.conversation_id)
            self._ticket = ticket_of(session, stage.conversation_id)
        kept = self._case.playbook_state if self._case else None
        self._state = State.from_json(kept) if kept else None

    def _of_case(self, name: str) -> Any:
        value = getattr(self._case, name) if self._case else None
        return "none" if value is None else value

    def status(self) -> Any:
        return self._of_case("status")

    def outcome(self) -> Any:
        return self._of_case("outcome")

    def finding(self) -> Any:
        return self._of_case("finding")

    def cause(self) -> Any:
        return self._of_case("cause")

    def playbook(self) -> Any:
        return self._of_case("playbook")

    def machine(self) -> Any:
        return self._of_case("tid")

    def step(self) -> str:
        return self._state.step if self._state and not self._state.ended else "none"

    def ending(self) -> str:
        return self._state.ending if self._state and self._state.ending else "none"

    def tried(self) -> dict[str, str]:
        return dict(self._state.tried) if self._state else {}

    def question(self) -> str:
        question = read_question(self._case.question) if self._case else None
        return question.kind if question else "none"

    def _all_buttons(self) -> list[str]:
        ids = [
            str(one["id"])
            for message in self._stage.last
            for one in self._payload(message).get("buttons", [])
        ]
        return ["resume" if one.startswith("resume:") else one for one in ids]

    @staticmethod
    def _payload(message: Message) -> dict[str, Any]:
        return message.payload or {}

    def buttons(self) -> list[str]:
        return self._all_buttons()

    def offers(self, _wanted: Any) -> list[str]:
        return self._all_buttons()

    def shows(self) -> list[int]:
        cards = [self._payload(one).get("timeline") for one in self._stage.last]
        return [_fen(card["amount"]) for card in cards if card]

    def said(self, wanted: Any) -> list[str]:
        told = "\n".join(one.text for one in self._stage.last)
        return [key for key in wanted if any(_is_in(text, told) for text in self._named(key))]

    unsaid = said

    def _named(self, key: str) -> list[str]:
        """The texts of that name; there must be one."""
        part, _, name = key.partition(".")
        found: list[str] = []
        if name and part == "step" and self._state:
            step = load_walk(self._state.playbook, self._state.version).steps[self._state.step]
            found = [step.check.seen if name == "seen" and step.check else getattr(step, name)]
        elif name and part == "ending" and self._state:
            book = load_walk(self._state.playbook, self._state.version)
            found = [getattr(book.endings[self._state.ending], name)]
        else:
            found = list(_templates().get(key, ()))
        assert found, f"there is no text “{key}”"
        return found

    def answered(self) -> str:
        texts = {one.text for one in self._stage.last}
        for intent, answer in load_answers().items():
            for cause, bubbles in answer.by_cause.items():
                if texts & set(bubbles):
                    return f"{intent}/{cause}"
            if texts & set(answer.say):
                return intent
        return "none"

    def evidence(self, _wanted: Any) -> list[str]:
        return [row.split()[0] for row in self._case.evidence] if self._case else []

    def ticket(self) -> str:
        return self._ticket.reason if self._ticket else "none"

    def staff_read(self, wanted: Any) -> list[str]:
        lines = "\n".join(self._ticket.summary) if self._ticket else ""
        return [one for one in wanted if one in lines]

    def promises(self) -> list[str]:
        with self._stage.sessions() as session:
            return list(
                session.scalars(select(Promise.kind).where(Promise.state == PromiseState.OPEN))
            )

    def reminder(self) -> Any:
        with self._stage.sessions() as session:
            below = reminder_of(session, self._stage.mid)
        return "none" if below is None else below

    def control(self) -> Any:
        return control_of(self._stage)

    def cases(self) -> int:
        with self._stage.sessions() as session:
            return len(session.scalars(select(Case)).all())

    def bubbles(self) -> int:
        return len(self._stage.last)

    def nowhere(self, wanted: Any) -> list[str]:
        with self._stage.sessions() as session:
            kept = [one.text + str(one.payload) for one in session.scalars(select(Message))]
            kept += [one.complaint + str(one.question) for one in session.scalars(select(Case))]
            kept += [str(one.summary) for one in session.scalars(select(Ticket))]
            cases = session.scalars(select(Case)).all()
            kept += [line for case in cases for line in steps_tried(case)]
            kept += [case.playbook_state or "" for case in cases]
        return [one for one in wanted if any(one in text for text in kept)]


@cache
def _templates() -> Mapping[str, Sequence[str]]:
    """The texts of merchants by key; a key may stand in more than one file."""
    found: dict[str, list[str]] = {}
    for name in _TEXTS:
        table = yaml.safe_load((ROOT / "data" / "texts" / f"{name}.yml").read_text("utf-8"))
        for key, text in table.items():
            found.setdefault(key, []).append(text)
    return found


def _is_in(template: str, told: str) -> bool:
    """Whether the template was said, with whatever values."""
    parts = re.split(r"\{\w+\}", template)
    return re.search(".*?".join(map(re.escape, parts)), told, re.DOTALL) is not None


def _fen(text: str) -> int:
    """'3,000元' in fen, the inverse of `format_yuan`."""
    digits = re.sub(r"[^\d.\-]", "", text)
    fen = round(float(digits) * 100)
    assert format_yuan(fen) == text, text
    return fen
