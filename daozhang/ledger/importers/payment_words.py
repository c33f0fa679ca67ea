"""How bills name ways of payment and kinds of cards."""

from __future__ import annotations

from daozhang.errors import InputError
from daozhang.ledger.words import CardType, Channel

__all__ = ["card_type_of", "channel_of"]

_CHANNELS = (
    ("微信", Channel.WECHAT),
    ("支付宝", Channel.ALIPAY),
    ("云闪付", Channel.UNIONPAY_QR),
    ("二维码", Channel.UNIONPAY_QR),
    ("扫码", Channel.UNIONPAY_QR),
    ("卡", Channel.CARD),
    ("POS", Channel.CARD),
    ("闪付", Channel.CARD),
)
"""The first word that a text contains decides: 云闪付 before 闪付, 银联二维码 before 卡."""

_CARD_TYPES = (
    ("贷记", CardType.CREDIT),
    ("信用", CardType.CREDIT),
    ("借记", CardType.DEBIT),
    ("储蓄", CardType.DEBIT),
)


def channel_of(text: str) -> Channel:
    """The way of payment that `text` names. Raises InputError for none that is known."""
    for word, channel in _CHANNELS:
        if word in text.upper():
            return channel
    raise InputError(f"不认识的支付方式“{text}”")


def card_type_of(text: str) -> CardType | None:
    """Debit or credit, None when the text says neither; 准贷记卡 is credit."""
    return next((kind for word, kind in _CARD_TYPES if word in text), None)
