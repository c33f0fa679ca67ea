"""Trains a network with one hidden layer by AdamW. The same inputs give the same numbers."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from components.heads import Network, sigmoid, softmax

__all__ = ["train_network"]

Singles: TypeAlias = NDArray[np.float32]

_HIDDEN = 256
_ROUNDS = 15
_BATCH = 128
_PACE = 1e-3
_DECAY = 0.02
_KEPT_INPUTS = 0.8
_KEPT_HIDDEN = 0.5
_SEED = 0
"""On the validation files wider layers and longer training moved nothing; neither did the mean of
three networks with other seeds."""


def train_network(
    inputs: Singles, targets: Singles, weights: Singles, *, exclusive: bool
) -> Network:
    """A network whose scores, by softmax or else by sigmoid, come near `targets` (rows × labels).

    Each row counts as much as its weight; they are 1 on average.

    `inputs` are standardised. Dropout on inputs and hidden layer keeps it from leaning on any of
    them; decay and a pace that falls to nothing (cosine) do the rest.
    """
    chance = np.random.default_rng(_SEED)
    parts = [
        _normal(chance, inputs.shape[1], _HIDDEN, 2),
        np.zeros(_HIDDEN, dtype=np.float32),
        _normal(chance, _HIDDEN, targets.shape[1], 1),
        np.zeros(targets.shape[1], dtype=np.float32),
    ]
    optimiser = _AdamW(parts, _ROUNDS * -(-len(inputs) // _BATCH))
    for _ in range(_ROUNDS):
        order = chance.permutation(len(inputs))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            rows = inputs[batch], targets[batch], weights[batch]
            slopes = _slopes(parts, *rows, chance, exclusive)
            optimiser.step(slopes)
    return Network(np.vstack([parts[0], parts[1]]), np.vstack([parts[2], parts[3]]))


def _normal(chance: np.random.Generator, rows: int, columns: int, gain: int) -> Singles:
    drawn = chance.standard_normal((rows, columns), dtype=np.float32)
    return np.asarray(drawn * np.float32(np.sqrt(gain / rows)))


def _slopes(
    parts: list[Singles],
    inputs: Singles,
    targets: Singles,
    weights: Singles,
    chance: np.random.Generator,
    exclusive: bool,
) -> list[Singles]:
    """How the weighed mean cross-entropy of a batch changes with each of the parts."""
    seen = inputs * _mask(chance, inputs.shape, _KEPT_INPUTS)
    hidden = np.maximum(seen @ parts[0] + parts[1], 0)
    mask = _mask(chance, hidden.shape, _KEPT_HIDDEN)
    kept = hidden * mask
    scores = kept @ parts[2] + parts[3]
    found = softmax(scores) if exclusive else sigmoid(scores)
    over = ((found - targets) * weights[:, None] / len(inputs)).astype(np.float32)
    under = (over @ parts[2].T) * mask * (hidden > 0)
    return [seen.T @ under, under.sum(axis=0), kept.T @ over, over.sum(axis=0)]


def _mask(chance: np.random.Generator, shape: tuple[int, ...], kept: float) -> Singles:
    return (chance.random(shape, dtype=np.float32) < kept) / np.float32(kept)


class _AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019), on the matrices alone."""

    def __init__(self, parts: list[Singles], steps: int) -> None:
        self._parts = parts
        self._steps = steps
        self._done = 0
        self._means = [np.zeros_like(part) for part in parts]
        self._squares = [np.zeros_like(part) for part in parts]

    def step(self, slopes: list[Singles]) -> None:
        self._done += 1
        pace = _PACE * 0.5 * (1 + np.cos(np.pi * self._done / self._steps))
        for part, slope, mean, square in zip(
            self._parts, slopes, self._means, self._squares, strict=True
        ):
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.001) * (slope * slope - square)
            move = mean / np.float32(1 - 0.9**self._done)
            move /= np.sqrt(square / np.float32(1 - 0.999**self._done)) + np.float32(1e-8)
            if part.ndim > 1:
                move += np.float32(_DECAY) * part
            part -= np.float32(pace) * move
