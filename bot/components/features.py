"""What the classifier sees of a text: its meaning as a vector, and its characters and sounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from components.denials import asserted
from components.dictionary import cut
from components.encoder import encoder
from components.text import fold, normalise, shorten
from components.universal import universal

__all__ = [
    "E5_LAYERS",
    "GRAM_MARKS",
    "VECTOR_PARTS",
    "Reading",
    "encode",
    "ngrams",
    "prepared",
    "read",
    "views",
]

E5_LAYERS = (4,)
"""Layers of multilingual-e5-small that are read: what lies above the fourth adds mostly time."""
_E5 = 384 * len(E5_LAYERS)
VECTOR_PARTS = {"e5": slice(0, _E5), "use": slice(_E5, _E5 + 512)}
"""Where in a sentence vector the numbers of each encoder are."""
GRAM_MARKS = {"characters": "-", "syllables": "~", "words": "="}
"""The sign with which each kind of n-gram begins."""

_NASAL = re.compile(r"ng$")
_RETROFLEX = re.compile(r"^([zcs])h")


@dataclass(frozen=True)
class Reading:
    """What is seen of one text: its sentence vector and its n-grams."""

    vector: NDArray[np.float16]
    grams: Sequence[str]


def prepared(raw: str) -> str:
    """A raw text as the encoders read it."""
    return shorten(normalise(raw)) or " "


def encode(text: str) -> NDArray[np.float16]:
    """A prepared text as numbers: layers of e5-small (384 each), then USE multilingual (512).

    In half precision, so that what is kept between trainings is what is read in use.
    """
    layers = encoder(E5_LAYERS).encode(text)
    return np.concatenate([*layers, universal().encode(text)]).astype(np.float16)


def views(raw: str) -> tuple[str, str]:
    """A raw text as the encoders read it: all of it, and what it asserts (see denials.py)."""
    return prepared(raw), prepared(asserted(fold(raw).text))


def read(text: str) -> Reading:
    """All that is seen of a prepared text."""
    return Reading(encode(text), ngrams(text))


def ngrams(text: str) -> list[str]:
    """Runs of 1–3 characters, of 1–3 syllables and of 1–2 words of a prepared text, each marked.

    Syllables catch homophones (到帐, 收钱吗); sh and s, ng and n count as one, as many speak and
    type them so. A digit is any digit.
    """
    text = re.sub(r"\d", "0", text)
    syllables = [_plain(one) for one in lazy_pinyin(text, errors=list)]
    words = [word for word, _ in cut(text)]
    return [
        *_runs(GRAM_MARKS["characters"], list(text), 3),
        *_runs(GRAM_MARKS["syllables"], syllables, 3),
        *_runs(GRAM_MARKS["words"], words, 2),
    ]


def _plain(syllable: str) -> str:
    return _NASAL.sub("n", _RETROFLEX.sub(r"\1", syllable))


def _runs(mark: str, parts: Sequence[str], longest: int) -> Iterable[str]:
    for length in range(1, longest + 1):
        for start in range(len(parts) - length + 1):
            yield mark + " ".join(parts[start : start + length])
