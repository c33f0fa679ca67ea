"""Trains a network with one hidden layer by AdamW. The same inputs give the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from components.heads import GRAMS_LOUDER, Network, sigmoid, softmax

__all__ = ["Lesson", "train_network"]

Singles: TypeAlias = NDArray[np.float32]

_HIDDEN = 256
_ROUNDS = 8
_BATCH = 128
_PACE = 1e-3
_GRAMS_FASTER = 4
_DECAY = 0.02
_KEPT_NUMBERS = 0.8
_KEPT_GRAMS = 0.5
_KEPT_HIDDEN = 0.5
_SEED = 0
"""Chosen by writers that were not learnt (`holdout.py`) and the validation files, where a wider
layer or more rounds moved nothing."""


@dataclass(frozen=True)
class Lesson:
    """Examples, one a row: standardised vectors, n-grams, labels and what each example counts.

    `targets` are 1 where a label is right, else 0; `worth` is 1 on average.
    """

    vectors: Singles
    grams: csr_matrix
    targets: Singles
    worth: Singles

    def batches(self, chance: np.random.Generator) -> Iterator[Lesson]:
        order = chance.permutation(len(self.vectors))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            yield Lesson(self.vectors[rows], self.grams[rows], self.targets[rows], self.worth[rows])


def train_network(lesson: Lesson, *, exclusive: bool) -> Network:
    """A network whose scores, by softmax or else by sigmoid, come near the targets.

    Dropout on vectors, n-grams and hidden layer keeps it from leaning on any of them; decay and a
    pace that falls to nothing (cosine) do the rest. A batch moves the rows of its own n-grams only,
    and these faster than the rest: each comes by seldom.
    """
    chance = np.random.default_rng(_SEED)
    width, labels = lesson.vectors.shape[1], lesson.targets.shape[1]
    loud = csr_matrix(lesson.grams * GRAMS_LOUDER, dtype=np.float32)
    lesson = replace(lesson, grams=loud)
    vector = _AdamW(_normal(chance, width, _HIDDEN, np.sqrt(2 / width)))
    read = _AdamW(np.zeros(_HIDDEN, dtype=np.float32))
    hidden = _AdamW(_normal(chance, _HIDDEN, labels, np.sqrt(1 / _HIDDEN)))
    said = _AdamW(np.zeros(labels, dtype=np.float32))
    grams = _AdamW(_normal(chance, loud.shape[1], _HIDDEN, 0.05))
    steps, step = _ROUNDS * -(-len(lesson.vectors) // _BATCH), 0
    for _ in range(_ROUNDS):
        for batch in lesson.batches(chance):
            step += 1
            pace = _PACE * 0.5 * (1 + np.cos(np.pi * step / steps))
            heard, used = _some_grams(batch.grams, chance)
            seen = batch.vectors * _mask(chance, batch.vectors.shape, _KEPT_NUMBERS)
            raw = seen @ vector.values + heard @ grams.values[used] + read.values
            mask = _mask(chance, raw.shape, _KEPT_HIDDEN) * (raw > 0)
            kept = raw * mask
            over = _excess(kept @ hidden.values + said.values, batch, exclusive)
            under = (over @ hidden.values.T) * mask
            vector.move(seen.T @ under, pace, step)
            read.move(under.sum(axis=0), pace, step)
            grams.move(heard.T @ under, pace * _GRAMS_FASTER, step, used)
            hidden.move(kept.T @ over, pace, step)
            said.move(over.sum(axis=0), pace, step)
    return Network(
        np.vstack([vector.values, read.values]),
        grams.values.astype(np.float16),
        np.vstack([hidden.values, said.values]),
    )


def _some_grams(
    grams: csr_matrix, chance: np.random.Generator
) -> tuple[csr_matrix, NDArray[np.int64]]:
    """A draw of the n-grams, in columns for those that occur, and the places of these."""
    kept = chance.random(len(grams.data), dtype=np.float32) < _KEPT_GRAMS
    used, columns = np.unique(grams.indices[kept], return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(kept)])[grams.indptr]
    values = grams.data[kept] / np.float32(_KEPT_GRAMS)
    return csr_matrix((values, columns, ends), shape=(grams.shape[0], len(used))), used


def _excess(scores: Singles, batch: Lesson, exclusive: bool) -> Singles:
    """The slope, by the scores, of the weighed mean cross-entropy."""
    found = softmax(scores) if exclusive else sigmoid(scores)
    worth = batch.worth[:, None] / len(batch.worth)
    return np.asarray((found - batch.targets) * worth, dtype=np.float32)


def _normal(chance: np.random.Generator, rows: int, columns: int, spread: float) -> Singles:
    drawn = chance.standard_normal((rows, columns), dtype=np.float32)
    return np.asarray(drawn * np.float32(spread))


def _mask(chance: np.random.Generator, shape: tuple[int, ...], kept: float) -> Singles:
    return (chance.random(shape, dtype=np.float32) < kept) / np.float32(kept)


class _AdamW:
    """Numbers that move by Adam, with decoupled decay (Loshchilov and Hutter 2019) if a matrix."""

    def __init__(self, values: Singles) -> None:
        self.values = values
        self._mean = np.zeros_like(values)
        self._square = np.zeros_like(values)

    def move(
        self, slope: Singles, pace: float, step: int, rows: NDArray[np.int64] | None = None
    ) -> None:
        """Against the slope, in all rows or in those given; steps count from 1."""
        there = slice(None) if rows is None else rows
        mean = self._mean[there]
        mean += np.float32(0.1) * (slope - mean)
        square = self._square[there]
        square += np.float32(0.001) * (slope * slope - square)
        move = mean / np.float32(1 - 0.9**step)
        move /= np.sqrt(square / np.float32(1 - 0.999**step)) + np.float32(1e-8)
        if self.values.ndim > 1:
            move += np.float32(_DECAY) * self.values[there]
        self.values[there] -= np.float32(pace) * move
        if rows is not None:  # else they are views, and have moved already
            self._mean[rows], self._square[rows] = mean, square
