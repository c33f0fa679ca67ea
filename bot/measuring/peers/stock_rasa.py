"""Rasa's pipeline as its documentation has it for Chinese: jieba, word and n-gram counts, DIET.

The cause is a second model of the same kind, whose intents are the causes. The FallbackClassifier
of the suggested pipeline is left out: it would only turn some right answers into none.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import yaml

from components.examples import Example
from measuring.answers import Answer
from measuring.lines import Line
from measuring.peers.base import Labelled, by_cause, by_intent, named
from measuring.peers.ours import quiet
from measuring.scoring import Parser

__all__ = ["StockRasa"]

_CONFIG = """
recipe: default.v1
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
    constrain_similarities: true
    random_seed: 1
"""


class StockRasa:
    name: ClassVar[str] = "Rasa's pipeline for Chinese: jieba, counts, DIET"
    packages: ClassVar[tuple[str, ...]] = ()

    def train(self, examples: Sequence[Example], folder: Path) -> None:
        for name, labelled in (("intent", by_intent(examples)), ("cause", by_cause(examples))):
            _train(labelled, folder, name)

    def load(self, folder: Path) -> Parser:
        quiet()
        from rasa.core.agent import Agent
        from rasa.core.channels.channel import UserMessage

        heads = [
            Agent.load(str(folder / f"{name}.tar.gz")).processor for name in ("intent", "cause")
        ]

        def parse(line: Line) -> Answer:
            intent, cause = (
                asyncio.run(head.parse_message(UserMessage(line.text)))["intent"] for head in heads
            )
            found, sure = str(intent["name"]), float(intent["confidence"])
            return Answer(found, found, sure, named(str(cause["name"]), float(cause["confidence"])))

        return parse


def _train(labelled: Labelled, folder: Path, name: str) -> None:
    quiet()
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as work:
        config, data = Path(work, "config.yml"), Path(work, "nlu.yml")
        config.write_text(_CONFIG, "utf-8")
        data.write_text(yaml.safe_dump(_data(labelled), allow_unicode=True), "utf-8")
        train_nlu(str(config), str(data), str(folder), fixed_model_name=name)


def _data(labelled: Labelled) -> dict[str, Any]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for text, label in zip(*labelled, strict=True):
        groups[label].append(text)
    blocks = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in groups.items()
    ]
    return {"version": "3.1", "nlu": blocks}
