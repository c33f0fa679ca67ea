from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from daozhang.conversations import leases
from daozhang.conversations.log import GONE, open_conversation
from daozhang.conversations.models import Control
from daozhang.conversations.turn import BACK_TO_BOT
from daozhang.conversations.turns import TurnRunner
from daozhang.desk import Desk
from daozhang.replies import Button, Reply
from daozhang.texts import load_texts
from tests.conversations.kit import Place, a_ticket, place, until
from tests.worlds import MID

TEXTS = load_texts("gateway")
ASSISTANT = load_texts("assistant")


def hand_over(here: Place) -> str:
    """Let the next answer be a hand-over; the ticket's number."""
    handed = a_ticket(here.sessions, here.conversation_id, here.clock)
    here.bot.say = lambda _body: [handed]
    assert handed.ticket
    return handed.ticket.number


async def queue(here: Place, turns: TurnRunner) -> None:
    """The merchant asks for a person and waits for one."""
    here.post("a", "转人工")
    turns.wake(here.conversation_id)
    await until(lambda: here.control() is Control.QUEUED)


async def test_two_messages_in_haste_are_answered_in_order(here: Place) -> None:
    async with here.gateway() as turns:
        here.bot.gate.clear()
        for number in ("一", "二"):
            here.post(number, number)
            turns.wake(here.conversation_id)
        await until(lambda: here.bot.texts == ["一"])
        here.bot.gate.set()
        await until(lambda: len(here.said()) == 4)
    assert here.said()[2:] == ["bot 答：一", "bot 答：二"]


async def test_the_bot_is_told_whose_message_it_is(here: Place) -> None:
    done = Button(id="step:done", label="做好了")
    here.bot.say = lambda _body: [Reply(text="请重启机器", buttons=(done,))]
    async with here.gateway() as turns:
        here.post("a", "机器连不上网")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.said()) == 2)
        number = here.post("b", "做好了", "step:done")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.said()) == 4)
    asked = here.bot.asked[1]
    assert asked["sender"] == here.conversation_id
    assert asked["metadata"].pop("now")
    assert asked["metadata"] == {
        "conversation_id": here.conversation_id,
        "message_id": str(number),
        "mid": MID,
        "case_open": False,
        "choice": "step:done",
    }


async def test_a_second_tap_does_not_answer_the_next_step(here: Place) -> None:
    done = Button(id="step:done", label="做好了")
    here.bot.say = lambda _body: [Reply(text="请重启机器", buttons=(done,))]
    async with here.gateway() as turns:
        here.post("a", "机器连不上网")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.said()) == 2)
        here.post("b", "做好了", "step:done")
        here.post("c", "做好了", "step:done")
        turns.wake(here.conversation_id)
        await here.turns_are_over()
    assert [one["metadata"]["choice"] for one in here.bot.asked] == [None, "step:done", GONE]


async def test_a_restarting_bot_is_told_once_and_answered_afterwards(here: Place) -> None:
    here.bot.down = True
    async with here.gateway() as turns:
        here.post("a", "钱没到")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.said()) == 2)
        here.bot.down, here.bot.loading = False, True
        await until(lambda: len(here.bot.asked) > 3)
        here.bot.loading = False
        await until(lambda: len(here.said()) == 3)
    assert here.said()[1:] == [f"system {TEXTS('restarting')}", "bot 答：钱没到"]
    assert len({body["metadata"]["message_id"] for body in here.bot.asked}) == 1


async def test_a_turn_that_breaks_twice_goes_to_a_person(here: Place) -> None:
    here.bot.say = lambda _body: []
    async with here.gateway() as turns:
        here.post("a", "钱没到")
        turns.wake(here.conversation_id)
        await until(lambda: here.control() is Control.QUEUED)
    assert here.bot.texts == ["钱没到", "钱没到"]
    assert here.said()[1:] == [f"bot {ASSISTANT('ticket_open_bot_down')}"]
    assert here.entries()[-1].ticket


async def test_an_answer_missing_once_is_not_noticed(here: Place) -> None:
    answers: list[Sequence[Reply]] = [[], [Reply(text="到了")]]
    here.bot.say = lambda _body: answers.pop(0)
    async with here.gateway() as turns:
        here.post("a", "钱没到")
        turns.wake(here.conversation_id)
        await until(lambda: here.said()[1:] == ["bot 到了"])


async def test_patience_with_the_bot_ends_with_a_person(here: Place) -> None:
    here.bot.down = True
    async with here.gateway(patience=0.05) as turns:
        here.post("a", "钱没到")
        turns.wake(here.conversation_id)
        await until(lambda: here.control() is Control.QUEUED)
    assert here.said()[1:] == [
        f"system {TEXTS('restarting')}",
        f"bot {ASSISTANT('ticket_open_bot_down')}",
    ]


async def test_an_answer_that_comes_after_a_person_took_over_is_dropped(here: Place) -> None:
    number = hand_over(here)
    here.bot.gate.clear()
    async with here.gateway() as turns:
        here.post("a", "钱没到")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.bot.asked) == 1)
        Desk(here.sessions, here.clock).reply(number, "我来看", "小李")
        here.bot.gate.set()
        await here.turns_are_over()
    assert here.said() == ["merchant 钱没到", "staff 我来看"]
    assert here.control() is Control.HUMAN


async def test_while_people_have_it_the_bot_is_not_asked(here: Place) -> None:
    number = hand_over(here)
    async with here.gateway() as turns:
        await queue(here, turns)
        here.post("b", "还有一笔")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.said()) == 4)
    noted = here.entries()[-1]
    assert here.bot.texts == ["转人工"]
    assert noted.text == ASSISTANT("queued_noted", number=number)
    assert [one.id for one in noted.buttons] == [BACK_TO_BOT]


async def test_who_is_being_defrauded_is_warned_although_people_have_it(here: Place) -> None:
    number = hand_over(here)
    async with here.gateway() as turns:
        await queue(here, turns)
        here.post("b", "有人让我先交解冻费")
        turns.wake(here.conversation_id)
        await until(lambda: len(here.said()) == 4)
    assert here.said()[-1] == f"system {ASSISTANT('alarm_fraud')}"
    ticket = Desk(here.sessions, here.clock).show_ticket(number)
    assert ticket.line.reason == "fraud"


async def test_the_merchant_can_go_on_with_the_bot_while_the_ticket_waits(here: Place) -> None:
    number = hand_over(here)
    async with here.gateway() as turns:
        await queue(here, turns)
        here.post("b", "先接着问你", BACK_TO_BOT)
        turns.wake(here.conversation_id)
        await until(lambda: here.control() is Control.BOT)
    assert here.said()[-1] == f"bot {ASSISTANT('back_with_bot', number=number)}"


async def test_at_night_the_bot_goes_on_while_the_ticket_waits(tmp_path: Path) -> None:
    async with place(tmp_path, hour=23) as here:
        number = hand_over(here)
        async with here.gateway() as turns:
            await queue(here, turns)
            here.bot.say = lambda body: [Reply(text=f"答：{body['message']}")]
            here.post("b", "手续费多少")
            turns.wake(here.conversation_id)
            await until(lambda: here.said()[-1] == "bot 答：手续费多少")
            assert here.control() is Control.QUEUED

            here.bot.gate.clear()
            here.post("c", "还有一笔")
            turns.wake(here.conversation_id)
            await until(lambda: len(here.bot.asked) == 3)
            Desk(here.sessions, here.clock).reply(number, "我来看", "小李")
            here.bot.gate.set()
            await here.turns_are_over()
    assert here.said()[-2:] == ["merchant 还有一笔", "staff 我来看"]


async def test_a_person_cannot_be_sent_away_by_a_button(here: Place) -> None:
    number = hand_over(here)
    async with here.gateway() as turns:
        Desk(here.sessions, here.clock).reply(number, "在的", "小李")
        here.post("b", "先接着问你", BACK_TO_BOT)
        turns.wake(here.conversation_id)
        await here.turns_are_over()
    assert here.control() is Control.HUMAN
    assert here.bot.asked == []


async def test_a_person_who_is_talking_is_not_interrupted(here: Place) -> None:
    number = hand_over(here)
    async with here.gateway() as turns:
        Desk(here.sessions, here.clock).reply(number, "是哪一笔？", "小李")
        here.post("b", "昨天那笔")
        turns.wake(here.conversation_id)
        await here.turns_are_over()
    assert here.said() == ["staff 是哪一笔？", "merchant 昨天那笔"]


async def test_a_gateway_that_starts_answers_what_was_left(here: Place) -> None:
    here.post("a", "钱没到")
    async with here.gateway():
        await until(lambda: here.said()[1:] == ["bot 答：钱没到"])


async def test_a_gateway_that_stops_leaves_its_turn_to_the_next(here: Place) -> None:
    here.bot.gate.clear()
    here.post("a", "钱没到")
    async with here.gateway():
        await until(lambda: len(here.bot.asked) == 1)
    assert len(here.said()) == 1
    here.bot.gate.set()
    async with here.gateway():
        await until(lambda: here.said()[1:] == ["bot 答：钱没到"])


async def test_two_gateways_answer_a_message_once(here: Place) -> None:
    here.post("a", "钱没到")
    async with here.gateway() as one, here.gateway() as other:
        here.bot.gate.clear()
        for turns in (one, other):
            turns.wake(here.conversation_id)
        await until(lambda: len(here.bot.asked) == 1)
        here.post("b", "在吗")
        other.wake(here.conversation_id)
        here.bot.gate.set()
        await until(lambda: len(here.said()) == 4)
    assert here.bot.texts == ["钱没到", "在吗"]


async def test_a_lease_that_ran_out_is_taken_over(here: Place) -> None:
    here.post("a", "钱没到")
    long_ago = here.clock.now() - timedelta(minutes=1)
    with here.sessions.begin() as session:
        assert leases.take(session, here.conversation_id, "gone", long_ago)
    async with here.gateway():
        await until(lambda: here.said()[1:] == ["bot 答：钱没到"])


async def test_a_lease_that_holds_is_respected(here: Place) -> None:
    with here.sessions.begin() as session:
        assert leases.take(session, here.conversation_id, "other", here.clock.now())
        assert not leases.take(session, here.conversation_id, "me", here.clock.now())
        leases.release(session, [here.conversation_id], "other")
        assert leases.take(session, here.conversation_id, "me", here.clock.now())


async def test_different_conversations_do_not_wait_for_each_other(here: Place) -> None:
    other_id = open_conversation(here.sessions, "898310058120002", here.clock.now())
    other = Place(here.sessions, here.clock, other_id)
    here.bot.holds["慢"] = asyncio.Event()
    async with here.gateway() as turns:
        here.post("a", "慢")
        other.post("a", "快")
        for one in (here, other):
            turns.wake(one.conversation_id)
        await until(lambda: other.said()[1:] == ["bot 答：快"])
        here.bot.holds["慢"].set()
        await until(lambda: here.said()[1:] == ["bot 答：慢"])
