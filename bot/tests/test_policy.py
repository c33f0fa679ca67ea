from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.policy import PlaybookPolicy

ROOT = Path(__file__).resolve().parent.parent.parent
LISTEN, PLAYBOOK = ActionExecuted("action_listen"), ActionExecuted("action_playbook")


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def policy(tmp_path: Path) -> PlaybookPolicy:
    return PlaybookPolicy(
        PlaybookPolicy.get_default_config(),
        LocalModelStorage(tmp_path),
        Resource("policy"),
        ExecutionContext(GraphSchema({}), "test"),
    )


def said(**metadata: Any) -> UserUttered:
    return UserUttered("做好了", {"name": "step_done"}, metadata=metadata)


def predicted(policy: PlaybookPolicy, domain: Domain, *events: Event) -> str:
    tracker = DialogueStateTracker.from_events("merchant", list(events), domain=domain)
    prediction = policy.predict_action_probabilities(tracker, domain)
    if prediction.max_confidence == 0:
        return "-"
    return str(domain.action_names_or_texts[prediction.max_confidence_index])


@pytest.mark.parametrize("metadata", [{"case_open": True}, {"choice": "step:done"}])
def test_an_open_case_or_a_tapped_button_goes_to_the_playbook(
    policy: PlaybookPolicy, domain: Domain, metadata: dict[str, Any]
) -> None:
    assert predicted(policy, domain, LISTEN, said(**metadata)) == "action_playbook"


def test_after_the_playbook_the_bot_listens(policy: PlaybookPolicy, domain: Domain) -> None:
    assert predicted(policy, domain, LISTEN, said(case_open=True), PLAYBOOK) == "action_listen"


@pytest.mark.parametrize("metadata", [{}, {"case_open": False}, {"choice": None}])
def test_without_a_case_the_rules_decide(
    policy: PlaybookPolicy, domain: Domain, metadata: dict[str, Any]
) -> None:
    assert predicted(policy, domain, LISTEN, said(**metadata)) == "-"


def test_only_the_last_message_counts(policy: PlaybookPolicy, domain: Domain) -> None:
    events = (LISTEN, said(case_open=True), PLAYBOOK, LISTEN, said())
    assert predicted(policy, domain, *events) == "-"


def test_the_policy_stands_above_the_rules(policy: PlaybookPolicy) -> None:
    assert policy.priority > 4
