"""Who takes the turn: while a case is open, or a button was tapped, the playbook does."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

__all__ = ["PLAYBOOK", "PlaybookPolicy"]

PLAYBOOK = "action_playbook"
_ABOVE_RULES = 5


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class PlaybookPolicy(Policy):
    """Sends the turn to the playbook when the message's metadata says `case_open` or `choice`.

    The gateway says so with every message, so that a lost tracker loses no case. Nothing is
    learned: Rasa only asks that a policy can be trained.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": _ABOVE_RULES}

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        action = _next_action(tracker)
        scores = self._default_predictions(domain)
        if action is not None:
            scores[domain.index_for_action(action)] = 1.0
        return self._prediction(scores)


def _next_action(tracker: DialogueStateTracker) -> str | None:
    message = tracker.latest_message
    metadata = (message.metadata if isinstance(message, UserUttered) else None) or {}
    if not (metadata.get("case_open") or metadata.get("choice")):
        return None
    if tracker.latest_action_name == ACTION_LISTEN_NAME:
        return PLAYBOOK
    return ACTION_LISTEN_NAME if tracker.latest_action_name == PLAYBOOK else None
