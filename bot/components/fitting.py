"""Training of the heads. The same examples give the same model, number for number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from components.features import GRAM_MARKS, VECTOR_PARTS, Reading
from components.heads import Head, Lexicon, Model
from components.network import train_network

__all__ = ["PARTS", "Question", "fit"]

PARTS = frozenset({*VECTOR_PARTS, *GRAM_MARKS, "topics", "network", "linear"})
"""What `fit` can be told to do without, one by one, to see what each is worth."""

_SEEN_TWICE = 2
_FREQUENT = 4
_TOPICS = 256
_LINEAR_C = 30.0
_SHARE = 0.5


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
        lexicon = _lexicon(next(iter(seen.values())).readings, "topics" not in without)
        heads = pool.map(lambda one: _head(lexicon, one, without), seen.values())
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


def _lexicon(readings: Sequence[Reading], with_topics: bool) -> Lexicon:
    grams = [reading.grams for reading in readings]
    fewest = min(_SEEN_TWICE, len(grams))
    counter: Any = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=fewest)
    weights = csr_matrix(counter.fit_transform(grams))
    often = np.bincount(weights.indices, minlength=weights.shape[1])
    order = np.argsort(-often, kind="stable")
    frequent = int((often >= _FREQUENT).sum()) if with_topics else 0
    lexicon = Lexicon(
        {str(gram): place for place, gram in enumerate(counter.get_feature_names_out()[order])},
        np.asarray(counter.idf_[order], dtype=np.float64),
        _topics(weights[:, order[:frequent]]),
        np.zeros(()),
        np.ones(()),
    )
    dense = _dense(lexicon, readings, weights[:, order]).astype(np.float64)
    spread = dense.std(axis=0)
    spread[spread == 0] = np.inf  # a number that never changes tells nothing
    return replace(lexicon, mean=dense.mean(axis=0), spread=spread)


def _topics(weights: csr_matrix) -> NDArray[np.float16]:
    """Directions in which n-grams appear together (latent semantic analysis), one row an n-gram."""
    wanted = min(_TOPICS, weights.shape[0] - 1, weights.shape[1] - 1)
    if wanted < 1:
        return np.zeros((weights.shape[1], 0), dtype=np.float16)
    found = TruncatedSVD(wanted, n_iter=3, random_state=0).fit(weights)
    return np.asarray(found.components_.T, dtype=np.float16)


def _dense(
    lexicon: Lexicon, readings: Sequence[Reading], weights: csr_matrix
) -> NDArray[np.float32]:
    """What `Lexicon.dense` gives for each reading, all at once."""
    vectors = np.stack([reading.vector for reading in readings]).astype(np.float64)
    topics = weights[:, : len(lexicon.topics)] @ lexicon.topics.astype(np.float64)
    whole = np.hstack([vectors, np.asarray(topics)])
    return np.asarray((whole - lexicon.mean) / lexicon.spread, dtype=np.float32)


def _weights(lexicon: Lexicon, readings: Iterable[Reading]) -> csr_matrix:
    """What `Lexicon.weighed` gives for each reading, one row each."""
    rows = [lexicon.weighed(reading.grams) for reading in readings]
    ends = np.cumsum([0, *(len(where) for where, _ in rows)])
    return csr_matrix(
        (
            np.concatenate([weights for _, weights in rows]),
            np.concatenate([where for where, _ in rows]),
            ends,
        ),
        shape=(len(rows), len(lexicon.places)),
    )


def _head(lexicon: Lexicon, question: Question, without: frozenset[str]) -> Head:
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
        _dense(lexicon, readings, grams), targets, worth, exclusive=question.exclusive
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
    """One label against the rest by the n-grams: their weights, and the intercept."""
    model = LogisticRegression(C=_LINEAR_C, solver="liblinear", random_state=0)
    model.fit(grams, wanted > 0, worth)
    return np.append(model.coef_[0], model.intercept_[0])
