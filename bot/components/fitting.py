"""Training of the heads. The same examples give the same model, number for number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from components.features import GRAM_MARKS, VECTOR_PARTS, Reading
from components.heads import Head, Lexicon, Model
from components.network import Lesson, train_network

__all__ = ["PARTS", "Question", "fit"]

PARTS = frozenset({*VECTOR_PARTS, *GRAM_MARKS, "network", "linear"})
"""What `fit` can be told to do without, one by one, to see what each is worth."""

_SEEN_TWICE = 2
_FREQUENT = 4
_LINEAR_C = 2.0
_MARGIN = 3.0
_SHARE = 0.5
_ONE_LIBLINEAR = Lock()
"""liblinear draws from one generator for all threads: two at once would not draw the same again."""


@dataclass(frozen=True)
class Question:
    """What a head is taught: of each example its reading, and its labels or None if unknown.

    `exclusive` says that each example has one label; else it may have none or several.
    """

    readings: Sequence[Reading]
    labels: Sequence[Sequence[str] | None]
    exclusive: bool
    temperature: float = 1.0


def fit(questions: Mapping[str, Question], without: frozenset[str] = frozenset()) -> Model:
    """A model with a head for each question; the lexicon is made from the first one's readings.

    `without` names parts (of PARTS) that the model then lacks.
    """
    seen = {
        name: replace(one, readings=[_reduced(reading, without) for reading in one.readings])
        for name, one in questions.items()
    }
    with threadpool_limits(1), ThreadPoolExecutor(len(seen)) as pool:
        lexicon, frequent = _lexicon(next(iter(seen.values())).readings)
        heads = pool.map(lambda one: _head(lexicon, frequent, one, without), seen.values())
        return Model(lexicon, dict(zip(seen, heads, strict=True)))


def _reduced(reading: Reading, without: frozenset[str]) -> Reading:
    """The reading with what is left out set to nought, or the n-grams gone."""
    dropped = [place for part, place in VECTOR_PARTS.items() if part in without]
    marks = tuple(mark for part, mark in GRAM_MARKS.items() if part in without)
    if not dropped and not marks:
        return reading
    vector = reading.vector.copy()
    for place in dropped:
        vector[place] = 0
    return Reading(vector, [gram for gram in reading.grams if not gram.startswith(marks)])


def _lexicon(readings: Sequence[Reading]) -> tuple[Lexicon, int]:
    """The lexicon, and how many of its n-grams are frequent."""
    fewest = min(_SEEN_TWICE, len(readings))
    counter: Any = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=fewest)
    weights = csr_matrix(counter.fit_transform([reading.grams for reading in readings]))
    often = np.bincount(weights.indices, minlength=weights.shape[1])
    order = np.argsort(-often, kind="stable")
    vectors = _vectors(readings).astype(np.float64)
    spread = vectors.std(axis=0)
    spread[spread == 0] = np.inf  # a number that never changes tells nothing
    lexicon = Lexicon(
        {str(gram): place for place, gram in enumerate(counter.get_feature_names_out()[order])},
        np.asarray(counter.idf_[order], dtype=np.float64),
        vectors.mean(axis=0),
        spread,
    )
    return lexicon, int((often >= _FREQUENT).sum())


def _vectors(readings: Iterable[Reading]) -> NDArray[np.float16]:
    return np.stack([reading.vector for reading in readings])


def _weights(lexicon: Lexicon, readings: Iterable[Reading]) -> csr_matrix:
    """What `Lexicon.weighed` gives for each reading, one row each."""
    rows = [lexicon.weighed(reading.grams) for reading in readings]
    return csr_matrix(
        (
            np.concatenate([row.weights for row in rows]),
            np.concatenate([row.where for row in rows]),
            np.cumsum([0, *(len(row.where) for row in rows)]),
        ),
        shape=(len(rows), len(lexicon.places)),
    )


def _head(lexicon: Lexicon, frequent: int, question: Question, without: frozenset[str]) -> Head:
    labelled = [
        (reading, labels)
        for reading, labels in zip(question.readings, question.labels, strict=True)
        if labels is not None
    ]
    names = sorted({name for _, labels in labelled for name in labels})
    targets = np.array(
        [[name in labels for name in names] for _, labels in labelled], dtype=np.float32
    )
    readings = [reading for reading, _ in labelled]
    grams = _weights(lexicon, readings)
    worth = _worth(targets) if question.exclusive else np.ones(len(targets), dtype=np.float32)
    network = train_network(
        Lesson(lexicon.dense(_vectors(readings)), grams[:, :frequent], targets, worth),
        exclusive=question.exclusive,
    )
    linear = np.column_stack([_separated(grams, column, worth) for column in targets.T])
    share = 0.0 if "network" in without else 1.0 if "linear" in without else _SHARE
    return Head(
        tuple(names),
        question.exclusive,
        network,
        linear.astype(np.float32),
        share,
        question.temperature,
    )


def _worth(targets: NDArray[np.float32]) -> NDArray[np.float32]:
    """What each example counts: a label with four times the examples has twice the weight.

    How often an intent is in the training data says how much there was to write about it, not how
    often merchants mean it.
    """
    often = targets.sum(axis=0)
    each = 1 / np.sqrt(targets @ often)
    return np.asarray(each / each.mean(), dtype=np.float32)


def _separated(
    grams: csr_matrix, wanted: NDArray[np.float32], worth: NDArray[np.float32]
) -> NDArray[np.float64]:
    """One label against the rest by the n-grams: their weights, and the intercept.

    A margin of one counts as a score of `_MARGIN` beside the network's scores.
    """
    model = LinearSVC(C=_LINEAR_C, random_state=0)
    with _ONE_LIBLINEAR:
        model.fit(grams, wanted > 0, worth)
    return np.asarray(np.append(model.coef_[0], model.intercept_[0]) * _MARGIN)
