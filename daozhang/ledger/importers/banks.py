"""Names of banks as bills write them."""

from __future__ import annotations

import re

__all__ = ["short_name"]

_BANK = re.compile(r"(?:中国(?!银行|人民))?(.{1,20}?(?:银行|信用社|信用联社))")


def short_name(branch: str) -> str | None:
    """'中国建设银行股份有限公司深圳布吉支行' -> '建设银行'; None for an empty text."""
    if not branch:
        return None
    match = _BANK.match(branch)
    return match[1] if match else branch[:40]
