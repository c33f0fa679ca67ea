from __future__ import annotations

import time

import pytest

from components.entities import find_entities, reference_time

NOW = reference_time({"now": "2026-11-22T10:20:00+08:00"})


def pairs(raw: str) -> list[tuple[str, object]]:
    return [(found["entity"], found["value"]) for found in find_entities(raw, NOW)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            "终端号12345678，参考号202611210001",
            [("terminal_no", "12345678"), ("ref_no", "202611210001")],
        ),
        ("我的商户号是898310148160568", [("merchant_no", "898310148160568")]),
        ("12345678", [("terminal_no", "12345678")]),
        ("202611210001", [("ref_no", "202611210001")]),
        ("小票上流水号是000456", [("voucher_no", "000456")]),
        ("尾号4321的卡", [("card_last4", "4321")]),
        ("4321结尾那张卡", [("card_last4", "4321")]),
        ("尾号八八六二的那笔", [("card_last4", "8862")]),
        ("卡是6222****0931", [("card_last4", "0931")]),
        ("邮政卡收款的", [("bank", "中国邮政储蓄银行")]),
        ("订单号4200001234202611211234567890", [("order_no", "4200001234202611211234567890")]),
        ("提示51", [("resp_code", "51")]),
        ("一刷就91", [("resp_code", "91")]),
        ("密码输三回都不对 55", [("resp_code", "55")]),
        ("卡住，98收不到应答", [("resp_code", "98")]),
        ("A5成功什么意思", [("resp_code", "A5")]),
        ("买了一包A4纸", []),
        ("交易失败 原因05", [("resp_code", "05")]),
        ("机子回55", [("resp_code", "55")]),
        ("老是A0", [("resp_code", "A0")]),
        ("微信支付宝都能收", [("pay_method", "wechat"), ("pay_method", "alipay")]),
        ("报错05", [("resp_code", "05")]),
        ("错误代码e101", [("resp_code", "E101")]),
        ("返回码a7", [("resp_code", "A7")]),
        ("55错误", [("resp_code", "55")]),
        ("机器提示“交易失败 55”", [("resp_code", "55")]),
        ("刷出来51", [("resp_code", "51")]),
        ("冒出来个ER0203", [("resp_code", "ER0203")]),
        ("96系统繁忙", [("resp_code", "96")]),
        ("61 超限", [("resp_code", "61")]),
        ("单子号AB20261101000123没结", [("order_no", "AB20261101000123")]),
        ("订单ZF20261101888查下", [("order_no", "ZF20261101888")]),
        ("工行的卡没到，支付宝到了", [("bank", "中国工商银行"), ("pay_method", "alipay")]),
        ("Apple Pay也不行", [("pay_method", "apple_pay")]),
        ("花贝付的", [("pay_method", "huabei")]),
    ],
)
def test_what_names_something_is_found(raw: str, expected: list[tuple[str, object]]) -> None:
    assert pairs(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "单号后四位3321",
        "回了三次都没人理",
        "手机尾号1234",
        "电话13812345678",
        "座机0571-88886666",
        "打400-820-8820",
        "95516打不通",
        "批次号000045",
        "授权码123456",
        "提示92号油",
        "票打出来45张",
        "出来20多单",
        "人行道上没信号",
        "祝您一路平安",
    ],
)
def test_traps_are_left_alone(raw: str) -> None:
    assert pairs(raw) == []


def test_a_whole_card_number_is_masked() -> None:
    [found] = find_entities("卡号6222021234567890123", NOW)
    assert found["value"] == "0123"
    assert found["raw"] == "*" * 15 + "0123"


def test_entities_carry_the_raw_text_and_its_places() -> None:
    raw = "昨天下午刷的３０００塊怎么还没到帳？"
    when, amount = find_entities(raw, NOW)
    assert when["value"] == "2026-11-21T12:00/2026-11-21T18:00"
    assert amount["value"] == 300000
    assert amount["raw"] == raw[amount["start"] : amount["end"]] == "３０００塊"


def test_a_wrong_reference_time_falls_back_to_the_clock() -> None:
    assert reference_time({"now": "gestern"}).tzinfo is not None
    assert reference_time(None).utcoffset() == NOW.utcoffset()


def test_utc_reference_times_are_read_in_shanghai() -> None:
    assert reference_time({"now": "2026-11-21T16:30:00+00:00"}).isoformat() == (
        "2026-11-22T00:30:00+08:00"
    )


@pytest.mark.parametrize(
    "raw", ["1" * 10_000, "一" * 10_000, "11月" * 3_000, "三点" * 4_000, "😀\x00" * 5_000]
)
def test_any_input_is_answered_fast(raw: str) -> None:
    started = time.process_time()
    find_entities(raw, NOW)
    assert time.process_time() - started < 0.2
