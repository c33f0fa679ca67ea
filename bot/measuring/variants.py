"""The same words, written worse: what happens to messages on a phone keyboard.

Each variant changes one thing, by a seeded draw; a text that it cannot change comes back as it was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

import jieba
from opencc import OpenCC
from pypinyin import lazy_pinyin

__all__ = ["VARIANTS"]

_CJK = re.compile(r"[\u4e00-\u9fff]")
_COMMON = 1_000
"""A character counts as common from this frequency in jieba's dictionary on."""
_GREETINGS = ("你好，", "您好 ", "你好请问", "在吗，", "老师好，", "喂 ", "师傅，", "亲，")


def typo(text: str, rng: Random) -> str:
    """Two neighbours change places, a character comes twice, or a stray one slips in."""
    places = _chinese(text)
    if not places:
        return text
    at = rng.choice(places)
    kind = rng.randrange(3)
    if kind == 0 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    stray = text[at] if kind == 1 else rng.choice(_common())
    return text[: at + 1] + stray + text[at + 1 :]


def homophone(text: str, rng: Random) -> str:
    """One character becomes another common one of the same sound, as input methods offer it."""
    places = [at for at in _chinese(text) if _sounding_like(text[at])]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + rng.choice(_sounding_like(text[at])) + text[at + 1 :]


def dropped(text: str, rng: Random) -> str:
    """One character of four or more is missing."""
    places = _chinese(text)
    if len(places) < 4:
        return text
    at = rng.choice(places)
    return text[:at] + text[at + 1 :]


def greeting(text: str, rng: Random) -> str:
    """A greeting is glued to the front."""
    return rng.choice(_GREETINGS) + text


def traditional(text: str, rng: Random) -> str:
    """Traditional characters throughout."""
    return str(_to_traditional().convert(text))


def unpunctuated(text: str, rng: Random) -> str:
    """No punctuation and no blanks; a point between digits stays."""
    return re.sub(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)|\s|_", "", text) or text


VARIANTS: Mapping[str, Callable[[str, Random], str]] = {
    "typo": typo,
    "homophone": homophone,
    "dropped character": dropped,
    "greeting in front": greeting,
    "traditional": traditional,
    "no punctuation": unpunctuated,
}


def _chinese(text: str) -> list[int]:
    return [at for at, char in enumerate(text) if _CJK.match(char)]


def _sounding_like(char: str) -> list[str]:
    return [other for other in _by_sound()[lazy_pinyin(char)[0]] if other != char]


@lru_cache(maxsize=1)
def _by_sound() -> defaultdict[str, list[str]]:
    """Common characters by their sound without its tone."""
    sounds: defaultdict[str, list[str]] = defaultdict(list)
    for char in _common():
        sounds[lazy_pinyin(char)[0]].append(char)
    return sounds


@lru_cache(maxsize=1)
def _common() -> list[str]:
    jieba.dt.initialize()
    words = jieba.dt.FREQ.items()
    return sorted(word for word, often in words if often >= _COMMON and _CJK.fullmatch(word))


@lru_cache(maxsize=1)
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")
