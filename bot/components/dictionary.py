"""jieba's words with the trade's dictionary, in an instance of our own: the shared one stays."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import jieba

__all__ = ["cut"]

_DICTIONARY = Path(__file__).resolve().parent.parent / "dictionary"
"""A folder that holds dictionaries and nothing else: a word, its frequency, its part of speech."""


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    for file in sorted(_DICTIONARY.iterdir()):
        with file.open("rb") as words:
            tokenizer.load_userdict(words)
    return tokenizer


def cut(text: str) -> list[tuple[str, int]]:
    """The words of `text`, each with the place where it starts; blanks are no words."""
    lowered = text.lower()
    source = lowered if len(lowered) == len(text) else text
    return [(word, start) for word, start, _ in _tokenizer().tokenize(source) if word.strip()]
