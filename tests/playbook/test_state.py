from __future__ import annotations

import pytest

from daozhang.errors import PlaybookError
from daozhang.playbook.engine import start
from daozhang.playbook.state import Ended, Kind, State
from tests.playbook.kit import facts, say, small

PLAYBOOK = small()


def test_a_state_survives_the_way_through_json() -> None:
    answer = say(PLAYBOOK, start(PLAYBOOK, facts()), Kind.DONE, comment="灯亮了")
    answer = say(PLAYBOOK, answer, Kind.DONE, facts(2))
    assert State.from_json(answer.state.to_json()) == answer.state


def test_an_ended_state_survives_the_way_through_json() -> None:
    state = say(PLAYBOOK, start(PLAYBOOK, facts()), Kind.PERSON).state
    again = State.from_json(state.to_json())
    assert (again, again.ended) == (state, Ended.HAND_OVER)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"playbook": "small"}'])
def test_what_is_no_state_is_refused(text: str) -> None:
    with pytest.raises(PlaybookError, match="转人工"):
        State.from_json(text)
