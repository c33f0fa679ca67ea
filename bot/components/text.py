"""One normalisation of what merchants write, the same for training and for use.

`fold` keeps the way back to the raw text, for entities. `normalise` goes further, for models.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

__all__ = ["Folded", "fold", "normalise", "shorten"]

_CJK = r"[\u3400-\u9fff]"
_GAP_BESIDE_CHINESE = re.compile(rf"(?<={_CJK})\s+|\s+(?={_CJK})|\s+(?=[^\w\s])|(?<=[^\w\s])\s+")
_TERMINAL = re.compile(r"(?<![a-z0-9])p[o0]s{1,2}e?(?![a-z0-9])")
_LONGEST = 200


@dataclass(frozen=True)
class Folded:
    """Folded text; `origin[i]` is the place in the raw text that character `i` came from."""

    text: str
    origin: tuple[int, ...]
    raw: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The borders in the raw text of `text[start:end]`, which is not empty."""
        return self.origin[start], self.origin[end - 1] + 1


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _simplified(text: str) -> str:
    """Traditional to simplified, character for character, so that no place moves."""
    whole: str = _converter().convert(text)
    if len(whole) != len(text):
        converted = (_converter().convert(one) for one in text)
        whole = "".join(
            new if len(new) == 1 else old for old, new in zip(text, converted, strict=True)
        )
    return whole.replace("帐", "账")


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Mn"} else char


def fold(raw: str) -> Folded:
    """Full width to half, traditional to simplified, 帐 to 账, lower case, nothing invisible."""
    chars: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(raw):
        for part in unicodedata.normalize("NFKC", char).lower():
            kept = _visible(part)
            if kept:
                chars.append(kept)
                origin.append(place)
    return Folded(_simplified("".join(chars)), tuple(origin), raw)


def normalise(raw: str) -> str:
    """Folded text without gaps beside Chinese words and with one spelling of POS."""
    text = _TERMINAL.sub("pos", fold(raw).text)
    return re.sub(r"\s+", " ", _GAP_BESIDE_CHINESE.sub("", text)).strip()


def shorten(text: str) -> str:
    """At most 200 characters, from both ends: the point of a story is at its start or its end."""
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else text[:half] + text[-half:]
