from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from daozhang.playbook.engine import MAX_TURNS, advance, start
from daozhang.playbook.loader import load_all
from daozhang.playbook.model import Playbook
from daozhang.playbook.state import Advance, CheckResult, Facts, Input, Kind, Outcome, State
from daozhang.playbook.turn import MAX_BUBBLES
from daozhang.playbook.vocabulary import CHECKS, FLAGS, VALUES
from tests.playbook.kit import NOON

PLAYBOOKS = st.sampled_from(sorted(load_all().values(), key=lambda one: one.key))
RESULTS = st.builds(CheckResult, st.sampled_from(Outcome), st.sampled_from(["", "12:05", "{x}"]))
INPUTS = st.builds(
    Input, st.sampled_from(Kind), st.sampled_from(["", " ", "还有{个}问题", "长" * 500])
)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    return Facts(
        NOON + timedelta(minutes=draw(st.integers(0, 3000))),
        draw(st.dictionaries(st.sampled_from(sorted(CHECKS)), RESULTS)),
        draw(
            st.dictionaries(st.sampled_from(sorted(VALUES)), st.sampled_from(["", "268元", "{0}"]))
        ),
        draw(st.frozensets(st.sampled_from(sorted(FLAGS)))),
    )


def is_well_formed(answer: Advance) -> bool:
    return 1 <= len(answer.effects) <= MAX_BUBBLES and all(one.text for one in answer.effects)


@given(PLAYBOOKS, facts(), st.lists(st.tuples(INPUTS, facts()), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_talk_is_always_answered_and_ends_within_bounds(
    playbook: Playbook, first: Facts, talk: list[tuple[Input, Facts]]
) -> None:
    answer = start(playbook, first)
    assert is_well_formed(answer)
    turns = 0
    for given_, known in talk:
        turns += given_.kind is not Kind.TICK
        answer = advance(playbook, answer.state, given_, known)
        assert is_well_formed(answer)
        assert State.from_json(answer.state.to_json()) == answer.state
        assert turns <= MAX_TURNS or answer.state.ended is not None


@st.composite
def states(draw: st.DrawFn, playbook: Playbook) -> State:
    """Any state that may be kept of a walk through the playbook, also one no walk leads to."""
    steps = st.sampled_from(sorted(playbook.steps))
    return State(
        playbook.key,
        playbook.version,
        draw(steps),
        entered_at=NOON,
        history=tuple(draw(st.lists(steps, max_size=8))),
        tries=draw(st.integers(0, 5)),
        waiting_since=draw(st.sampled_from([None, NOON])),
        misses=draw(st.integers(0, 5)),
        turns=draw(st.integers(0, MAX_TURNS + 5)),
    )


@given(PLAYBOOKS, st.data())
@settings(max_examples=200, deadline=None)
def test_from_any_state_any_inputs_are_answered_and_end_within_bounds(
    playbook: Playbook, data: st.DataObject
) -> None:
    state = data.draw(states(playbook))
    said = st.sampled_from([kind for kind in Kind if kind is not Kind.TICK])
    for _ in range(max(1, MAX_TURNS + 1 - state.turns)):
        known = data.draw(facts())
        assert is_well_formed(advance(playbook, state, Input(Kind.TICK), known))
        answer = advance(playbook, state, Input(data.draw(said)), known)
        assert is_well_formed(answer)
        state = answer.state
    assert state.ended is not None


@given(PLAYBOOKS, st.data())
@settings(max_examples=60, deadline=None)
def test_outcomes_alone_end_a_walk_within_the_tries_of_its_steps(
    playbook: Playbook, data: st.DataObject
) -> None:
    outcomes = st.sampled_from([Kind.DONE, Kind.FAILED, Kind.CANNOT, Kind.YES, Kind.NO, Kind.SKIP])
    answer = start(playbook, data.draw(facts()))
    bound = sum(step.check.tries if step.check else 1 for step in playbook.steps.values())
    for _ in range(bound):
        answer = advance(playbook, answer.state, Input(data.draw(outcomes)), data.draw(facts()))
    assert answer.state.ended is not None
