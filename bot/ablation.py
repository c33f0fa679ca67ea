"""What each part of the model is worth: all is trained anew without it.

`python bot/ablation.py PLACE ... [--without PART ...]` prints Markdown: of the lines of each place,
how many have the right intent as the likeliest one, and F1 of their causes at the threshold of
config.yml. A place is a file (LANGUAGE.md), or a folder of data/nlu, which then is not learnt.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from threadpoolctl import threadpool_limits

from components.examples import DATA, read_examples
from components.features import Reading, read, views
from components.fitting import PARTS, fit
from components.heads import CAUSES, INTENT, Model
from components.learning import Material
from train import BOT, ROOT

_DENIALS = "denials"
_MOST_CAUSES = 2


@dataclass(frozen=True)
class Case:
    """A labelled line; what is None is not scored."""

    intent: str | None
    causes: frozenset[str] | None
    whole: Reading
    asserted: Reading


def cases_of(file: Path) -> list[Case]:
    """The lines of a file as the model sees them."""
    lines = [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()]
    return [_case(line) for line in lines]


def _cases_under(folder: Path, material: Material) -> list[Case]:
    held, _ = material.parted([folder])
    return [
        Case(one.intent, None if one.causes is None else frozenset(one.causes), whole, asserted)
        for one, whole, asserted in zip(held.examples, held.whole, held.asserted, strict=True)
    ]


def _case(line: dict[str, Any]) -> Case:
    whole, asserted = (read(text) for text in views(line["text"]))
    causes = line.get("causes")
    named = None if causes is None else frozenset(causes)
    return Case(line.get(INTENT), named, whole, asserted)


def score(model: Model, cases: Sequence[Case], threshold: float) -> tuple[float, float]:
    """Share of right intents, and F1 of causes."""
    right = [
        model.predict(INTENT, case.whole)[0][0] == case.intent for case in cases if case.intent
    ]
    hits = counted = 0
    for case in cases:
        if case.causes is not None:
            likely = model.predict(CAUSES, case.asserted)[:_MOST_CAUSES]
            found = {name for name, sure in likely if sure >= threshold}
            hits += len(found & case.causes)
            counted += len(found) + len(case.causes)
    return sum(right) / max(len(right), 1), 2 * hits / max(counted, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path, nargs="+", metavar="PLACE")
    every = ["nothing", *sorted(PARTS), _DENIALS]
    parser.add_argument("--without", nargs="+", choices=every, default=every, metavar="PART")
    options = parser.parse_args()
    threadpool_limits(1)  # one text gains nothing from more, and idle ones spin
    pipeline = yaml.safe_load((BOT / "config.yml").read_text("utf-8"))["pipeline"]
    settings = next(part for part in pipeline if "cause_threshold" in part)
    places = [place.resolve() for place in options.places]
    folders = [place for place in places if place.is_dir()]
    for place in places:
        if not place.is_file() and DATA not in place.parents:
            parser.error(f"既不是文件，也不是 data/nlu 里的文件夹：{place}")
    every_line = Material.read(read_examples(DATA), ROOT / "models")
    sets = [_cases_under(one, every_line) if one.is_dir() else cases_of(one) for one in places]
    _, material = every_line.parted(folders)
    names = "".join(f" {place.stem}: intent | causes F1 |" for place in places)
    print(f"| without |{names}\n|---|{'---:|' * 2 * len(sets)}")
    for part in options.without:
        known, asked = material, sets
        if part == _DENIALS:
            known = replace(material, asserted=material.whole)
            asked = [[replace(case, asserted=case.whole) for case in cases] for cases in sets]
        model = fit(known.questions(settings), PARTS & {part})
        scores = [score(model, cases, settings["cause_threshold"]) for cases in asked]
        cells = "".join(f" {intent:.3f} | {causes:.3f} |" for intent, causes in scores)
        print(f"| {part} |{cells}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
