"""The texts keep the house's rules, and the linter that says so catches what breaks them."""

from __future__ import annotations

import pytest

from scripts.lint_texts import Text, complaints, terms, texts

TERMS = terms()


def found(words: str, *, for_staff: bool = False) -> str:
    return "\n".join(complaints(Text("here", words, for_staff), TERMS))


def test_no_text_of_the_house_breaks_a_rule() -> None:
    assert [one for text in texts() for one in complaints(text, TERMS)] == []


def test_playbooks_answers_and_sentences_are_all_read() -> None:
    places = {text.place for text in texts()}
    assert "data/playbooks/frozen.yml steps.notice.say" in places
    assert "data/playbooks/frozen.yml steps.notice.labels.done" in places
    assert "data/playbooks/frozen.yml steps.notice.done" not in places
    assert "data/answers/ask_fee.yml say.0" in places
    assert "data/texts/assistant.yml greet" in places


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("字" * 121, "有121个字，最多120个"),
        ("请把密码发给我。", "不要在聊天里要密码"),
        ("收到的验证码是多少？", "不要在聊天里要密码"),
        ("把卡号发来。", "卡号不能发到这里"),
        ("大额可以分几笔收。", "不教人拆分、错开交易"),
        ("拆成两单就过了。", "不教人拆分、错开交易"),
        ("这笔触发了规则。", "不说触发了什么规则"),
        ("交了保证金就解冻。", "只能提醒这是骗局"),
        ("今天一定到。", "不承诺记录里没有的事"),
        ("马上到账。", "不承诺记录里没有的事"),
        ("请打4001234567。", "不给链接和电话"),
        ("点www.example.org。", "不给链接和电话"),
        ("这是您的问题。", "不怪商户"),
        ("可以重刷了。", "结果没定就别重收"),
        ("先转账给服务商。", "不让人转账"),
        ("好的,马上看。", "中文里用中文标点"),
        ("换一张收款卡。", "“收款卡”请写“结算卡”"),
        ("今天到帐。", "“到帐”请写“到账”"),
    ],
)
def test_what_breaks_a_rule_is_named(words: str, complaint: str) -> None:
    assert complaint in found(words)


@pytest.mark.parametrize(
    "words",
    [
        "密码自己输，别告诉任何人。",
        "卡号不要发到这里。",
        "那笔{amount}还没结果，请先别重刷。",
        "要您交解冻费的都是骗子。",
        "屏幕上写着“机具未绑定”吗？",
        "不是您操作的问题。",
    ],
)
def test_a_warning_is_no_breach(words: str) -> None:
    assert found(words) == ""


def test_colleagues_may_read_the_trades_own_words() -> None:
    assert found("机具号有误，请核对。", for_staff=True) == ""
    assert "机器" in found("机具号有误，请核对。")


def test_a_place_in_braces_counts_as_four_characters() -> None:
    assert Text("here", "{payout_no}那笔{amount}").length == 10
