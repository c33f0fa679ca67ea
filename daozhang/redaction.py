"""Numbers that must not be kept are taken out of what people write before anything is stored.

DOMAIN.md §6: card numbers keep their last four digits; CVV, passwords, one-time codes and identity
numbers keep none. Numbers of merchants, terminals, orders and payments stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto

__all__ = ["Kind", "Redacted", "redact"]


class Kind(StrEnum):
    CARD = "card"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    ID = "id"
    CODE = "code"


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

_LABEL_REACH = 12
_CARD_LABEL = re.compile(
    r"(?:卡号|银行卡|信用卡|储蓄卡|借记卡|结算卡|卡)(?:号码?|是|为|的|了|[:：\s])*$"
)
_OTHER_NUMBER = re.compile(r"(?:单号|订单|参考号|流水号?|凭证号|商户号|终端号|序列号|批次号)\D*$")
_BANK_CARD = re.compile("[6６][2２](?:[0-9０-９]{14}|[0-9０-９]{17})")
"""What UnionPay's cards look like; hardly any other number of a merchant's does."""
_BLOCKS = re.compile(rf"(?:[0-9０-９]{{4}}{_GAP}){{3}}[0-9０-９]{{4}}(?:{_GAP}[0-9０-９]{{1,3}})?")
"""16 to 19 digits in blocks of four, as they stand on a card."""
_ROUND_SUMS = re.compile(r"[1-9]\d{2}0(?:\s{1,2}[1-9]\d{2}0){3}(?:\s{1,2}[1-9]\d?0)?")
"""Four sums one after another; one card in ten thousand has a nought at the end of each block."""

_SECRET = re.compile(
    r"(?P<label>(?:CVV2?|CVC2?|CVN2?|PIN码?|安全码|密码|口令|验证码|短信码|校验码|动态码)"
    r"[\s「“\"']*+(?:是|为|[:：=＝])?[\s「“\"']*+)"
    r"(?:(?=[a-z]*[0-9])(?=[0-9]*[a-z])[0-9a-z@#$%&*!_]{6,20}"
    r"|[0-9０-９](?:[ \u3000\-–—－]?[0-9０-９]){2,7}(?![0-9０-９.．]|\s*[元块万笔次号点]))",
    re.IGNORECASE,
)


_ID = re.compile(
    r"(?<![0-9０-９A-Za-z])[1-68]\d{5}(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})\d{3}"
    r"[0-9XxＸ](?![0-9A-Za-z])"
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_LABEL = re.compile(r"(?:身份证|证件)(?:号码?)?(?:是|为|[:：])?\s*$")
_OLD_ID = re.compile(r"(?P<label>身份证(?:号码?)?(?:是|为|[:：])?\s*)\d{15}(?!\d)")

_CODE_GAP = "[ \t\u00a0\u200b\u3000\\-–—－_]{1,3}"
_IN_GROUPS = "|".join(_CODE_GAP.join(["[0-9０-９]" * size] * (6 // size)) for size in (3, 2, 1))
_CODE = re.compile(
    r"(?<![0-9０-９.])(?:[0-9０-９]{6}(?![0-9０-９.]|\s*[元块万])"
    rf"|(?<![0-9０-９][\-–—－])(?:{_IN_GROUPS})"
    r"(?![0-9０-９.:：]|\s*[元块万点时号日月]|\s*[一二两三四五六几]?笔))"
)
"""Six digits, also as 123-456 or 12 34 56; in groups they may be part of a day, a time, or sums."""


def redact(text: str, *, codes: bool = False) -> Redacted:
    """Take card numbers ('****1234' stays), identity numbers and secrets ('***') out of `text`.

    With `codes` also six digits that stand alone, in one or in groups: a one-time code is awaited,
    and they may be it.
    """
    kinds: set[Kind] = set()

    def hide_id(found: re.Match[str]) -> str:
        if not _is_id(found):
            return found.group()
        kinds.add(Kind.ID)
        return "***"

    def hide_old_id(found: re.Match[str]) -> str:
        kinds.add(Kind.ID)
        return f"{found['label']}***"

    def hide_code(_found: re.Match[str]) -> str:
        kinds.add(Kind.CODE)
        return "***"

    def hide_secret(found: re.Match[str]) -> str:
        kinds.add(Kind.SECRET)
        return f"{found['label']}***"

    def hide_cards(found: re.Match[str]) -> str:
        shown = _without_cards(found.group(), _said_before(found))
        if shown != found.group():
            kinds.add(Kind.CARD)
        return shown

    text = _OLD_ID.sub(hide_old_id, _ID.sub(hide_id, text))
    text = _RUN.sub(hide_cards, text)
    text = _SECRET.sub(hide_secret, text)
    if codes:
        text = _CODE.sub(hide_code, text)
    return Redacted(text, frozenset(kinds))


def _is_id(found: re.Match[str]) -> bool:
    """A possible birthday, and the right check digit or a word that says what it is."""
    try:
        date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    digits = unicodedata.normalize("NFKC", found.group()).upper()
    total = sum(weight * int(one) for weight, one in zip(_ID_WEIGHTS, digits, strict=False))
    return digits[-1] == _ID_CHECKS[total % 11] or bool(
        _ID_LABEL.search(found.string, 0, found.start())
    )


class _Said(Enum):
    """What the words before digits say that they are."""

    CARD = auto()
    OTHER = auto()
    NOTHING = auto()


def _said_before(found: re.Match[str]) -> _Said:
    before = found.string[max(0, found.start() - _LABEL_REACH) : found.start()]
    if _OTHER_NUMBER.search(before):
        return _Said.OTHER
    return _Said.CARD if _CARD_LABEL.search(before) else _Said.NOTHING


def _without_cards(run: str, said: _Said) -> str:
    """`run` is groups of digits with gaps; a card is one or more whole groups that follow on."""
    groups = list(_GROUP.finditer(run))
    shown, kept_to, first = "", 0, 0
    while first < len(groups):
        last = _card_end(groups, first, said)
        if last is not None:
            digits = "".join(one.group() for one in groups[first : last + 1]).translate(_ASCII)
            shown += f"{run[kept_to : groups[first].start()]}****{digits[-4:]}"
            kept_to = groups[last].end()
            first = last
        first += 1
    return shown + run[kept_to:]


def _card_end(groups: list[re.Match[str]], first: int, said: _Said) -> int | None:
    """The group with which the longest card that starts at group `first` ends."""
    digits, found = "", None
    for last in range(first, len(groups)):
        digits += groups[last].group().translate(_ASCII)
        if len(digits) > 19:
            break
        written = groups[first].string[groups[first].start() : groups[last].end()]
        if _is_card(digits, written, said):
            found = last
    return found


def _is_card(digits: str, written: str, said: _Said) -> bool:
    """Where words or its look say that it is one, a wrong check digit does not save it: it is
    mistyped."""
    fits = any(len(digits) in lengths and prefix.match(digits) for prefix, lengths in _ISSUERS)
    looks = said is _Said.NOTHING and _looks_like_a_card(written)
    return fits and (said is _Said.CARD or looks or _luhn(digits))


def _looks_like_a_card(written: str) -> bool:
    if _BANK_CARD.fullmatch(written):
        return True
    return bool(_BLOCKS.fullmatch(written)) and not _ROUND_SUMS.fullmatch(written.translate(_ASCII))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
