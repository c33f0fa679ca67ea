"""Splits a text into the pieces of a vocabulary whose probabilities multiply to the most."""

from __future__ import annotations

import re

from components.weights import Vocabulary

__all__ = ["Splitter"]

_SPACE = "\u2581"
_UNKNOWN_PENALTY = 10.0


class Splitter:
    """SentencePiece's unigram model: the likeliest way through a text, by Viterbi's algorithm."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.places))
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY

    def split(self, text: str) -> list[int]:
        """The places of the pieces, in order; a character that no piece has is the unknown one."""
        text = self._prepared(text)
        end = len(text)
        scores = [0.0] + [float("-inf")] * end
        steps = [(0, self._vocabulary.unknown)] * (end + 1)
        for start in range(end):
            self._extend(text, start, scores, steps)
        path = []
        while end:
            end, piece = steps[end]
            path.append(piece)
        return path[::-1]

    def _extend(
        self, text: str, start: int, scores: list[float], steps: list[tuple[int, int]]
    ) -> None:
        """Better ways to the places that one piece reaches from `start`."""
        here = scores[start]
        for stop in range(start + 1, min(len(text), start + self._longest) + 1):
            piece = self._vocabulary.places.get(text[start:stop])
            if piece is not None:
                score = here + self._vocabulary.scores[piece]
            elif stop == start + 1:
                piece, score = self._vocabulary.unknown, here + self._unknown_score
            else:
                continue
            if score > scores[stop]:
                scores[stop], steps[stop] = score, (start, piece)

    def _prepared(self, text: str) -> str:
        rewritten = "".join(self._vocabulary.rewritten.get(char, char) for char in text)
        return re.sub(" +", " ", " " + rewritten).replace(" ", _SPACE)
