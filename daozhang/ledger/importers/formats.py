"""The formats that can be taken in, and how a file tells which one it is in (DOMAIN.md §7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers import (
    alipay_fund,
    alipay_trade,
    leshua_payout,
    leshua_trade,
    portal_payout,
    portal_trade,
    unionpay_zm,
    wechat_fund,
    wechat_trade,
)
from daozhang.ledger.importers.rows import About, Line
from daozhang.ledger.importers.sources import head_of

__all__ = ["FORMATS", "Format", "detect", "format_named"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name on the command line, its title for people, how to tell and read it.

    `recognise` is given the first bytes of the unpacked bill and its name; `read` its lines.
    """

    name: str
    title: str
    recognise: Callable[[bytes, str], bool]
    read: Callable[[Iterable[str], About], Iterator[Line]]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("wechat-trade", "微信支付交易账单", wechat_trade.recognise, wechat_trade.read),
            Format("wechat-fund", "微信支付资金账单", wechat_fund.recognise, wechat_fund.read),
            Format("alipay-trade", "支付宝业务明细", alipay_trade.recognise, alipay_trade.read),
            Format("alipay-fund", "支付宝账务明细", alipay_fund.recognise, alipay_fund.read),
            Format("unionpay-zm", "银联商户对账文件 ZM", unionpay_zm.recognise, unionpay_zm.read),
            Format("leshua-trade", "乐刷交易对账单", leshua_trade.recognise, leshua_trade.read),
            Format("leshua-payout", "乐刷打款单", leshua_payout.recognise, leshua_payout.read),
            Format("portal-trade", "商户后台交易导出", portal_trade.recognise, portal_trade.read),
            Format(
                "portal-payout", "商户后台结算导出", portal_payout.recognise, portal_payout.read
            ),
        )
    }
)
"""By name. No file is recognised by two of them."""


def detect(path: Path) -> Format:
    """The format that the bill at `path` is in. Raises ImportRejected when it is in none."""
    head, name = head_of(path)
    for one in FORMATS.values():
        if one.recognise(head, name):
            return one
    titles = "、".join(one.title for one in FORMATS.values())
    raise ImportRejected(f"认不出 {path.name} 是哪种账单；能导入的有：{titles}")


def format_named(name: str) -> Format:
    """The format called `name`. Raises InputError listing those there are."""
    if name not in FORMATS:
        raise InputError(f"不认识的账单格式“{name}”，可用：{'、'.join(FORMATS)}")
    return FORMATS[name]
