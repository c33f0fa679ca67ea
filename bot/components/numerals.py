"""Numbers as people write them: 3.8千, 1w2, 两万五, 三千二, 一百二, 十二."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["ARABIC", "NUMERAL", "read_number"]

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_DIGITS = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖俩仨"
_UNITS = "十百千万亿拾佰仟"
_NO_WORD = r"(?<!一(?=[直共笔个样般下定起旦些点早]))(?<!二(?=维))"
NUMERAL = (
    rf"(?:{ARABIC}|[{_DIGITS}十百拾])"
    rf"(?:(?<=\d)[wk](?![a-z])|[{_UNITS}]|(?<=[wk点{_UNITS}{_DIGITS}])[{_DIGITS}]{_NO_WORD}"
    rf"|(?<=[wk{_UNITS}]){ARABIC}"
    rf"|(?<=[{_DIGITS}])点(?=[{_DIGITS}]+[万千百亿]))*"
)
"""Expression for one number in folded text: Arabic, Chinese or mixed."""

_TOKEN = re.compile(rf"{ARABIC}|[{_DIGITS}{_UNITS}wk点]")
_DIGIT_VALUE = (
    {char: place for place, char in enumerate("零一二三四五六七八九")}
    | {char: place for place, char in enumerate("〇壹贰叁肆伍陆柒捌玖")}
    | {"两": 2, "俩": 2, "仨": 3}
)
_UNIT_VALUE = {
    "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000,
    "万": 10_000, "w": 10_000, "亿": 100_000_000,
}  # fmt: skip


def _digit_string(text: str) -> Decimal | None:
    """三八零零 read out digit by digit, 三点八 with a decimal point."""
    whole, point, rest = text.partition("点")
    if not all(char in _DIGIT_VALUE for char in whole + rest) or not whole:
        return None
    digits = "".join(str(_DIGIT_VALUE[char]) for char in whole)
    fraction = "".join(str(_DIGIT_VALUE[char]) for char in rest)
    return Decimal(f"{digits}.{fraction}" if point else digits)


def read_number(text: str) -> Decimal | None:
    """The value of a number in folded text, or None when it is not one.

    A last digit without unit counts a tenth of the unit before it: 三千二 is 3200, 1w2 12000;
    after 零 it counts itself: 三千零二 is 3002.
    """
    if _TOKEN.sub("", text) or not text:
        return None
    spoken = _digit_string(text)
    if spoken is not None:
        return spoken
    head = re.match(rf"[{_DIGITS}]点[{_DIGITS}]+", text)
    if head is not None:
        first = _digit_string(head.group())
        rest = read_number(f"1{text[head.end() :]}")
        return None if first is None or rest is None else first * rest
    return _positional(_TOKEN.findall(text))


def _positional(tokens: list[str]) -> Decimal | None:
    total = section = Decimal(0)
    number: Decimal | None = None
    last_unit = 0
    after_zero = False
    for token in tokens:
        if token in _UNIT_VALUE:
            unit = _UNIT_VALUE[token]
            if unit >= 10_000:
                section += number or 0
                total += (section or 1) * unit
                section = Decimal(0)
            else:
                section += (Decimal(1) if number is None else number) * unit
            number, last_unit, after_zero = None, unit, False
        elif number is not None and number != 0:
            return None
        elif token in _DIGIT_VALUE:
            number = Decimal(_DIGIT_VALUE[token])
            after_zero = after_zero or number == 0
        else:
            number = Decimal(token.replace(",", ""))
    if number is not None:
        shorthand = last_unit >= 100 and not after_zero and number < 10
        section += number * last_unit / 10 if shorthand else number
    return total + section
