from __future__ import annotations

import pytest
from sqlalchemy import select

from daozhang.conversations.log import lock, read_after, say
from daozhang.conversations.models import Author, Conversation, Message
from daozhang.replies import Button, Reply, Stage, Timeline
from daozhang.texts import load_texts
from tests.conversations.kit import Place

VISA = "4111 1111 1111 1111"


async def test_a_card_number_is_gone_before_anything_is_stored(here: Place) -> None:
    here.post("a", f"卡{VISA}没到")
    here.post("b", "密码123456")
    with here.sessions() as session:
        stored = session.scalars(select(Message.text)).all()
    assert not any("1111 1111" in text or "123456" in text for text in stored)
    texts = load_texts("gateway")
    assert here.said() == [
        "merchant 卡****1111没到",
        f"system {texts('redacted_card')}",
        "merchant 密码***",
        f"system {texts('redacted_secret')}",
    ]


async def test_reading_goes_on_after_the_id_that_was_seen(here: Place) -> None:
    ids = [here.post(str(number), str(number)) for number in range(5)]
    with here.sessions() as session:
        found = read_after(session, here.conversation_id, ids[1], limit=2)
    assert [one.id for one in found] == ids[2:4]


async def test_cards_and_buttons_come_back_as_they_were_said(here: Place) -> None:
    reply = Reply(
        text="还没到时间",
        buttons=(Button(id="promise:watch", label="到账后告诉我"),),
        timeline=Timeline(
            title="刷卡 3,000元",
            amount="3,000元",
            stages=(Stage(key="paid", label="刷卡成功", state="done"),),
        ),
    )
    with here.sessions.begin() as session:
        say(session, lock(session, here.conversation_id), Author.BOT, reply, here.clock.now())
    entry = here.entries()[0]
    assert (entry.text, entry.buttons, entry.timeline) == (
        reply.text,
        reply.buttons,
        reply.timeline,
    )


async def test_talking_does_not_change_the_version(here: Place) -> None:
    with here.sessions() as session:
        before = session.get_one(Conversation, here.conversation_id).version
    here.post("a", "钱没到")
    with here.sessions() as session:
        assert session.get_one(Conversation, here.conversation_id).version == before


@pytest.mark.parametrize("typed", ["做好了", " 做好了。", "做好了吧"])
async def test_who_types_what_stands_on_a_button_has_chosen_it(here: Place, typed: str) -> None:
    with here.sessions.begin() as session:
        conversation = lock(session, here.conversation_id)
        done = Button(id="step:done", label="做好了")
        say(
            session,
            conversation,
            Author.BOT,
            Reply(text="请重启", buttons=(done,)),
            here.clock.now(),
        )
    here.post("a", typed)
    here.post("b", typed)
    with here.sessions() as session:
        chosen = session.scalars(
            select(Message.choice).where(Message.client_id.in_(["a", "b"]))
        ).all()
    assert chosen == ["step:done", None]


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("298.20元", "pick:0"), ("298．20元", "pick:0"), ("29,820元", None), ("100元", None)],
)
async def test_a_typed_amount_chooses_the_one_button_that_says_just_that(
    here: Place, typed: str, chosen: str | None
) -> None:
    labels = ("298.20元", "100元", "100元")
    buttons = tuple(Button(id=f"pick:{n}", label=one) for n, one in enumerate(labels))
    with here.sessions.begin() as session:
        conversation = lock(session, here.conversation_id)
        asked = Reply(text="哪一笔？", buttons=buttons)
        say(session, conversation, Author.BOT, asked, here.clock.now())
    here.post("a", typed)
    with here.sessions() as session:
        stored = session.scalars(select(Message.choice).where(Message.client_id == "a")).one()
    assert stored == chosen
