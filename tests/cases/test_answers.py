from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from daozhang.cases.answers import answer_for, load_answers
from daozhang.causes import Cause

KNOWLEDGE = (
    "ask_arrival_time",
    "ask_cause",
    "ask_fix",
    "ask_apply_pos",
    "ask_fee",
    "ask_refund",
    "change_settlement_account",
    "ask_risk_hold",
)
"""The intents of LANGUAGE.md that are answered without the ledger."""

LONGEST = 90
NEVER = re.compile(
    "保证到账|保证能|(一定|肯定|绝对)(会|能)?(到|好|成功|解冻)|(解冻费|押金|保证金)可以"
    "|http|www|[.](com|cn)|mepos|微信号|加我|加微信|QQ|电话[:：]|热线"
    r"|\d{5,}|\d{3,4}[- ]\d{3,}"  # a phone number, or any other number of somebody's
    "|密码|安全码|验证码|CVV|CVN|拆单|拆成|分开刷|分几笔|凑整|风控规则|可疑交易|规避"
    "|您的错|怪您|您不该|谁让您"
    r"|[{}<>*#]",  # no template, no markup
    re.IGNORECASE,
)
FEES_OF_FRAUD = re.compile("解冻费|押金|保证金|升级费")
REFUSED = re.compile("骗子|别付|别答应")
DURATION = re.compile(r"\d+(?:到\d+)?(?:分钟|小时|个工作日|天|年)|几分钟到24小时")
SOURCED = {
    "5到15分钟",  # a SIM after it was paid for, DOMAIN.md §4.1
    "几分钟到24小时",  # a reversal, §4.1
    "3到7个工作日",  # error handling, §4.1
    "10分钟",  # wait before looking again, §4.2; charging, §4.6
    "3到5个工作日",  # defective success, §4.3; review of complete papers, §4.11
    "1到2个工作日",  # a corrected settlement card, §4.5
    "90天",  # new merchants, §2.4
}


def bubbles() -> Iterator[tuple[str, str]]:
    for intent, answer in load_answers().items():
        for cause, said in {"say": answer.say, **answer.by_cause}.items():
            for number, text in enumerate(said, 1):
                yield f"{intent}/{cause}/{number}", text


def offending(pattern: re.Pattern[str]) -> dict[str, str]:
    return {place: found.group() for place, text in bubbles() if (found := pattern.search(text))}


def test_every_knowledge_intent_has_an_answer_and_no_other() -> None:
    assert set(load_answers()) == set(KNOWLEDGE)


@pytest.mark.parametrize("intent", ["ask_fix", "ask_cause"])
@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_own_answer(intent: str, cause: Cause) -> None:
    particular = answer_for(intent, cause)
    assert particular is not None
    assert particular != answer_for(intent)


@pytest.mark.parametrize(
    ("intent", "cause"),
    [
        ("ask_arrival_time", Cause.CLEARING_DELAY),
        ("ask_arrival_time", Cause.BANK_RULES),
        ("ask_risk_hold", Cause.PLATFORM_RESTRICTION),
        ("ask_risk_hold", Cause.REGULATION_CHANGE),
        ("ask_refund", Cause.INSUFFICIENT_BALANCE),
        ("ask_refund", Cause.WRONG_TRANSACTION_INFO),
    ],
)
def test_a_named_cause_makes_the_answer_more_particular(intent: str, cause: Cause) -> None:
    assert answer_for(intent, cause) != answer_for(intent)


def test_a_cause_without_an_answer_of_its_own_gets_the_general_one() -> None:
    assert answer_for("ask_fee", Cause.HARDWARE_FAULT) == answer_for("ask_fee")


def test_an_intent_that_is_no_question_has_no_answer() -> None:
    assert answer_for("greet") is None


def test_only_known_causes_are_named() -> None:
    named = {cause for answer in load_answers().values() for cause in answer.by_cause}
    assert named <= set(Cause)


def test_an_answer_is_one_to_three_bubbles() -> None:
    for answer in load_answers().values():
        assert all(1 <= len(said) <= 3 for said in (answer.say, *answer.by_cause.values()))


def test_bubbles_are_short_and_whole_sentences() -> None:
    wrong = [
        place
        for place, text in bubbles()
        if not text or len(text) > LONGEST or text != text.strip() or text[-1] not in "。？"
    ]
    assert wrong == []


def test_no_bubble_is_said_twice_in_one_answer() -> None:
    for answer in load_answers().values():
        for said in (answer.say, *answer.by_cause.values()):
            assert len(set(said)) == len(said)


def test_nothing_is_said_that_must_never_be_told() -> None:
    assert offending(NEVER) == {}


@pytest.mark.parametrize(
    "text",
    [
        "明天保证到账。",
        "一定会到。",
        "解冻费可以先交。",
        "请看https://example.org。",
        "加我微信号。",
        "打95516问。",
        "打400-123-4567。",
        "打13800138000。",
        "把验证码告诉我。",
        "大额分几笔刷。",
    ],
)
def test_the_list_of_the_forbidden_catches(text: str) -> None:
    assert NEVER.search(text)


def test_fees_that_frauds_ask_for_are_only_named_to_refuse_them() -> None:
    named = [(place, text) for place, text in bubbles() if FEES_OF_FRAUD.search(text)]
    assert named
    assert [place for place, text in named if not REFUSED.search(text)] == []


def test_every_duration_is_one_that_the_domain_gives() -> None:
    said = {one for _, text in bubbles() for one in DURATION.findall(text)}
    assert said <= SOURCED


def test_working_days_are_told_as_usual_never_as_promised() -> None:
    promised = [
        place for place, text in bubbles() if re.search(r"\d个工作日", text) and "一般" not in text
    ]
    assert promised == []


def test_applying_for_a_terminal_names_all_routes_and_how_to_check_a_licence() -> None:
    text = "".join(answer_for("ask_apply_pos") or ())
    for word in ("银行", "支付公司", "服务商", "电商平台", "支付业务许可证", "人民银行官网"):
        assert word in text
