"""Money is a whole number of fen (分, 1/100 yuan). Floats never touch it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from daozhang.errors import InputError

__all__ = ["fee_for", "format_yuan", "parse_yuan"]


def format_yuan(fen: int) -> str:
    """Fen as Chinese money text: 300000 -> '3,000元', 29820 -> '298.20元', -50 -> '-0.50元'."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}元" if cents == 0 else f"{sign}{yuan:,}.{cents:02d}元"


def parse_yuan(text: str) -> int:
    """Yuan as written in bills ('3000.00', '-0.5', '1,234.56') to fen.

    Raises InputError when the text is no finite number or is finer than one fen.
    """
    try:
        fen = Decimal(text.strip().replace(",", "")) * 100
    except InvalidOperation:
        raise InputError(f"“{text}”不是金额，应为以元为单位的数字") from None
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise InputError(f"“{text}”不是金额，最多两位小数")
    return int(fen)


def fee_for(amount: int, rate_per_10k: int, cap: int | None = None) -> int:
    """The fee in fen on `amount` fen at `rate_per_10k` (60 = 0.60 %), half a fen rounded up.

    `cap` is the ceiling in fen that debit cards have (封顶); None when there is none.
    """
    fee = int((Decimal(amount) * rate_per_10k / 10_000).to_integral_value(ROUND_HALF_UP))
    return fee if cap is None else min(fee, cap)
