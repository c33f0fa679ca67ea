"""The training data as its authors see it: every line with its labels and its place in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["DATA", "UNLABELLED", "Example", "read_examples"]

DATA = Path(__file__).resolve().parent.parent.parent / "data" / "nlu"

UNLABELLED = "unlabelled"


@dataclass(frozen=True)
class Example:
    """One utterance of data/nlu; `number` counts the lines of `file` from 1."""

    text: str
    intent: str
    causes: tuple[str, ...] | None
    """None where nobody has looked for causes (`cause: unlabelled`)."""
    file: Path
    number: int

    @property
    def label(self) -> tuple[str, tuple[str, ...] | None]:
        return self.intent, self.causes


def read_examples(folder: Path) -> list[Example]:
    """All examples of the YAML files under `folder`, file by file.

    Raises ValueError, with its name, for a file without `nlu:`.
    """
    return [one for file in sorted(folder.rglob("*.yml")) for one in _of_file(file)]


def _of_file(file: Path) -> Iterator[Example]:
    root = yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    nlu = _fields(root).get("nlu") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(nlu, yaml.SequenceNode):
        raise ValueError(f"{file} 里没有 nlu: 一项，训练数据要写在它下面")
    for block in nlu.value:
        fields = _fields(block)
        if "intent" not in fields or "examples" not in fields:
            continue
        causes = _causes(_fields(fields["metadata"]).get("cause") if "metadata" in fields else None)
        examples = fields["examples"]
        # The text of a literal block begins in the line after its `|`; marks count from 0.
        first = examples.start_mark.line + 2
        for offset, line in enumerate(examples.value.split("\n")):
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Example(text, fields["intent"].value, causes, file, first + offset)


def _fields(node: Any) -> dict[str, Any]:
    return {key.value: value for key, value in node.value}


def _causes(node: Any) -> tuple[str, ...] | None:
    if node is None:
        return ()
    named = [one.value for one in node.value] if isinstance(node.value, list) else [node.value]
    return None if UNLABELLED in named else tuple(named)
