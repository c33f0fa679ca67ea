"""The pipeline of bot/config.yml in this process, its classifier taught any examples.

Without the rest of Rasa this is much faster than a whole training, and all that a study needs.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from threadpoolctl import threadpool_limits

from components.classifier import CauseAndIntentClassifier
from components.examples import Example
from components.learning import learn
from measuring.answers import Answer
from measuring.lines import Line
from measuring.scoring import Parser

__all__ = ["trained"]

BOT = Path(__file__).resolve().parent.parent


def trained(examples: Sequence[Example], vectors: Path) -> Parser:
    """What the pipeline understands after `examples`; sentence vectors are kept in `vectors`."""
    threadpool_limits(1)  # one text gains nothing from more, and idle ones spin
    config = yaml.safe_load((BOT / "config.yml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        parts = [_part(entry, storage, examples, vectors) for entry in config["pipeline"]]

    def parse(line: Line) -> Answer:
        message = Message({TEXT: line.text, "metadata": {"now": line.now} if line.now else {}})
        for part in parts:
            part.process([message])
        return Answer.of(message.as_dict())

    return parse


def _part(
    entry: dict[str, Any], storage: LocalModelStorage, examples: Sequence[Example], vectors: Path
) -> Any:
    """A component of the pipeline, made as Rasa's graph would; the classifier learns `examples`."""
    config = dict(entry)
    module, _, name = config.pop("name").rpartition(".")
    kind: Any = getattr(importlib.import_module(module), name)
    config = {**kind.get_default_config(), **config}
    if kind is CauseAndIntentClassifier:
        return kind(config, storage, Resource(name), learn(examples, vectors, config))
    return kind.create(config, storage, Resource(name), ExecutionContext(GraphSchema({})))
