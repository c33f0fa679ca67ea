"""The classifier's arithmetic: a soft vote of two linear models for each question asked of a text.

One model reads the sentence vector, the other the n-grams. Kept as plain arrays, so that a model
file holds numbers and words and nothing that could run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Head", "Lexicon", "Model", "calibrated", "softmax", "squashed"]

Floats: TypeAlias = NDArray[np.float64]


def softmax(scores: Floats) -> Floats:
    """Probabilities of classes of which one is right."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def squashed(scores: Floats) -> Floats:
    """Probabilities from scores of one class against the rest; where none fits they stay small."""
    single = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return np.asarray(single / np.maximum(single.sum(axis=-1, keepdims=True), 1))


def calibrated(vote: Floats, temperature: float) -> Floats:
    """The vote sharpened (temperature < 1) or softened, so that 0.8 is right 8 times in 10.

    What the vote leaves of 1 is "none of these" and takes its part of the probability.
    """
    nothing = np.maximum(1 - vote.sum(axis=-1, keepdims=True), 0)
    whole = np.concatenate([vote, nothing], axis=-1)
    return softmax(np.log(np.maximum(whole, 1e-12)) / temperature)[..., :-1]


@dataclass(frozen=True)
class Lexicon:
    """Known n-grams with their rarity, and the mean and spread of sentence vectors."""

    places: dict[str, int]
    rarity: Floats
    mean: Floats
    spread: Floats

    def standardised(self, vectors: NDArray[np.float32]) -> Floats:
        """e5 vectors lie in a narrow cone: each number as its distance from the usual."""
        return np.asarray((vectors - self.mean) / self.spread, dtype=np.float64)

    def weighed(self, grams: Iterable[str]) -> tuple[NDArray[np.int64], Floats]:
        """The places of known n-grams and their TF-IDF weights, of length 1 together."""
        counts = Counter(place for gram in grams if (place := self.places.get(gram)) is not None)
        where = np.array(sorted(counts), dtype=np.int64)
        often = np.array([counts[place] for place in where.tolist()], dtype=np.float64)
        weights = (1 + np.log(often)) * self.rarity[where] if len(where) else often
        length = float(np.linalg.norm(weights))
        return where, weights / length if length else weights


@dataclass(frozen=True)
class Head:
    """One question's answers: `labels`, and the two models that vote on them.

    `dense` and `sparse` hold a row for each number or n-gram and a last one for the intercept.
    """

    labels: tuple[str, ...]
    dense: Floats
    sparse: NDArray[np.float32]
    share: float
    temperature: float

    def probabilities(
        self, vector: Floats, where: NDArray[np.int64], weights: Floats
    ) -> list[tuple[str, float]]:
        """The labels with their probabilities, the likeliest first."""
        by_meaning = softmax(vector @ self.dense[:-1] + self.dense[-1])
        by_letters = squashed(weights @ self.sparse[where].astype(np.float64) + self.sparse[-1])
        vote = self.share * by_meaning + (1 - self.share) * by_letters
        final = calibrated(vote, self.temperature)
        order = np.argsort(-final, kind="stable")
        return [(self.labels[place], float(final[place])) for place in order]


@dataclass(frozen=True)
class Model:
    """The lexicon and the heads that share it, by name."""

    lexicon: Lexicon
    heads: dict[str, Head]

    def predict(
        self, vector: NDArray[np.float32], grams: Sequence[str]
    ) -> dict[str, list[tuple[str, float]]]:
        """For each head the labels with probabilities, the likeliest first."""
        standard = self.lexicon.standardised(vector)
        where, weights = self.lexicon.weighed(grams)
        return {
            name: head.probabilities(standard, where, weights) for name, head in self.heads.items()
        }

    def save(self, folder: Path) -> None:
        arrays = {"rarity": self.lexicon.rarity, "mean": self.lexicon.mean}
        arrays["spread"] = self.lexicon.spread
        settings: dict[str, Any] = {}
        for name, head in self.heads.items():
            arrays[f"{name}.dense"], arrays[f"{name}.sparse"] = head.dense, head.sparse
            settings[name] = [head.labels, head.share, head.temperature]
        words = {"grams": list(self.lexicon.places), "heads": settings}
        np.savez_compressed(folder / "model.npz", **arrays)
        (folder / "model.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        words = json.loads((folder / "model.json").read_text("utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            lexicon = Lexicon(
                {gram: place for place, gram in enumerate(words["grams"])},
                arrays["rarity"],
                arrays["mean"],
                arrays["spread"],
            )
            heads = {
                name: Head(
                    tuple(labels),
                    arrays[f"{name}.dense"],
                    arrays[f"{name}.sparse"],
                    float(share),
                    float(temperature),
                )
                for name, (labels, share, temperature) in words["heads"].items()
            }
        return cls(lexicon, heads)
