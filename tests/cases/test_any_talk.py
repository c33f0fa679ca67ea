"""From any state, whatever is said or tapped, and wherever: something is answered; of each
conversation at most one case is open."""

from __future__ import annotations

import random

import pytest

from daozhang.cases.assistant import Assistant
from daozhang.cases.recognising import welcome
from daozhang.replies import Reply
from tests.cases.any_turn import cases, fine, one_turn
from tests.cases.conftest import Talker
from tests.worlds import CALENDAR, MID


def prove(stranger: Talker) -> list[Reply]:
    now, there = stranger.clock.now(), stranger.conversation_id
    stranger.mid = MID
    with stranger.sessions.begin() as session:
        return welcome(session, CALENDAR, now, there, MID)


@pytest.mark.parametrize("seed", range(4))
def test_something_is_always_answered(merchant: Talker, seed: int) -> None:
    chance = random.Random(seed)
    merchant.mid = merchant.mid if seed else None
    replies: list[Reply] = []
    for _ in range(120):
        replies = one_turn(merchant, chance, replies)
        fine(merchant, replies)
        merchant.clock.pass_by(minutes=chance.choice([0, 1, 45]))


@pytest.mark.parametrize("seed", range(4))
def test_also_in_several_conversations_some_of_them_strangers(merchant: Talker, seed: int) -> None:
    """A visitor may prove who they are in the middle of it, and cases move to and fro."""
    chance = random.Random(seed)
    merchant.assistant = Assistant(merchant.sessions, CALENDAR, merchant.clock, can_prove=True)
    proven: dict[str, str | None] = {"portal": MID, "terminal": MID, "visit": None}
    heard: dict[str, list[Reply]] = {place: [] for place in proven}
    for _ in range(150):
        there = chance.choice(list(proven))
        merchant.conversation_id, merchant.mid = there, proven[there]
        if proven[there] is None and chance.random() < 0.1:
            heard[there] = prove(merchant)
            proven[there] = MID
        else:
            heard[there] = one_turn(merchant, chance, heard[there])
        fine(merchant, heard[there])
        merchant.clock.pass_by(minutes=chance.choice([0, 1, 45]))
    assert {case.mid for case in cases(merchant)} == {MID}
