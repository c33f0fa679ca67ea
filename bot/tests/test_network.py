from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from components.heads import Grams
from components.network import Lesson, train_network

PAIRS = np.array([[0, 1], [0, 3], [2, 1], [2, 3]])
"""Of each example its two n-grams; the right label is 1 where both or neither is the second."""
RIGHT = np.array([0, 1, 1, 0])


def lesson(times: int = 80) -> Lesson:
    often = len(PAIRS) * times
    grams = csr_matrix(
        (np.full(2 * often, 0.7), np.tile(PAIRS, (times, 1)).ravel(), 2 * np.arange(often + 1)),
        shape=(often, 5),
    )
    return Lesson(
        np.zeros((often, 3), dtype=np.float32),
        grams,
        np.eye(2, dtype=np.float32)[np.tile(RIGHT, times)],
        np.ones(often, dtype=np.float32),
    )


def test_it_learns_what_ngrams_mean_together() -> None:
    """A linear model adds them up, and can tell none of these four."""
    network = train_network(lesson(), exclusive=True)
    for pair, right in zip(PAIRS, RIGHT, strict=True):
        scores = network.scores(np.zeros(3, dtype=np.float32), Grams(pair, np.full(2, 0.7)))
        assert scores.argmax() == right


def test_an_ngram_that_no_example_has_is_left_as_it_began() -> None:
    once, longer = (train_network(lesson(times), exclusive=True) for times in (1, 80))
    assert np.array_equal(once.grams[4], longer.grams[4])
    assert not np.array_equal(once.grams[0], longer.grams[0])
