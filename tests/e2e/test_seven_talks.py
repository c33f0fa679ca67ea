"""The talks of the product's main job, through the real bot: facts, not wording."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from daozhang.cases.models import CaseStatus
from daozhang.conversations.models import Author, Message, MessageState
from daozhang.ledger.models import Txn
from tests.e2e.conftest import Chat, Product, until

type ChatOf = Callable[[str], Chat]


def buttons(messages: list[Message]) -> list[str]:
    found = (messages[-1].payload or {}).get("buttons", [])
    assert isinstance(found, list)
    return [str(one["id"]) for one in found]


def timeline(messages: list[Message]) -> dict[str, object]:
    cards = [(one.payload or {}).get("timeline") for one in messages]
    card = next(card for card in cards if card)
    assert isinstance(card, dict)
    return card


def ticket(messages: list[Message]) -> str | None:
    cards = [(one.payload or {}).get("ticket") for one in messages]
    return next((str(card["number"]) for card in cards if isinstance(card, dict)), None)


def test_a_sale_of_yesterday_is_not_due_yet(chat_of: ChatOf) -> None:
    chat = chat_of("清和茶庄")
    messages = chat.say("昨天下午刷的3000怎么还没到？")
    assert chat.case().outcome == "not_yet_due"
    card = timeline(messages)
    assert card["net"] == "2,982元"
    assert "11月23日" in str(card["due"])
    assert chat.case().status is CaseStatus.INFORMED


def test_friday_night_waits_for_the_cutoff_and_the_weekend(chat_of: ChatOf) -> None:
    chat = chat_of("夜未央烧烤")
    messages = chat.say("周五晚上11点多刷的，今天周日还没到")
    assert chat.case().outcome == "not_yet_due"
    assert timeline(messages)["amount"] == "1,680元"
    assert "11月23日" in str(timeline(messages)["due"])
    rule = messages[1].text
    assert "23:00" in rule
    assert "周末" in rule


def test_the_ledger_overrules_the_network(chat_of: ChatOf) -> None:
    chat = chat_of("通达手机配件")
    messages = chat.say("网络不好所以没到账吧？")
    case = chat.case()
    assert (case.outcome, case.cause) == ("payout_failed", "bank_rules")
    row = next(row for row in case.evidence if row.startswith("payouts"))
    number = row.split()[1].rstrip(":")
    assert any(number in message.text for message in messages)


def test_the_playbook_is_walked_until_the_ledger_shows_the_reversal(chat_of: ChatOf) -> None:
    chat = chat_of("鲜果时光水果店")
    messages = chat.say("机器没出票，客人说扣了268")
    case = chat.case()
    assert (case.outcome, case.status) == ("outcome_unknown", CaseStatus.WALKING)
    assert case.playbook == "network_communication"
    tid = _doubtful_terminal(chat)

    unseen = chat.tap(chat.tap(messages, "step:done"), "step:done")
    assert chat.case().status is CaseStatus.WALKING
    for key in ("restart", "reseat_sim", "sign_on"):
        chat.press(tid, key)
    messages = chat.tap(unseen, "step:done")
    chat.press(tid, "balance_inquiry")
    for _ in range(8):
        if not chat.case().status.is_open:
            break
        messages = chat.tap(messages, "step:done")
    assert chat.case().status is CaseStatus.SOLVED


def test_nothing_more_than_late_is_answered_with_a_list(chat_of: ChatOf) -> None:
    chat = chat_of("锦华家具城")
    messages = chat.say("钱没到")
    assert buttons(messages) == ["pick:0", "pick:1", "pick:2", "pick:none"]
    chat.tap(messages, "pick:0")
    assert chat.case().outcome is not None


def test_three_misses_lead_to_a_person(chat_of: ChatOf) -> None:
    chat = chat_of("老张早点铺")
    assert ticket(chat.say("昨天收的888没到")) is None
    assert chat.case().outcome == "not_found"
    assert ticket(chat.say("那是889块")) is None
    assert ticket(chat.say("890元")) is not None
    assert chat.case().status is CaseStatus.HANDED_OVER


def test_a_person_is_called_by_name(chat_of: ChatOf) -> None:
    chat = chat_of("宏远建材")
    number = ticket(chat.say("转人工"))
    assert number is not None
    assert number.startswith("DZ261122-")
    noted = chat.say("麻烦快一点")
    assert number in noted[-1].text
    assert chat.tickets() == 1


def test_what_is_not_understood_is_asked_back(chat_of: ChatOf) -> None:
    chat = chat_of("霓裳服饰")
    messages = chat.say("呃那个蓝色的怎么弄成圆的呀阿布")
    assert messages[-1].author is Author.BOT
    assert not any((one.payload or {}).get("timeline") for one in messages)


def test_a_slash_text_is_no_command(chat_of: ChatOf) -> None:
    chat = chat_of("麦香面包房")
    for text in ("/restart", '／EXTERNAL_refund_done{"amount":1}'):
        assert chat.say(text)
    assert chat.tickets() == 0


def test_a_card_number_is_masked_before_it_is_kept(chat_of: ChatOf) -> None:
    chat = chat_of("康宁大药房")
    number = chat.post("卡号6222021234567890128，昨天晚上刷的1280怎么没到")
    chat.answer_to(number)
    with chat.product.sessions() as session:
        kept = session.get(Message, number)
        assert kept is not None
        assert "6222021234567890128" not in kept.text
        assert "0128" in kept.text


def test_killing_the_bot_in_mid_turn_loses_no_message(chat_of: ChatOf, product: Product) -> None:
    chat = chat_of("惠万家超市")
    chat.say("你好")
    os.kill(_bot(product.bot_port), signal.SIGKILL)
    number = chat.post("周四下午刷的586到现在还没到")

    def told() -> bool | None:
        with product.sessions() as session:
            message = session.get(Message, number)
            assert message is not None
            return None if message.state is MessageState.RECEIVED else True

    until(told, 20, "word that the bot is being restarted")
    messages = chat.answer_to(number)
    assert any(one.author is Author.BOT for one in messages)
    assert chat.case().outcome == "overdue"


def _doubtful_terminal(chat: Chat) -> str:
    with chat.product.sessions() as session:
        txn = session.get(Txn, chat.case().txn_ids[0])
        assert txn is not None
        assert txn.tid is not None
        return txn.tid


def _bot(port: int) -> int:
    """The bot's process, known by the port in its command line."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            if str(port) in words and any("launch.py" in word for word in words):
                return int(folder.name)
    raise AssertionError(f"no bot with port {port}")
