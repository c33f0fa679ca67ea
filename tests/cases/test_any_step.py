"""From any step of any walk, whatever is said, tapped or recorded, something is answered.

One case at most is open, one ticket at most waits, and the walk ends within its bounds.
"""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from daozhang.cases.models import Case, CaseStatus, Ticket, TicketState
from daozhang.cases.promises import news
from daozhang.ledger.models import Merchant, Payout, Terminal, Txn
from daozhang.ledger.words import AccountState, PayoutState, SignState, SimState, TxnState
from daozhang.playbook.engine import MAX_TURNS
from daozhang.playbook.loader import load_all
from daozhang.playbook.rehearsals import load_rehearsals
from daozhang.playbook.state import State
from daozhang.replies import Reply
from tests.cases.any_turn import fine, is_open, one_turn
from tests.cases.conftest import Talker, amount
from tests.worlds import CALENDAR, MID

WALKS = {**load_all(), **load_rehearsals()}


def at_some_step(merchant: Talker, key: str, chance: random.Random) -> None:
    """Put the merchant into the middle of a walk, at a step that facts alone might not lead to."""
    merchant.say("report_delay", amount(chance.choice([26_800, 300_000, 1_260_000])))
    book, now = WALKS[key], merchant.clock.now()
    steps = list(book.steps)
    state = State(
        key,
        book.version,
        chance.choice(steps),
        entered_at=now,
        history=tuple(chance.sample(steps, chance.randrange(len(steps)))),
        tries=chance.randrange(3),
        waiting_since=chance.choice([None, now]),
        misses=chance.randrange(3),
        turns=chance.randrange(MAX_TURNS + 2),
    )
    with merchant.sessions.begin() as session:
        case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        case.status, case.question = CaseStatus.WALKING, None
        case.playbook, case.playbook_state = key, state.to_json()


def something_happens(merchant: Talker, chance: random.Random) -> None:
    """The ledger changes as it may in an afternoon, and the worker looks."""
    with merchant.sessions.begin() as session:
        txn = chance.choice(session.scalars(select(Txn)).all())
        txn.state = chance.choice(list(TxnState))
        payout = chance.choice(session.scalars(select(Payout)).all())
        payout.state = chance.choice(list(PayoutState))
        terminal = session.scalars(select(Terminal)).one()
        terminal.sim_state = chance.choice(list(SimState))
        terminal.sign_state = chance.choice(list(SignState))
        terminal.last_heartbeat_at = chance.choice([None, merchant.clock.now()])
        session.get_one(Merchant, MID).account_state = chance.choice(list(AccountState))
    with merchant.sessions.begin() as session:
        for one in news(session, CALENDAR, merchant.clock.now(), MID):
            assert 1 <= len(one.replies) <= 3


def tickets(merchant: Talker) -> list[Ticket]:
    with merchant.sessions() as session:
        return list(session.scalars(select(Ticket).where(Ticket.state != TicketState.CLOSED)))


@pytest.mark.parametrize("key", sorted(WALKS))
def test_from_any_step_something_is_answered_and_the_walk_ends(merchant: Talker, key: str) -> None:
    chance = random.Random(key)
    at_some_step(merchant, key, chance)
    replies: list[Reply] = []
    for _ in range(25):
        replies = one_turn(merchant, chance, replies)
        fine(merchant, replies)
        assert len(tickets(merchant)) <= 1
        merchant.clock.pass_by(minutes=chance.choice([0, 3, 45]))
        if chance.random() < 0.3:
            something_happens(merchant, chance)
    at_some_step(merchant, key, chance)
    for _ in range(MAX_TURNS + 2):
        if not is_open(merchant):
            break
        merchant.tap(chance.choice(["step:done", "step:failed", "step:cannot"]))
    assert not is_open(merchant)


@pytest.mark.parametrize("intent", ["ask_human", "complain_anger"])
@pytest.mark.parametrize("key", sorted(WALKS))
def test_from_any_step_a_person_can_be_had(merchant: Talker, key: str, intent: str) -> None:
    at_some_step(merchant, key, random.Random(key))
    assert merchant.say(intent)[-1].ticket is not None
    assert not is_open(merchant)
