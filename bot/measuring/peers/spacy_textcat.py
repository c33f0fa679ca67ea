"""spaCy's text categoriser on jieba's words: its default ensemble, bag of words and small CNN."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from components.examples import Example
from measuring.answers import Answer
from measuring.lines import Line
from measuring.peers.base import Labelled, by_cause, by_intent, named
from measuring.scoring import Parser

__all__ = ["SpacyTextcat"]

_EPOCHS = 10
_BATCH = 64
_DROPOUT = 0.2
_CHINESE = {"nlp": {"tokenizer": {"segmenter": "jieba"}}}


class SpacyTextcat:
    name: ClassVar[str] = f"spaCy textcat, {_EPOCHS} epochs"
    packages: ClassVar[tuple[str, ...]] = ()

    def train(self, examples: Sequence[Example], folder: Path) -> None:
        for name, labelled in (("intent", by_intent(examples)), ("cause", by_cause(examples))):
            _fitted(labelled).to_disk(folder / name)

    def load(self, folder: Path) -> Parser:
        import spacy

        intent, cause = (spacy.load(folder / name) for name in ("intent", "cause"))

        def parse(line: Line) -> Answer:
            found, sure = _likeliest(intent(line.text).cats)
            return Answer(found, found, sure, named(*_likeliest(cause(line.text).cats)))

        return parse


def _likeliest(cats: dict[str, float]) -> tuple[str, float]:
    return max(cats.items(), key=lambda item: item[1])


def _fitted(labelled: Labelled) -> Any:
    import spacy
    from spacy.training import Example as Gold

    spacy.util.fix_random_seed(0)
    rng = random.Random(0)
    nlp = spacy.blank("zh", config=_CHINESE)
    head = nlp.add_pipe("textcat")
    names = sorted(set(labelled[1]))
    for name in names:
        head.add_label(name)
    golds = [
        Gold.from_dict(nlp.make_doc(text), {"cats": {name: float(name == label) for name in names}})
        for text, label in zip(*labelled, strict=True)
    ]
    optimizer = nlp.initialize(lambda: golds)
    for _ in range(_EPOCHS):
        rng.shuffle(golds)
        for start in range(0, len(golds), _BATCH):
            nlp.update(golds[start : start + _BATCH], drop=_DROPOUT, sgd=optimizer)
    return nlp
