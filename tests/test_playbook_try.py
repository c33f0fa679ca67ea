"""Walking a playbook in the terminal, with the records in one's own hands."""

from __future__ import annotations

import re

import pytest

from daozhang.errors import PlaybookError
from daozhang.playbook.loader import load_all
from daozhang.playbook.rehearsals import load_rehearsals
from daozhang.playbook.state import Ended, State
from daozhang.playbook_try import try_out
from tests.worlds import moment

NOW = moment("2026-11-22 10:20")


def tried(key: str, *lines: str) -> tuple[State | None, list[str]]:
    said: list[str] = []
    return try_out(key, iter(lines), said.append, NOW), said


def test_a_walk_with_what_the_records_show_typed_in() -> None:
    state, said = tried("network_communication", "", "1", "1", "1", "1", "1", "1")
    assert state is not None
    assert ("restart", "confirmed") in state.tried
    assert any("记录里看到了吗" in line for line in said)


def test_flags_choose_the_way() -> None:
    state, said = tried("offline_not_uploaded", "1 2 3", "")
    plain, _ = tried("offline_not_uploaded", "", "")
    assert state is not None
    assert plain is not None
    assert state.step != plain.step
    assert any("离线" in line for line in said)


def test_the_words_of_repair_are_understood_and_time_passes() -> None:
    state, said = tried("network_communication", "", "", "为什么", "怎么做", "等 30", "瞎说")
    assert state is not None
    assert (state.ended, state.misses) == (None, 1)
    assert sum("1. " in line for line in said) >= 5


def test_how_to_is_that_of_the_chosen_terminal() -> None:
    book = load_all()["network_communication"]
    kinds = [
        kind for kind in ("smart_pos", "keypad_pos") if kind in book.steps["move"].on_terminals
    ]
    assert kinds == ["smart_pos", "keypad_pos"]
    _, said = tried("network_communication", "", "2", "2", "怎么做")
    assert any(book.steps["move"].on_terminals["keypad_pos"] in line for line in said)


def test_a_person_ends_it_with_the_note_for_the_staff() -> None:
    state, said = tried("frozen", "", "转人工")
    assert state is not None
    assert state.ended is Ended.HAND_OVER
    assert any("给同事的话" in line for line in said)


@pytest.mark.parametrize("key", [*load_all(), *load_rehearsals()])
def test_every_playbook_can_be_tried_to_its_end(key: str) -> None:
    state, _ = tried(key, *["3"] * 60)
    assert state is not None
    assert state.ended is not None


def test_a_walk_that_passes_on_says_where_to() -> None:
    state, said = tried("network_communication", "3 4", "", "2")
    assert state is not None
    assert state.ended is Ended.ELSEWHERE
    assert load_all()["hardware_fault"].title in "".join(said)


def test_a_machine_without_a_number_is_spoken_of_in_plain_words() -> None:
    _, said = tried("sim_card", "", "")
    assert not re.search("(?:机器|终端号)这台", "".join(said))


def test_an_end_of_input_is_no_error() -> None:
    assert tried("network_communication")[0] is None
    state, said = tried("network_communication", "", "")
    assert state is not None
    assert state.ended is None
    assert "停在步骤" in said[-1]


def test_a_playbook_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(PlaybookError, match="读不到"):
        tried("no_such_thing")
