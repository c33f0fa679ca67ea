"""The entity rules as a component of Rasa's graph."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.entities import find_entities, reference_time

__all__ = ["TradeEntityExtractor"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TradeEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds amounts, times, identifiers and names of the trade; times count from metadata `now`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TradeEntityExtractor:
        find_entities("3000", reference_time(None))  # loads the rules now, not at the first message
        return cls()

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "opencc"]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            now = reference_time(message.get("metadata"))
            found = self.add_extractor_name(find_entities(str(message.get(TEXT) or ""), now))
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages
