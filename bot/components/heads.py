"""The classifier's arithmetic: for each question asked of a text, a vote of two models.

A small network reads meaning and n-grams together, a linear model the n-grams alone. Kept as plain
arrays, so that a model file holds numbers and words and nothing that could run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from components.features import Reading

__all__ = [
    "CAUSES",
    "GRAMS_LOUDER",
    "INTENT",
    "Floats",
    "Grams",
    "Head",
    "Lexicon",
    "Model",
    "Network",
    "sigmoid",
    "softmax",
]

Floats: TypeAlias = NDArray[np.float64]

INTENT = "intent"
CAUSES = "causes"
"""The two questions: one label of many, and 0 to 2."""

GRAMS_LOUDER = 8.0
"""The n-grams' weights are of length 1 together, the numbers of a vector of length 1 each."""


def softmax(scores: Floats) -> Floats:
    """Probabilities of classes of which one is right."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(scores: Floats) -> Floats:
    """Probabilities of classes each of which may be right."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


@dataclass(frozen=True)
class Grams:
    """The known n-grams of a text: their places in the lexicon, and what each weighs."""

    where: NDArray[np.int64]
    weights: Floats


@dataclass(frozen=True)
class Lexicon:
    """Known n-grams, the most frequent first, with their rarity; and what is usual of a vector."""

    places: dict[str, int]
    rarity: Floats
    mean: Floats
    spread: Floats

    def weighed(self, grams: Iterable[str]) -> Grams:
        """The places of known n-grams and their TF-IDF weights, of length 1 together."""
        counts = Counter(place for gram in grams if (place := self.places.get(gram)) is not None)
        where = np.array(sorted(counts), dtype=np.int64)
        often = np.array([counts[place] for place in where.tolist()], dtype=np.float64)
        weights = (1 + np.log(often)) * self.rarity[where] if len(where) else often
        length = float(np.linalg.norm(weights))
        return Grams(where, weights / length if length else weights)

    def dense(self, vectors: NDArray[np.float16]) -> NDArray[np.float32]:
        """A vector, or a row each, with every number as its distance from the usual.

        Sentence vectors lie in a narrow cone: without this they hardly differ.
        """
        return ((vectors.astype(np.float64) - self.mean) / self.spread).astype(np.float32)


@dataclass(frozen=True)
class Network:
    """One hidden layer, rectified, over a vector and the frequent n-grams.

    `vector` and `hidden` have a last row for the intercepts; `grams` a row for each of the
    lexicon's first n-grams.
    """

    vector: NDArray[np.float32]
    grams: NDArray[np.float16]
    hidden: NDArray[np.float32]

    def scores(self, dense: NDArray[np.float32], grams: Grams) -> Floats:
        frequent = grams.where < len(self.grams)
        rows = self.grams[grams.where[frequent]].astype(np.float32)
        read = dense @ self.vector[:-1] + GRAMS_LOUDER * grams.weights[frequent] @ rows
        kept = np.maximum(read + self.vector[-1], 0)
        return np.asarray(kept @ self.hidden[:-1] + self.hidden[-1], dtype=np.float64)


@dataclass(frozen=True)
class Head:
    """One question's answers: `labels`, and the two models that vote on them.

    `exclusive` says that one label is right; else any number may be. `linear` holds a row for each
    n-gram and a last one for the intercept. `share` of the vote is the network's.
    """

    labels: tuple[str, ...]
    exclusive: bool
    network: Network
    linear: NDArray[np.float32]
    share: float
    temperature: float

    def probabilities(self, dense: NDArray[np.float32], grams: Grams) -> list[tuple[str, float]]:
        """The labels with their probabilities, the likeliest first.

        The scores of both models are added, which is the geometric mean of their probabilities:
        what one of them holds to be all but impossible does not win.
        """
        by_letters = grams.weights @ self.linear[grams.where].astype(np.float64) + self.linear[-1]
        scores = self.share * self.network.scores(dense, grams) + (1 - self.share) * by_letters
        final = (softmax if self.exclusive else sigmoid)(scores / self.temperature)
        order = np.argsort(-final, kind="stable")
        return [(self.labels[place], float(final[place])) for place in order]


@dataclass(frozen=True)
class Model:
    """The lexicon and the heads that share it, by name."""

    lexicon: Lexicon
    heads: dict[str, Head]

    def predict(self, name: str, reading: Reading) -> list[tuple[str, float]]:
        """What the head `name` says of a reading: labels with probabilities, likeliest first."""
        grams = self.lexicon.weighed(reading.grams)
        return self.heads[name].probabilities(self.lexicon.dense(reading.vector), grams)

    def save(self, folder: Path) -> None:
        arrays: dict[str, NDArray[Any]] = {
            "rarity": self.lexicon.rarity,
            "mean": self.lexicon.mean,
            "spread": self.lexicon.spread,
        }
        settings: dict[str, Any] = {}
        for name, head in self.heads.items():
            arrays |= {f"{name}.{part}": one for part, one in vars(head.network).items()}
            arrays[f"{name}.linear"] = head.linear
            settings[name] = [head.labels, head.exclusive, head.share, head.temperature]
        words = {"grams": list(self.lexicon.places), "heads": settings}
        np.savez(folder / "model.npz", **arrays)
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
                    bool(exclusive),
                    Network(*(arrays[f"{name}.{one.name}"] for one in fields(Network))),
                    arrays[f"{name}.linear"],
                    float(share),
                    float(temperature),
                )
                for name, (labels, exclusive, share, temperature) in words["heads"].items()
            }
        return cls(lexicon, heads)
