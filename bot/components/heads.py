"""The classifier's arithmetic: for each question asked of a text, a vote of two models.

A small network reads the meaning, a linear model the n-grams. Kept as plain arrays, so that a
model file holds numbers and words and nothing that could run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from components.features import Reading

__all__ = [
    "Floats",
    "Head",
    "Lexicon",
    "Model",
    "Network",
    "calibrated_choice",
    "calibrated_each",
    "sigmoid",
    "softmax",
]

Floats: TypeAlias = NDArray[np.float64]


def softmax(scores: Floats) -> Floats:
    """Probabilities of classes of which one is right."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(scores: Floats) -> Floats:
    """Probabilities of classes each of which may be right."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


def calibrated_choice(vote: Floats, temperature: float) -> Floats:
    """The vote sharpened (temperature < 1) or softened, so that 0.8 is right 8 times in 10."""
    return softmax(np.log(np.maximum(vote, 1e-12)) / temperature)


def calibrated_each(vote: Floats, temperature: float) -> Floats:
    """The same where each class is a question of its own."""
    sure = np.clip(vote, 1e-9, 1 - 1e-9)
    return sigmoid(np.log(sure / (1 - sure)) / temperature)


@dataclass(frozen=True)
class Lexicon:
    """Known n-grams with their rarity, their topics, and what is usual of the dense numbers.

    The first `len(topics)` n-grams are those frequent enough to have topics. `mean` and `spread`
    are those of a vector and its topics together.
    """

    places: dict[str, int]
    rarity: Floats
    topics: NDArray[np.float16]
    mean: Floats
    spread: Floats

    def weighed(self, grams: Iterable[str]) -> tuple[NDArray[np.int64], Floats]:
        """The places of known n-grams and their TF-IDF weights, of length 1 together."""
        counts = Counter(place for gram in grams if (place := self.places.get(gram)) is not None)
        where = np.array(sorted(counts), dtype=np.int64)
        often = np.array([counts[place] for place in where.tolist()], dtype=np.float64)
        weights = (1 + np.log(often)) * self.rarity[where] if len(where) else often
        length = float(np.linalg.norm(weights))
        return where, weights / length if length else weights

    def dense(self, vector: NDArray[np.float16], where: NDArray[np.int64], weights: Floats) -> Any:
        """The vector and the topics of its n-grams, each number as its distance from the usual.

        Sentence vectors lie in a narrow cone: without this they hardly differ.
        """
        frequent = where < len(self.topics)
        topics = weights[frequent] @ self.topics[where[frequent]].astype(np.float64)
        whole = np.concatenate([vector.astype(np.float64), topics])
        return ((whole - self.mean) / self.spread).astype(np.float32)


@dataclass(frozen=True)
class Network:
    """One hidden layer, rectified; each matrix has a last row for the intercepts."""

    first: NDArray[np.float32]
    second: NDArray[np.float32]

    def scores(self, inputs: NDArray[np.float32]) -> Floats:
        hidden = np.maximum(inputs @ self.first[:-1] + self.first[-1], 0)
        return np.asarray(hidden @ self.second[:-1] + self.second[-1], dtype=np.float64)


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

    def probabilities(
        self, dense: NDArray[np.float32], where: NDArray[np.int64], weights: Floats
    ) -> list[tuple[str, float]]:
        """The labels with their probabilities, the likeliest first."""
        by_letters = weights @ self.linear[where].astype(np.float64) + self.linear[-1]
        final = self.voted(self.network.scores(dense), by_letters)
        order = np.argsort(-final, kind="stable")
        return [(self.labels[place], float(final[place])) for place in order]

    def voted(self, by_meaning: Floats, by_letters: Floats) -> Floats:
        """Probabilities from the scores of the two models: the geometric mean of both.

        What one of them holds to be all but impossible does not win.
        """
        if self.exclusive:
            likely = np.log(sigmoid(by_letters))
            vote = softmax(self.share * by_meaning + (1 - self.share) * likely)
            return calibrated_choice(vote, self.temperature)
        vote = sigmoid(self.share * by_meaning + (1 - self.share) * by_letters)
        return calibrated_each(vote, self.temperature)


@dataclass(frozen=True)
class Model:
    """The lexicon and the heads that share it, by name."""

    lexicon: Lexicon
    heads: dict[str, Head]

    def predict(self, name: str, reading: Reading) -> list[tuple[str, float]]:
        """What the head `name` says of a reading: labels with probabilities, likeliest first."""
        where, weights = self.lexicon.weighed(reading.grams)
        dense = self.lexicon.dense(reading.vector, where, weights)
        return self.heads[name].probabilities(dense, where, weights)

    def save(self, folder: Path) -> None:
        arrays: dict[str, NDArray[Any]] = {
            "rarity": self.lexicon.rarity,
            "topics": self.lexicon.topics,
            "mean": self.lexicon.mean,
            "spread": self.lexicon.spread,
        }
        settings: dict[str, Any] = {}
        for name, head in self.heads.items():
            arrays[f"{name}.first"], arrays[f"{name}.second"] = (
                head.network.first,
                head.network.second,
            )
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
                arrays["topics"],
                arrays["mean"],
                arrays["spread"],
            )
            heads = {
                name: Head(
                    tuple(labels),
                    bool(exclusive),
                    Network(arrays[f"{name}.first"], arrays[f"{name}.second"]),
                    arrays[f"{name}.linear"],
                    float(share),
                    float(temperature),
                )
                for name, (labels, exclusive, share, temperature) in words["heads"].items()
            }
        return cls(lexicon, heads)
