"""Card numbers and secrets are taken out of what people write before anything is kept (PCI DSS).

DOMAIN.md §6: card numbers keep their last four digits; CVV, passwords and one-time codes keep none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Kind", "Redacted", "redact"]


class Kind(StrEnum):
    CARD = "card"
    SECRET = "secret"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text that may be kept, and what was taken out of it."""

    text: str
    kinds: frozenset[Kind]


_GAP = "[ \t\u00a0\u200b\u3000\\-–—－‐._/·．／]"
_RUN = re.compile(rf"[0-9０-９]+(?:{_GAP}{{1,2}}[0-9０-９]+)*")
_GROUP = re.compile("[0-9０-９]+")
_ASCII = str.maketrans("０１２３４５６７８９", "0123456789")

# Issuer prefixes with the lengths that they come in. Numbers of merchants (898…, or an acquirer's
# three digits, 15 in all), 12-digit reference numbers and wallets' order numbers fit none of them.
_ISSUERS = tuple(
    (re.compile(prefix), lengths)
    for prefix, lengths in (
        ("62|81[0-7]", range(16, 20)),
        ("4", (13, 16, 19)),
        ("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        ("3[47]", (15,)),
        ("352[89]|35[3-8]", range(16, 20)),
        ("30[0-5]|309|36|3[89]", (14,)),
        ("690755", (15, 16, 18)),
        ("60|6[4-9]|50|5[6-8]|95[58]", range(16, 20)),
    )
)

_SECRET = re.compile(
    r"(?P<label>(?:CVV2?|CVC2?|CVN2?|PIN码?|安全码|密码|口令|验证码|短信码|校验码|动态码)"
    r"[\s「“\"']*(?:是|为|[:：=＝])?[\s「“\"']*)"
    r"(?:(?=[a-z]*[0-9])(?=[0-9]*[a-z])[0-9a-z@#$%&*!_]{6,20}"
    r"|[0-9０-９](?:[ \u3000]?[0-9０-９]){2,7}(?![0-9０-９.．]|\s*[元块万笔次号点]))",
    re.IGNORECASE,
)


def redact(text: str) -> Redacted:
    """Take full card numbers ('****1234' stays) and secrets ('***' stays) out of `text`."""
    kinds: set[Kind] = set()

    def hide_secret(found: re.Match[str]) -> str:
        kinds.add(Kind.SECRET)
        return f"{found['label']}***"

    def hide_cards(found: re.Match[str]) -> str:
        shown = _without_cards(found.group())
        if shown != found.group():
            kinds.add(Kind.CARD)
        return shown

    text = _RUN.sub(hide_cards, text)
    text = _SECRET.sub(hide_secret, text)
    return Redacted(text, frozenset(kinds))


def _without_cards(run: str) -> str:
    """`run` is groups of digits with gaps; a card is one or more whole groups that follow on."""
    groups = list(_GROUP.finditer(run))
    shown, kept_to, first = "", 0, 0
    while first < len(groups):
        last = _card_end(groups, first)
        if last is not None:
            digits = "".join(one.group() for one in groups[first : last + 1]).translate(_ASCII)
            shown += f"{run[kept_to : groups[first].start()]}****{digits[-4:]}"
            kept_to = groups[last].end()
            first = last
        first += 1
    return shown + run[kept_to:]


def _card_end(groups: list[re.Match[str]], first: int) -> int | None:
    """The group with which the longest card that starts at group `first` ends."""
    digits, found = "", None
    for last in range(first, len(groups)):
        digits += groups[last].group().translate(_ASCII)
        if len(digits) > 19:
            break
        if _is_card(digits):
            found = last
    return found


def _is_card(digits: str) -> bool:
    fits = any(len(digits) in lengths and prefix.match(digits) for prefix, lengths in _ISSUERS)
    return fits and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
