"""Card numbers are not kept, not even in a line that could not be read (DOMAIN.md §1.2)."""

from __future__ import annotations

import re

__all__ = ["mask_cards"]

_CARD_LIKE = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
"""13 to 19 digits, also in groups; longer numbers are wallets' own."""


def mask_cards(text: str) -> str:
    """`text` with all but the last four digits of every card number starred out."""
    return _CARD_LIKE.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    return f"****{digits[-4:]}" if _passes_luhn(digits) else match.group()


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
