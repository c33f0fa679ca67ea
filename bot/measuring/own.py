"""The pipeline of bot/config.yml, trained in this process on any examples.

Without the rest of Rasa this is much faster than a whole training, and all that a study needs.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from measuring.answers import Answer
from measuring.examples import UNLABELLED, Example
from measuring.lines import Line
from measuring.scoring import Parser

__all__ = ["trained"]

BOT = Path(__file__).resolve().parent.parent


def trained(examples: Sequence[Example], vectors: Path) -> Parser:
    """What the pipeline understands after `examples`; sentence vectors are kept in `vectors`."""
    os.environ["DAOZHANG_VECTORS_DIR"] = str(vectors)
    data = TrainingData([_message(one) for one in examples])
    config = yaml.safe_load((BOT / "config.yml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        parts = [_part(entry, storage, data) for entry in config["pipeline"]]

    def parse(line: Line) -> Answer:
        message = Message({TEXT: line.text, "metadata": {"now": line.now} if line.now else {}})
        for part in parts:
            part.process([message])
        return Answer.of(message.as_dict())

    return parse


def _part(entry: dict[str, Any], storage: LocalModelStorage, data: TrainingData) -> Any:
    """A component of the pipeline, made and trained as Rasa's graph would."""
    config = dict(entry)
    module, _, name = config.pop("name").rpartition(".")
    kind: Any = getattr(importlib.import_module(module), name)
    context = ExecutionContext(GraphSchema({}))
    part = kind.create({**kind.get_default_config(), **config}, storage, Resource(name), context)
    if hasattr(part, "train"):
        part.train(data)
    return part


def _message(example: Example) -> Message:
    causes = [UNLABELLED] if example.causes is None else list(example.causes)
    block = {"cause": causes[0] if len(causes) == 1 else causes} if causes else {}
    return Message({TEXT: example.text, INTENT: example.intent, "metadata": {"intent": block}})
