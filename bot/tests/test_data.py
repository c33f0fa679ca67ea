"""Routing data against each other: every intent has one rule, every action of a rule exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from components.examples import DATA, read_examples

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
    assert {one.intent for one in read_examples(DATA)} <= known


def test_training_data_names_only_causes_that_have_examples_of_their_own() -> None:
    known = {file.stem for file in DATA.glob("*.yml")}
    assert {cause for one in read_examples(DATA) for cause in one.causes or ()} <= known
