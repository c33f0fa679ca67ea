"""The engine: `start` and `advance` turn what was said and what is known into what to say next.

Pure: the same arguments give the same answer, nothing is stored. Repair (repeat, back, how, why,
skip, stop, later, a person, not understood) lives here, so every playbook has it. One step a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from daozhang.errors import PlaybookError
from daozhang.playbook.model import Exit, Playbook
from daozhang.playbook.state import Advance, Ended, Facts, Input, Kind, Outcome, Say, State
from daozhang.playbook.turn import Turn, own_text

__all__ = ["MAX_MISSES", "MAX_TURNS", "advance", "start"]

MAX_MISSES = 3
"""The turn in a row that is not understood at which a person takes over."""
MAX_TURNS = 40
"""After so many turns in one walk a person takes over; ticks do not count."""


def start(playbook: Playbook, facts: Facts, before: State | None = None) -> Advance:
    """Begin: what the facts call for to be said first, then the first step that applies.

    May end at once, when the facts show that no step is needed. `before` is the walk that passed
    on to this one: what was tried and noted there is kept, and its turns count.
    """
    state = State(playbook.key, playbook.version, playbook.start, entered_at=facts.now)
    if before is not None:
        state = replace(
            state,
            tried=before.tried,
            notes=before.notes,
            turns=before.turns,
            passed=(*before.passed, before.playbook),
            asked_before=(*before.asked_before, *before.history),
        )
    opening = [notice.say for notice in playbook.opening if notice.when.holds(facts.flags)]
    return Turn(playbook, facts, state).saying(*opening).enter(playbook.start)


def advance(playbook: Playbook, state: State, given: Input, facts: Facts) -> Advance:
    """Answer one turn. An ended walk stays as it is and says so; only a person can still be had.

    Raises PlaybookError when `state` belongs to another playbook or version: a running walk keeps
    its version, `load_playbook(state.playbook, state.version)` gives it.
    """
    if (playbook.key, playbook.version) != (state.playbook, state.version):
        raise PlaybookError(
            f"这一单走的是 {state.playbook} 第{state.version}版，不能换成 {playbook.key} "
            f"第{playbook.version}版。请保留旧版文件，或转人工"
        )
    if state.step not in playbook.steps:
        raise PlaybookError(
            f"{playbook.key} 第{playbook.version}版里没有步骤“{state.step}”，请转人工"
        )
    if state.ended is not None:
        if given.kind is Kind.PERSON and state.ended is not Ended.HAND_OVER:
            return Turn(playbook, facts, state).hand_over("asked")
        return Advance(state, (Say(own_text(f"ended_{state.ended}")),))
    if given.kind is Kind.TICK:
        return _tick(Turn(playbook, facts, state))
    misses = state.misses + 1 if given.kind is Kind.UNCLEAR else 0
    turn = Turn(playbook, facts, replace(state, turns=state.turns + 1, misses=misses))
    if given.kind is Kind.PERSON:
        return turn.hand_over("asked")
    if misses >= MAX_MISSES:
        return turn.hand_over("misunderstood")
    if turn.state.turns > MAX_TURNS:
        return turn.hand_over("going_round")
    return _ANSWERS[given.kind](turn.noting(given.comment))


def _done(turn: Turn) -> Advance:
    check = turn.step.check
    if check is None:
        return turn.leave(Exit.DONE)
    if proven := _proven(turn):
        return proven
    state = turn.state
    turn = turn.now(
        tries=state.tries + 1, waiting_since=state.waiting_since or turn.facts.now
    ).saying_detail(check.not_yet)
    if _out_of_patience(turn):
        return turn.leave(Exit.TIMEOUT)
    if turn.state.tries >= check.tries:
        return turn.leave(Exit.UNSEEN)
    return turn.ask(own_text("try_again", label=turn.label("done")))


def _failed(turn: Turn) -> Advance:
    return _proven(turn, only=Outcome.CONFIRMED) or turn.leave(Exit.FAILED)


def _cannot(turn: Turn) -> Advance:
    return _proven(turn, only=Outcome.CONFIRMED) or turn.leave(Exit.CANNOT)


def _skip(turn: Turn) -> Advance:
    return _proven(turn, only=Outcome.CONFIRMED) or turn.saying(own_text("skip")).leave(Exit.CANNOT)


def _repeat(turn: Turn) -> Advance:
    return turn.ask(turn.step.say)


def _how(turn: Turn) -> Advance:
    return turn.saying(turn.how_to, turn.step.worked).ask(own_text("prompt"))


def _why(turn: Turn) -> Advance:
    return turn.saying(turn.step.why).ask(own_text("prompt"))


def _back(turn: Turn) -> Advance:
    history = turn.state.history
    if not history:
        return turn.saying(own_text("back_none")).ask(turn.step.say)
    turn = turn.now(history=history[:-1]).at(history[-1])
    return turn.saying(own_text("back")).ask(turn.step.say)


def _unclear(turn: Turn) -> Advance:
    if proven := _proven(turn, only=Outcome.CONFIRMED):
        return proven
    if turn.state.misses == 1:
        return turn.saying(own_text("unclear_first")).ask(turn.step.say)
    return turn.saying(own_text("unclear_again")).ask(turn.how_to)


def _later(turn: Turn) -> Advance:
    return Advance(turn.state, (Say(own_text("later")),))


def _stop(turn: Turn) -> Advance:
    return Advance(replace(turn.state, ended=Ended.STOPPED), (Say(own_text("stop")),))


def _tick(turn: Turn) -> Advance:
    """Move on where the records or the clock call for it; else ask the step again."""
    if proven := _proven(turn):
        return proven
    step = turn.step
    if not step.when.holds(turn.facts.flags):
        return turn.saying(step.skipped).leave(Exit.OTHERWISE)
    if step.check is not None and _out_of_patience(turn):
        return turn.saying_detail(step.check.not_yet).leave(Exit.TIMEOUT)
    return turn.saying(own_text("resume")).ask(step.say)


def _proven(turn: Turn, only: Outcome | None = None) -> Advance | None:
    """The way the records lead, when they have an answer (and it is `only`, if that is given)."""
    outcome = turn.outcome()
    if outcome is Outcome.NOT_YET or (only is not None and outcome is not only):
        return None
    return turn.saying_outcome().leave(Exit(outcome))


def _out_of_patience(turn: Turn) -> bool:
    """Whether the first "done" is too long ago.

    A step nobody has tried yet never times out, nor does one that is tried once: it does not wait.
    """
    since, check = turn.state.waiting_since, turn.step.check
    if since is None or check is None or check.tries == 1:
        return False
    return turn.facts.now - since >= check.patience


_ANSWERS: dict[Kind, Callable[[Turn], Advance]] = {
    Kind.DONE: _done,
    Kind.YES: _done,
    Kind.FAILED: _failed,
    Kind.NO: _failed,
    Kind.CANNOT: _cannot,
    Kind.SKIP: _skip,
    Kind.REPEAT: _repeat,
    Kind.BACK: _back,
    Kind.HOW: _how,
    Kind.WHY: _why,
    Kind.LATER: _later,
    Kind.STOP: _stop,
    Kind.UNCLEAR: _unclear,
}
