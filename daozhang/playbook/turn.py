"""One turn in the making: the state so far and the bubbles said so far, and how it may close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from daozhang.playbook.model import EndingKind, Exit, Playbook, Step
from daozhang.playbook.state import (
    Advance,
    Ask,
    Effect,
    Ended,
    Facts,
    HandOver,
    Outcome,
    PassOn,
    Promise,
    Say,
    Solved,
    State,
)
from daozhang.playbook.vocabulary import DETAIL
from daozhang.texts import load_texts

__all__ = ["MAX_BUBBLES", "Turn", "in_bubbles", "own_text"]

MAX_BUBBLES = 3


def in_bubbles(texts: Sequence[str], room: int) -> Sequence[str]:
    """The texts, in at most `room` bubbles: the overflow shares the last one."""
    return texts if len(texts) <= room else (*texts[: room - 1], "".join(texts[room - 1 :]))


def own_text(key: str, **values: str) -> str:
    """One of the engine's own sentences."""
    return load_texts("playbook")(key, **values)


class _Words(dict[str, str]):
    """The values of a text; one that is not known gets its neutral word."""

    def __missing__(self, name: str) -> str:
        return own_text(f"value_{name}")


def _fill(template: str, values: Mapping[str, str]) -> str:
    return template.format_map(_Words({name: word for name, word in values.items() if word}))


@dataclass(frozen=True, slots=True)
class Turn:
    """Immutable: every method gives a new turn, or the finished Advance."""

    playbook: Playbook
    facts: Facts
    state: State
    said: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        return self.playbook.steps[self.state.step]

    def now(self, **changes: Any) -> Self:
        return replace(self, state=replace(self.state, **changes))

    def at(self, step: str) -> Self:
        """Stand at `step`, afresh."""
        return self.now(step=step, entered_at=self.facts.now, tries=0, waiting_since=None)

    def saying(self, *texts: str) -> Self:
        filled = (_fill(text, self.facts.values) for text in texts if text)
        return replace(self, said=(*self.said, *filled))

    def saying_detail(self, text: str) -> Self:
        """As `saying`, with what the present step's check shows as {detail}."""
        check = self.step.check
        result = self.facts.checks.get(check.name) if check else None
        values = {**self.facts.values, DETAIL: result.detail if result else ""}
        return replace(self, said=(*self.said, _fill(text, values)))

    def noting(self, comment: str) -> Self:
        """Keep what the merchant added, and say that it is kept."""
        if not comment.strip():
            return self
        kept = (*self.state.notes, (self.state.step, comment.strip()))
        return self.now(notes=kept).saying(own_text("noted"))

    def outcome(self) -> Outcome:
        """What the records say to the present step's check; NOT_YET where there is none."""
        check = self.step.check
        result = self.facts.checks.get(check.name) if check else None
        return result.outcome if result else Outcome.NOT_YET

    def saying_outcome(self) -> Self:
        check = self.step.check
        if check is not None and self.outcome() is Outcome.CONFIRMED:
            return self.saying_detail(check.seen)
        return self.saying(own_text("refuted"))

    @property
    def how_to(self) -> str:
        """How the present step is done on this merchant's terminal."""
        return self.step.how_to_on(self.facts.terminal)

    def label(self, name: str) -> str:
        own: str = getattr(self.step.labels, name)
        return own or own_text(f"button_{name}")

    def ask(self, text: str) -> Advance:
        """Close with the present step's buttons under `text`."""
        buttons = tuple((f"step:{name}", self.label(name)) for name in ("done", "failed", "cannot"))
        buttons += (("step:how", own_text("button_how")),)
        return self._close(Ask(self.state.step, _fill(text, self.facts.values), buttons))

    def leave(self, way: Exit) -> Advance:
        """Leave the present step by `way` and enter where that leads."""
        left = self.now(
            history=(*self.state.history, self.state.step),
            tried=(*self.state.tried, (self.state.step, way.value)),
        )
        return left.enter(self.step.exits()[way])

    def enter(self, target: str) -> Advance:
        """Stop at the first step from `target` on that facts leave to do, or at an ending.

        What the records confirm comes before a step's condition, so that what has happened
        meanwhile is said rather than passed over; what they refute only matters to a step that
        applies. What is asked `once` and was by an earlier walk has not helped. Ends, because a
        playbook has no circles.
        """
        turn = self
        while target in turn.playbook.steps:
            turn = turn.at(target)
            step, outcome = turn.step, turn.outcome()
            applies = step.when.holds(turn.facts.flags)
            if outcome is Outcome.CONFIRMED or (applies and outcome is Outcome.REFUTED):
                way, turn = Exit(outcome), turn.saying_outcome()
            elif not applies:
                way, turn = Exit.OTHERWISE, turn.saying(step.skipped)
            elif step.once and target in turn.state.asked_before:
                way = Exit.FAILED
            else:
                return turn.ask(step.say)
            turn = turn.now(tried=(*turn.state.tried, (target, way.value)))
            target = step.exits()[way]
        return turn._finish(target)

    def hand_over(self, reason: str) -> Advance:
        """Close with a person, for a reason of the engine's own."""
        turn = self.now(ended=Ended.HAND_OVER, ending=reason)
        text, note = own_text(f"hand_over_{reason}"), own_text(f"note_{reason}")
        return turn._close(HandOver(reason, text, note))

    def _finish(self, target: str) -> Advance:
        ending = self.playbook.endings[target]
        if ending.to in {self.playbook.key, *self.state.passed}:
            return self.hand_over("going_round")
        turn = self.now(ended=Ended(ending.kind), ending=ending.id)
        say = _fill(ending.say, self.facts.values)
        note = _fill(ending.note, self.facts.values)
        effects: dict[EndingKind, Effect] = {
            EndingKind.SOLVED: Solved(say),
            EndingKind.PROMISE: Promise(ending.promise, say),
            EndingKind.HAND_OVER: HandOver(ending.id, say, note),
            EndingKind.ELSEWHERE: PassOn(ending.to, say),
        }
        tip = (Say(_fill(ending.tip, self.facts.values)),) if ending.tip else ()
        return turn._close(effects[ending.kind], *tip)

    def _close(self, *last: Effect) -> Advance:
        """What was said and then `last`, in at most MAX_BUBBLES: the overflow shares a bubble."""
        said = in_bubbles(self.said, MAX_BUBBLES - len(last))
        return Advance(self.state, (*map(Say, said), *last))
