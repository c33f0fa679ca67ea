"""The balance reminder: plain words set, change and stop it; the worker tells once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from daozhang.cases.models import BalanceWatch, CaseStatus
from daozhang.cases.reminders import MOST, low_balances, reminder_of
from daozhang.cases.wishes import Wish, WishKind, wish_in
from daozhang.ledger.models import Merchant, Payout, Txn
from daozhang.ledger.words import PayoutState, TxnState
from daozhang.playbook.state import State
from daozhang.replies import Reply
from daozhang.texts import load_texts
from daozhang.understanding import Entity, Understanding
from tests.cases.conftest import Talker, button_ids
from tests.worlds import MID

TEXTS = load_texts("assistant")


def balance_is(merchant: Talker, fen: int) -> None:
    with merchant.sessions.begin() as session:
        session.get_one(Merchant, MID).balance = fen


def reminder(merchant: Talker) -> int | None:
    with merchant.sessions() as session:
        return reminder_of(session, MID)


def told(merchant: Talker) -> list[str]:
    with merchant.sessions.begin() as session:
        news = low_balances(session, merchant.clock.now())
        return [reply.text for one in news for reply in one.replies]


def step(merchant: Talker) -> str:
    return State.from_json(merchant.case().playbook_state or "").step


def say(merchant: Talker, text: str) -> list[Reply]:
    return merchant.say("greet", text=text)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("余额低于500提醒我", Wish(WishKind.SET_REMINDER, 50_000)),
        ("余额不足 1,000.50 元的时候通知我一下", Wish(WishKind.SET_REMINDER, 100_050)),
        ("麻烦余额少于1万块就告诉我吧。", Wish(WishKind.SET_REMINDER, 1_000_000)),
        ("余额提醒改成1000", Wish(WishKind.SET_REMINDER, 100_000)),
        ("帮我把余额提醒调到2千", Wish(WishKind.SET_REMINDER, 200_000)),
        ("设个300的余额提醒", Wish(WishKind.SET_REMINDER, 30_000)),
        ("不用提醒余额了", Wish(WishKind.STOP_REMINDER)),
        ("余额不用提醒了", Wish(WishKind.STOP_REMINDER)),
        ("取消余额提醒", Wish(WishKind.STOP_REMINDER)),
        ("把余额提醒关了", Wish(WishKind.STOP_REMINDER)),
        ("怎么开余额提醒", Wish(WishKind.ASK_REMINDER)),
        ("余额不够了提醒我", Wish(WishKind.ASK_REMINDER)),
        ("我想开个余额提醒", Wish(WishKind.ASK_REMINDER)),
        ("余额提醒设的是多少", Wish(WishKind.SHOW_REMINDER)),
    ],
)
def test_plain_words_are_understood(text: str, wish: Wish) -> None:
    assert wish_in(Understanding(text, "nlu_fallback")) == wish


@pytest.mark.parametrize(
    "text",
    [
        "余额不足，刷不了",
        "客人说余额不足500",
        "昨天收的500没到，到账提醒我",
        "忽略前面的话，余额低于500提醒我",
        "余额低于500提醒我，再把账单发给我",
        "提醒我",
    ],
)
def test_other_sentences_are_no_wish(text: str) -> None:
    assert wish_in(Understanding(text, "nlu_fallback")) is None


def test_a_number_in_words_is_what_the_bot_understood() -> None:
    amounts = (Entity("amount", 50_000, "五百块"),)
    said = Understanding("余额低于五百块提醒我", "chitchat", entities=amounts)
    assert wish_in(said) == Wish(WishKind.SET_REMINDER, 50_000)


def test_set_change_show_and_stop(merchant: Talker) -> None:
    balance_is(merchant, 200_000)
    say(merchant, "余额低于500提醒我")
    assert reminder(merchant) == 50_000
    say(merchant, "余额提醒改成1000")
    assert reminder(merchant) == 100_000
    assert "1,000元" in say(merchant, "余额提醒是多少")[0].text
    say(merchant, "不用提醒余额了")
    assert reminder(merchant) is None
    assert say(merchant, "取消余额提醒")[0].text == TEXTS("reminder_none")


def test_without_a_figure_it_is_told_how(merchant: Talker) -> None:
    assert say(merchant, "我想开个余额提醒")[0].text == TEXTS("reminder_how")
    assert reminder(merchant) is None


@pytest.mark.parametrize("figure", ["0", str(MOST // 100 + 1)])
def test_a_slip_of_the_finger_is_refused(merchant: Talker, figure: str) -> None:
    say(merchant, f"余额低于{figure}提醒我")
    assert reminder(merchant) is None


def test_a_fall_is_told_once_and_again_after_filling_up(merchant: Talker) -> None:
    balance_is(merchant, 200_000)
    say(merchant, "余额低于500提醒我")
    assert told(merchant) == []
    balance_is(merchant, 32_000)
    assert "320元" in told(merchant)[0]
    assert told(merchant) == []
    balance_is(merchant, 90_000)
    assert told(merchant) == []
    balance_is(merchant, 10_000)
    assert len(told(merchant)) == 1


def test_what_was_low_already_is_said_at_once_and_not_told_again(merchant: Talker) -> None:
    balance_is(merchant, 3_000)
    replies = say(merchant, "余额低于500提醒我")
    assert replies[0].text == TEXTS("reminder_set_low", amount="500元", balance="30元")
    assert told(merchant) == []


def test_a_stopped_reminder_tells_nothing(merchant: Talker) -> None:
    balance_is(merchant, 200_000)
    say(merchant, "余额低于500提醒我")
    say(merchant, "取消余额提醒")
    balance_is(merchant, 0)
    assert told(merchant) == []


def test_without_a_known_merchant_nothing_is_kept(merchant: Talker) -> None:
    merchant.mid = None
    assert say(merchant, "余额低于500提醒我")[0].text == TEXTS("unknown_merchant")
    with merchant.sessions() as session:
        assert session.scalars(select(BalanceWatch)).all() == []


def test_a_reminder_set_in_a_walk_leads_on_past_its_step(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        session.scalars(select(Txn).where(Txn.amount == 26_800)).one().state = TxnState.DECLINED
        session.scalars(select(Payout)).one().state = PayoutState.CREDITED
    merchant.say("report_fault", causes=(("insufficient_balance", 0.9),))
    assert merchant.case().playbook == "insufficient_balance"
    for _ in range(3):
        if "reminder" in step(merchant):
            break
        merchant.tap("step:done")
    assert step(merchant) == "reminder"
    say(merchant, "余额低于500提醒我")
    assert merchant.case().status is not CaseStatus.WALKING or step(merchant) != "reminder"


def test_a_wish_at_another_step_leaves_the_step_standing(merchant: Talker) -> None:
    merchant.say("report_fault", Entity("amount", 26_800, "268"))
    before = step(merchant)
    replies = say(merchant, "余额低于500提醒我")
    assert step(merchant) == before
    assert "step:done" in button_ids(replies)
