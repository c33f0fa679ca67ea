from __future__ import annotations

import pytest

from components.amounts import read_amounts
from components.findings import Value
from components.text import fold


def amounts(raw: str) -> list[tuple[Value, bool]]:
    return [(found.value, found.approx) for found in read_amounts(fold(raw).text)]


@pytest.mark.parametrize(
    ("raw", "fen"),
    [
        ("3000", 300000),
        ("268", 26800),
        ("3000块", 300000),
        ("3,000元", 300000),
        ("３０００塊", 300000),
        ("三千二", 320000),
        ("1w2", 1200000),
        ("3.8千", 380000),
        ("3千8", 380000),
        ("两万五", 2500000),
        ("一百二", 12000),
        ("十二块五", 1250),
        ("12块50", 1250),
        ("三块二毛五", 325),
        ("五毛钱", 50),
        ("12元5角", 1250),
        ("268.50", 26850),
        ("¥1,299.00", 129900),
        ("人民币3000", 300000),
        ("三千零五十块", 305000),
        ("三千零二块", 300200),
        ("三点八万", 3800000),
        ("昨天下午刷的3000怎么还没到？", 300000),
        ("上周四早上的36没看到到账", 3600),
        ("机器没出票，客人说扣了268", 26800),
        ("收了50", 5000),
        ("输成了1280", 128000),
        ("应该是128", 12800),
        ("那笔三百的", 30000),
        ("300的那笔", 30000),
        ("3000一笔", 300000),
        ("两笔1000", 100000),
        ("130一直没到", 13000),
        ("两千一直没到", 200000),
        ("两千一没到", 210000),
        ("一共刷了5笔，3200", 320000),
        ("16:30刷的800", 80000),
        ("加了300的92号油", 30000),
        ("3000元刷完就没反应", 300000),
        ("限额5000", 500000),
    ],
)
def test_an_amount_is_read_in_fen(raw: str, fen: int) -> None:
    assert amounts(raw) == [(fen, False)]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("800多", 80000),
        ("三千左右", 300000),
        ("一千出头", 100000),
        ("大概3000块", 300000),
        ("1万多的货款", 1000000),
        ("两百来块", 20000),
        ("大概三四百", "30000/40000"),
    ],
)
def test_about_is_marked(raw: str, value: Value) -> None:
    assert amounts(raw) == [(value, True)]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("刷了两三千", "200000/300000"),
        ("3000到4000块", "300000/400000"),
        ("一两千块钱", "100000/200000"),
        ("1-2万", "1000000/2000000"),
        ("三到四千", "300000/400000"),
    ],
)
def test_a_range_has_both_ends(raw: str, value: str) -> None:
    assert amounts(raw) == [(value, False)]


@pytest.mark.parametrize(
    "raw",
    [
        "打了95516没人接",
        "拨打4008888888",
        "打400-820-8820没人",
        "电话13812345678",
        "3号桌",
        "302房",
        "2台机器",
        "三个人",
        "92号油",
        "25号",
        "扣2个点",
        "费率0.6%",
        "第3次",
        "t+1",
        "版本2.1.3",
        "一块屏坏了",
        "一块儿来",
        "元旦",
        "万一没到",
        "千万别",
        "100笔",
        "20多笔",
        "刷了3笔",
        "十几万",
        "好几百块",
        "批次号000123",
        "3千瓦",
        "单号",
        "",
    ],
)
def test_a_number_that_is_no_money_is_left_alone(raw: str) -> None:
    assert amounts(raw) == []


def test_several_amounts_come_in_order() -> None:
    assert amounts("刷了3000，只到了2500") == [(300000, False), (250000, False)]
