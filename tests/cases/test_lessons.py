from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from daozhang.cases.assistant import Route
from daozhang.cases.lessons import Guess, masked
from daozhang.cases.models import Lesson, Turn
from tests.cases.conftest import Talker

RANKING = (("ask_fee", 0.31), ("report_delay", 0.22))


def lessons(merchant: Talker) -> Sequence[Lesson]:
    with merchant.sessions() as session:
        return session.scalars(select(Lesson).order_by(Lesson.message_id)).all()


def test_what_is_not_understood_is_kept_with_the_likeliest_reading(merchant: Talker) -> None:
    merchant.say("nlu_fallback", text="那个啥咋整", ranking=RANKING, causes=(("bank_rules", 0.5),))
    (lesson,) = lessons(merchant)
    assert lesson.text == "那个啥咋整"
    assert Guess.read(lesson.guess) == Guess("ask_fee", 0.31, ("bank_rules",))
    assert lesson.labelled_at is None


def test_what_is_understood_is_not_kept_but_its_reading_is(merchant: Talker) -> None:
    merchant.say("ask_fee", text="手续费多少")
    assert lessons(merchant) == []
    with merchant.sessions() as session:
        guess = Guess.read(session.get_one(Turn, "m0").guess)
    assert guess == Guess("ask_fee", 0.9, ())


def test_what_is_asked_back_is_kept_whatever_its_intent(merchant: Talker) -> None:
    merchant.say("ask_fee", text="那个费", route=Route.ASK_BACK)
    assert [one.text for one in lessons(merchant)] == ["那个费"]


def test_what_is_not_understood_in_the_middle_of_a_question_is_kept(merchant: Talker) -> None:
    merchant.say("report_delay", text="钱没到")
    merchant.say("nlu_fallback", text="就是那个嘛", ranking=RANKING)
    assert [one.text for one in lessons(merchant)] == ["就是那个嘛"]


def test_buttons_numbers_and_signs_teach_nothing(merchant: Talker) -> None:
    merchant.tap("person")
    merchant.say("nlu_fallback", text="13800138000")
    merchant.say("nlu_fallback", text="？？")
    assert lessons(merchant) == []


def test_the_same_message_again_is_kept_once(merchant: Talker) -> None:
    for _ in range(2):
        merchant.say("nlu_fallback", text="那个啥咋整", message_id="same")
    assert len(lessons(merchant)) == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("卡号6222021234567890128没到", "卡号****0128没到"),
        ("密码是123456", "密码是***"),
        ("打我电话138-1234-5678", "打我电话000-0000-0000"),
        ("商户号898310048160001的3000块", "商户号000000000000000的3000块"),
        ("第一行\n第二行", "第一行 第二行"),
        ("长" * 300, "长" * 200),
    ],
)
def test_nobody_can_be_recognised_by_what_is_kept(said: str, kept: str) -> None:
    assert masked(said) == kept


def test_only_so_many_unlabelled_messages_are_kept(
    merchant: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daozhang.cases.lessons._MOST", 2)
    for number, said in enumerate(("甲乙", "丙丁", "戊己", "庚辛")):
        merchant.clock.pass_by(minutes=1)
        merchant.conversation_id = f"conversation {number}"
        merchant.say("nlu_fallback", text=said)
        if number == 0:
            with merchant.sessions.begin() as session:
                session.get_one(Lesson, "m0").labelled_at = merchant.clock.now()
    assert [one.text for one in lessons(merchant)] == ["甲乙", "戊己", "庚辛"]
