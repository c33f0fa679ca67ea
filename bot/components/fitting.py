"""Training of the heads. The same examples give the same model, number for number."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.multiclass import OneVsRestClassifier
from threadpoolctl import threadpool_limits

from components.heads import Floats, Head, Lexicon, Model, calibrated, softmax, squashed

__all__ = ["fit"]

_log = logging.getLogger(__name__)

_DENSE_C = 0.01
_SPARSE_C = 30.0
_FOLDS = 3
_SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)
_TEMPERATURES = tuple(round(0.2 + 0.05 * step, 2) for step in range(29))


def fit(
    vectors: NDArray[np.float32],
    grams: Sequence[Sequence[str]],
    labels: Mapping[str, Sequence[str | None]],
) -> Model:
    """A model with a head for each entry of `labels`, which has one label for each example.

    An example whose label is None teaches that head nothing.
    """
    counter: Any = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=min(2, len(grams)))
    sparse = csr_matrix(counter.fit_transform(grams))
    places = {str(gram): int(place) for gram, place in counter.vocabulary_.items()}
    lexicon = Lexicon(
        dict(sorted(places.items(), key=lambda item: item[1])),
        np.asarray(counter.idf_, dtype=np.float64),
        vectors.mean(axis=0, dtype=np.float64),
        vectors.std(axis=0, dtype=np.float64) + 1e-6,
    )
    dense = lexicon.standardised(vectors)
    with threadpool_limits(1), ThreadPoolExecutor(len(labels)) as pool:
        heads = pool.map(lambda item: _head(item[0], dense, sparse, item[1]), labels.items())
        return Model(lexicon, dict(zip(labels, heads, strict=True)))


def _head(name: str, dense: Floats, sparse: csr_matrix, labels: Sequence[str | None]) -> Head:
    labelled = np.array([place for place, label in enumerate(labels) if label is not None])
    dense, sparse = dense[labelled], sparse[labelled]
    classes, truth = np.unique([label for label in labels if label], return_inverse=True)
    share, temperature = _settings(name, dense, sparse, truth, len(classes))
    return Head(
        tuple(str(one) for one in classes),
        _dense(dense, truth),
        _sparse(sparse, truth).astype(np.float32),
        share,
        temperature,
    )


def _dense(rows: Floats, truth: NDArray[np.int64]) -> Floats:
    model = LogisticRegression(C=_DENSE_C, max_iter=500).fit(rows, truth)
    return _both_sides(np.vstack([model.coef_.T, model.intercept_]), softmaxed=True)


def _sparse(rows: csr_matrix, truth: NDArray[np.int64]) -> Floats:
    one = LogisticRegression(C=_SPARSE_C, solver="liblinear", random_state=0)
    models = OneVsRestClassifier(one).fit(rows, truth).estimators_
    columns = [np.append(model.coef_[0], model.intercept_[0]) for model in models]
    return _both_sides(np.column_stack(columns), softmaxed=False)


def _both_sides(columns: Floats, *, softmaxed: bool) -> Floats:
    """Of two classes scikit-learn keeps one column; here each class has its own."""
    if columns.shape[1] > 1:
        return columns
    return np.hstack([np.zeros_like(columns) if softmaxed else -columns, columns])


def _settings(
    name: str, dense: Floats, sparse: csr_matrix, truth: NDArray[np.int64], classes: int
) -> tuple[float, float]:
    """Share of the sentence vector in the vote, and temperature, chosen on held-out examples."""
    fewest = int(np.bincount(truth).min())
    if fewest < 2:
        return 0.5, 1.0
    by_meaning, by_letters = np.zeros((2, len(truth), classes))
    folds = StratifiedKFold(min(_FOLDS, fewest), shuffle=True, random_state=0)
    for known, held in folds.split(dense, truth):
        model = _dense(dense[known], truth[known])
        by_meaning[held] = softmax(dense[held] @ model[:-1] + model[-1])
        letters = _sparse(sparse[known], truth[known])
        by_letters[held] = squashed(sparse[held] @ letters[:-1] + letters[-1])
    loss, share, temperature = min(
        (_loss(calibrated(vote, one), truth), share, one)
        for share in _SHARES
        for vote in [share * by_meaning + (1 - share) * by_letters]
        for one in _TEMPERATURES
    )
    final = share * by_meaning + (1 - share) * by_letters
    right = float((final.argmax(axis=1) == truth).mean())
    _log.info(f"{name}: {len(truth)} examples, {right:.3f} right when held out, loss {loss:.3f}")
    return share, temperature


def _loss(probabilities: Floats, truth: NDArray[np.int64]) -> float:
    chosen = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())
