from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daozhang.redaction import Kind, Redacted, redact


def luhn_digit(digits: str) -> str:
    doubled = (int(one) * (1 if place % 2 else 2) for place, one in enumerate(reversed(digits)))
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


# Made up, with right check digits.
CARD = "622202123456789012" + luhn_digit("622202123456789012")
VISA = "411111111111111" + luhn_digit("411111111111111")


def in_fours(number: str, gap: str) -> str:
    return gap.join(number[at : at + 4] for at in range(0, len(number), 4))


@pytest.mark.parametrize("card", [CARD, VISA])
@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda card: in_fours(card, " "),
        lambda card: in_fours(card, "-"),
        lambda card: in_fours(card, "\u3000"),
        lambda card: in_fours(card, "."),
        lambda card: in_fours(card, "/"),
        lambda card: card.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_of_a_card_number_the_last_four_digits_stay(card: str, write: Callable[[str], str]) -> None:
    found = redact(f"卡号{write(card)}没到账")
    assert found.text == f"卡号****{card[-4:]}没到账"
    assert found.kinds == {Kind.CARD}


def test_a_card_number_between_other_numbers_is_found() -> None:
    found = redact(f"2026-11-21 {VISA} 3000元和{CARD}")
    assert found.text == f"2026-11-21 ****{VISA[-4:]} 3000元和****{CARD[-4:]}"


@pytest.mark.parametrize(
    "number",
    [
        "898310058120001",
        "102310058120001",
        "308310058120001",
        "112233445566",
        "31000001",
        "4200001234202611211234567890",
        "2026112122001412345678901234",
        "13800138000",
        "3000",
        "2026-11-21 15:10:22",
        "20261121151022",
        "4280.50/3000.00/268.00",
    ],
)
def test_numbers_that_are_no_cards_are_left_alone(number: str) -> None:
    assert redact(f"单号{number}") == Redacted(f"单号{number}", frozenset())


@given(st.integers(0, 10**12 - 1))
def test_no_merchant_number_is_ever_taken_for_a_card(serial: int) -> None:
    number = f"898{serial:012d}"
    assert redact(f"商户号 {number}").text == f"商户号 {number}"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("密码是123456", "密码是***"),
        ("验证码：8842", "验证码：***"),
        ("我的CVV 123", "我的CVV ***"),
        ("cvv2=456，没到账", "cvv2=***，没到账"),
        ("安全码９８７", "安全码***"),
        ("密码 1 2 3 4 5 6", "密码 ***"),
        ("密码是abc123，还是没到", "密码是***，还是没到"),
        ("密码9hao2024", "密码***"),
        ("短信码 394021", "短信码 ***"),
        ("验证码123-456", "验证码***"),
        ("验证码 123 456，没到账", "验证码 ***，没到账"),
    ],
)
def test_of_a_secret_nothing_stays(written: str, kept: str) -> None:
    found = redact(written)
    assert found.text == kept
    assert found.kinds == {Kind.SECRET}


@pytest.mark.parametrize(
    "said",
    ["密码错误55", "改了密码，3000元没到", "输密码 300元那笔", "密码错3次", "密码POS机上输过了"],
)
def test_talk_about_passwords_is_left_alone(said: str) -> None:
    assert redact(said).text == said


MISTYPED = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"卡号{MISTYPED}", f"卡号****{MISTYPED[-4:]}"),
        (f"我的银行卡是 {MISTYPED}", f"我的银行卡是 ****{MISTYPED[-4:]}"),
        (MISTYPED, f"****{MISTYPED[-4:]}"),
        (in_fours(MISTYPED, " "), f"****{MISTYPED[-4:]}"),
        ("客人卡4111 1111 1111 1112", "客人卡****1112"),
    ],
)
def test_a_card_number_with_a_digit_mistyped_is_hidden_too(written: str, kept: str) -> None:
    assert redact(written) == Redacted(kept, frozenset({Kind.CARD}))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("4111 1111 1111 1112 3000元没到", "****1112 3000元没到"),
        ("3000 4111 1111 1111 1112", "3000 ****1112"),
        (f"3000 {MISTYPED}", f"3000 ****{MISTYPED[-4:]}"),
    ],
)
def test_a_mistyped_card_number_beside_a_sum_is_hidden_too(written: str, kept: str) -> None:
    assert redact(written) == Redacted(kept, frozenset({Kind.CARD}))


@pytest.mark.parametrize(
    "said",
    [
        "1200 3500 4800 2600",
        "1288 3566 4899 2605",
        "4800 1200 3500 2600",
        "今天5300 3500　4800 2600都没到",
        "６２００ １５００ ３０００ ４８００",
        "4800 1200 3500 2600 300",
        "4800 1200 3500 2600 5200",
    ],
)
def test_sums_one_after_another_are_no_card(said: str) -> None:
    assert redact(said) == Redacted(said, frozenset())


@pytest.mark.parametrize(
    "written",
    [
        "4288 3566 4899 2605",
        "4800-1200-3500-2600",
        "4800 0120 3500 2600",
        "卡号4800 1200 3500 2600",
        "5200 3500 4800 2600",  # its check digit is right
    ],
)
def test_four_blocks_that_may_be_a_card_are_hidden(written: str) -> None:
    assert redact(written).kinds == {Kind.CARD}


@pytest.mark.parametrize(
    "said",
    [
        f"订单号{MISTYPED}",
        "订单号4111 1111 1111 1112 3000",
        f"参考号：{MISTYPED}",
        "刷卡 202611211510 3000元",
        "刷了卡，商户号898310058120001",
        "卡 1126112115102200",
    ],
)
def test_other_numbers_stay_although_they_look_like_cards(said: str) -> None:
    assert redact(said).text == said


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("11010519491231002X", "***"),
        ("身份证11010519491231002x没过", "身份证***没过"),
        ("身份证号：110105194912310021", "身份证号：***"),
        ("我的身份证号是130503670401001", "我的身份证号是***"),
    ],
)
def test_of_an_identity_number_nothing_stays(written: str, kept: str) -> None:
    assert redact(written) == Redacted(kept, frozenset({Kind.ID}))


@pytest.mark.parametrize(
    "said", ["单号110105194912310021", "单号110105194913310027", "终端130503670401001"]
)
def test_what_is_no_identity_number_stays(said: str) -> None:
    assert redact(said).text == said


def test_six_digits_are_hidden_while_a_code_is_awaited() -> None:
    assert redact("048213", codes=True) == Redacted("***", frozenset({Kind.CODE}))
    assert redact("凭证号048213").text == "凭证号048213"
    assert redact("金额3000.55，8982位", codes=True).kinds == frozenset()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("123-456", "***"),
        ("123 456", "***"),
        ("我收到的是１２３　４５６。", "我收到的是***。"),
        ("G-123 - 456", "G-***"),
        ("12 34 56", "***"),
        ("1 2 3 4 5 6", "***"),
        ("3000那笔 048-213", "3000那笔 ***"),
        ("8982 048213", "8982 ***"),
    ],
)
def test_a_code_in_groups_is_hidden_while_one_is_awaited(written: str, kept: str) -> None:
    assert redact(written, codes=True) == Redacted(kept, frozenset({Kind.CODE}))
    assert redact(written).text == written


@pytest.mark.parametrize(
    "said",
    ["2026-11-21", "2026-11-21 15 30", "11-21 15:30那笔", "11-21 15点", "138 0013 8000", "2026-11"],
)
def test_days_times_and_telephones_are_no_codes(said: str) -> None:
    assert redact(said, codes=True).text == said


@pytest.mark.parametrize(
    "said",
    ["120000元没到", "120000 块那笔", "120 000元没到", "300-500元", "300 500 块", "10 20 30 三笔"],
)
def test_a_sum_is_no_code_though_one_is_awaited(said: str) -> None:
    assert redact(said, codes=True).text == said
