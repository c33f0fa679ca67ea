"""Routing data against each other: every intent has one rule, every action of a rule exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

ROOT = Path(__file__).resolve().parent.parent.parent


def _read(*parts: str) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml_file(ROOT.joinpath(*parts))
    return content


def test_every_intent_of_the_domain_has_one_rule() -> None:
    ruled = [rule["steps"][0]["intent"] for rule in _read("data", "rules", "rules.yml")["rules"]]
    assert sorted(ruled) == sorted(_read("domain.yml")["intents"])


def test_every_rule_ends_in_an_action_of_the_domain() -> None:
    acted = {rule["steps"][1]["action"] for rule in _read("data", "rules", "rules.yml")["rules"]}
    assert acted | {"action_playbook"} == set(_read("domain.yml")["actions"])


def test_training_data_names_only_intents_of_the_domain() -> None:
    known = set(_read("domain.yml")["intents"])
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        named = {block["intent"] for block in _read("data", "nlu", file.name)["nlu"]}
        assert named <= known, file.name
