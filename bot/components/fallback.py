"""What is not understood well enough is asked back, never guessed."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

__all__ = ["FALLBACK", "AskBackWhenUnsure"]

FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AskBackWhenUnsure(GraphComponent):
    """Below `threshold` the intent becomes nlu_fallback; the ranking stays, for "A or B?".

    Unlike Rasa's FallbackClassifier it leaves the ranking and the confidence as they were.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._threshold = float(config["threshold"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": 0.4}

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AskBackWhenUnsure:
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = message.get(INTENT) or {}
            confidence = float(intent.get("confidence") or 0.0)
            if confidence < self._threshold:
                unsure = {"name": FALLBACK, "confidence": confidence}
                message.set(INTENT, unsure, add_to_output=True)
        return messages
