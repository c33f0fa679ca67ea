"""Every playbook is walked in every way that talking and the records allow.

`pytest -s tests/playbook/test_walks.py` prints what was reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations

import pytest

from daozhang.causes import Cause
from daozhang.playbook.engine import advance, start
from daozhang.playbook.loader import PLAYBOOKS, load_all, read_playbook
from daozhang.playbook.model import EndingKind, Exit, Playbook, Step
from daozhang.playbook.rehearsals import load_rehearsals
from daozhang.playbook.state import Facts, Input, Kind, State
from daozhang.playbook.vocabulary import CHECKS, FLAGS, PROMISES, VALUES
from tests.playbook.kit import SMALL, facts

ALL = load_all()
WALKS = {**ALL, **load_rehearsals()}
EXTRA = {
    *("frozen", "settlement_account", "class_two_limit", "one_sided_charge", "payout_returned"),
    *("preauth_open", "offline_not_uploaded", "sim_card", "verification_expired"),
    "serial_not_bound",
}
WATCHABLE: Mapping[str, set[str]] = {
    "reversal": {"reversal_pending"},
    "arrival": {"money_awaited", "not_due", "long_overdue"},
}
"""Which flags say that there is something to watch for a promise."""
Place = tuple[str, int, datetime | None]


def flags_of(playbook: Playbook) -> set[str]:
    conditions = [step.when for step in playbook.steps.values()]
    conditions += [notice.when for notice in playbook.opening]
    return {flag for one in conditions for flag in (one.only_if, one.unless) if flag}


def worlds(playbook: Playbook, minutes: int) -> Iterator[Facts]:
    """Up to three flags or all but up to two, without a result, and each single result."""
    flags = sorted(flags_of(playbook))
    few = [frozenset(some) for n in range(4) for some in combinations(flags, n)]
    many = [frozenset(flags) - left_out for left_out in few if len(left_out) < 3]
    for up in {*few, *many}:
        yield facts(minutes, *up)
    for name in sorted({step.check.name for step in playbook.steps.values() if step.check}):
        for likely in ({*flags}, {"reversal_pending", "money_awaited"}, *({one} for one in flags)):
            yield facts(minutes, *likely, confirmed=name)
            yield facts(minutes, *likely, refuted=name)


class Tour:
    """Everything that was reached: steps, branches, endings."""

    def __init__(self, playbook: Playbook) -> None:
        self.steps: set[str] = set()
        self.branches: set[tuple[str, str]] = set()
        self.endings: set[str] = set()
        kinds = (Kind.DONE, Kind.FAILED, Kind.CANNOT, Kind.TICK)
        soon, late = list(worlds(playbook, 0)), list(worlds(playbook, 24 * 60 + 40))
        waiting = [start(playbook, known).state for known in soon]
        seen: set[Place] = set()
        while waiting:
            state = waiting.pop()
            self.branches.update(state.tried)
            place = (state.step, state.tries, state.waiting_since)
            if state.ended:
                self.endings.add(state.ending)
            elif place not in seen:
                seen.add(place)
                waiting += self._onward(playbook, state, kinds, [*soon, *late])
        self.steps = {step for step, _, _ in seen}

    @staticmethod
    def _onward(
        playbook: Playbook, state: State, kinds: tuple[Kind, ...], known: list[Facts]
    ) -> Iterator[State]:
        found: dict[tuple[str, str, int, datetime | None], State] = {}
        for kind in kinds:
            for one in known:
                new = advance(playbook, state, Input(kind), one).state
                branch = new.tried[-1:] and new.tried[len(state.tried) :]
                key = (f"{new.step} {new.ending} {branch}", kind, new.tries, new.waiting_since)
                found.setdefault(key, new)
        yield from found.values()


def missed(playbook: Playbook, tour: Tour) -> tuple[set[str], set[tuple[str, str]], set[str]]:
    """Steps, branches and endings that the tour did not reach."""
    branches = {
        (step.id, Exit(way).value) for step in playbook.steps.values() for way in step.exits()
    }
    return (
        set(playbook.steps) - tour.steps,
        branches - tour.branches,
        set(playbook.endings) - tour.endings,
    )


def test_what_no_talk_can_reach_is_missed() -> None:
    never = SMALL.replace("  sign:\n", "  sign:\n    only_if: locked\n    unless: locked\n", 1)
    playbook = read_playbook(
        never.replace("failed: person", "otherwise: wait\n    failed: person"), "small"
    )
    steps, branches, endings = missed(playbook, Tour(playbook))
    assert (steps, endings) == ({"sign"}, set())
    assert ("sign", "unseen") in branches


@pytest.mark.parametrize("key", sorted(WALKS))
def test_every_step_branch_and_ending_is_reached_by_talking(key: str) -> None:
    playbook = WALKS[key]
    steps, branches, endings = missed(playbook, Tour(playbook))
    all_branches = sum(len(step.exits()) for step in playbook.steps.values())
    print(
        f"\n{key}: 步骤 {len(playbook.steps) - len(steps)}/{len(playbook.steps)}，"
        f"分支 {all_branches - len(branches)}/{all_branches}，"
        f"结局 {len(playbook.endings) - len(endings)}/{len(playbook.endings)}"
    )
    assert (steps, branches, endings) == (set(), set(), set())


def test_every_cause_and_every_extra_cause_with_steps_has_a_playbook() -> None:
    assert set(ALL) == {cause.value for cause in Cause} | EXTRA


def test_every_name_of_the_vocabulary_is_used() -> None:
    text = "".join(path.read_text("utf-8") for path in PLAYBOOKS.glob("*.yml"))
    used = set(re.findall(r"(?:only_if|unless|name|promise): (\w+)", text))
    assert (CHECKS.keys() | FLAGS.keys() | PROMISES.keys()) - used == set()
    assert VALUES.keys() - set(re.findall(r"{(\w+)}", text)) == set()


def leads_to(playbook: Playbook, ending: str) -> Iterator[Step]:
    return (step for step in playbook.steps.values() if ending in step.exits().values())


@pytest.mark.parametrize("key", sorted(ALL))
def test_a_promise_is_only_made_where_there_is_something_to_watch(key: str) -> None:
    playbook = ALL[key]
    for ending in playbook.endings.values():
        if ending.kind is EndingKind.PROMISE:
            for step in leads_to(playbook, ending.id):
                assert step.when.only_if in WATCHABLE[ending.promise], (step.id, ending.id)


@pytest.mark.parametrize("key", sorted(ALL))
def test_every_playbook_can_end_with_a_person(key: str) -> None:
    assert EndingKind.HAND_OVER in {one.kind for one in ALL[key].endings.values()}


@pytest.mark.parametrize("key", sorted(ALL))
def test_a_promise_to_tell_is_never_asked_twice(key: str) -> None:
    """A step that asks whether to watch leads to an ending whatever the answer is."""
    playbook = ALL[key]
    for step in playbook.steps.values():
        if step.labels.done == "帮我盯着":
            onward = set(step.exits().values()) - {step.otherwise}
            assert onward <= playbook.endings.keys(), step.id
