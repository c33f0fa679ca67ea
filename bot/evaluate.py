"""Scores the trained bot on a file of labelled utterances (JSON lines, LANGUAGE.md).

`python bot/evaluate.py FILE [--model M] [--errors]` prints one JSON object; only what a line
carries is scored. With `--errors` the misses follow, one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
_NOT_UNDERSTOOD = {OUT_OF_SCOPE, "nlu_fallback"}


@dataclass
class Tally:
    """Hits, false alarms and misses of one kind of thing."""

    hit: int = 0
    extra: int = 0
    missed: int = 0

    def count(self, wanted: Counter[Any], found: Counter[Any]) -> None:
        common = sum((wanted & found).values())
        self.hit += common
        self.extra += sum(found.values()) - common
        self.missed += sum(wanted.values()) - common

    def scores(self) -> dict[str, Any]:
        precision = _share(self.hit, self.hit + self.extra)
        recall = _share(self.hit, self.hit + self.missed)
        both = (precision or 0) + (recall or 0)
        f1 = round(2 * (precision or 0) * (recall or 0) / both, 4) if both else 0.0
        return {"precision": precision, "recall": recall, "f1": f1, "n": self.hit + self.missed}


@dataclass
class Report:
    """All that is counted over a file."""

    lines: int = 0
    intents: list[tuple[str, str, bool]] = field(default_factory=list)
    causes: Tally = field(default_factory=Tally)
    cause_sets: list[bool] = field(default_factory=list)
    cause_first: list[bool] = field(default_factory=list)
    entities: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    milliseconds: list[float] = field(default_factory=list)
    misses: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: dict[str, Any], answer: dict[str, Any]) -> None:
        """Score one labelled line against what the bot understood."""
        self.lines += 1
        wrong: dict[str, Any] = {}
        if "intent" in line:
            found = str(answer["intent"]["name"])
            lenient = found in {line["intent"], *line.get("also", [])}
            self.intents.append((line["intent"], found, lenient))
            if found != line["intent"]:
                wrong["intent"] = {"wanted": line["intent"], "found": found, "lenient": lenient}
        if "causes" in line:
            self._add_causes(line["causes"], [one["name"] for one in answer["causes"]], wrong)
        if "entities" in line:
            self._add_entities(line["entities"], answer["entities"], wrong)
        if wrong:
            self.misses.append({"text": line["text"], **wrong})

    def _add_causes(self, wanted: list[str], found: list[str], wrong: dict[str, Any]) -> None:
        self.causes.count(Counter(wanted), Counter(found))
        self.cause_sets.append(set(wanted) == set(found))
        if wanted:
            self.cause_first.append(bool(found) and found[0] in wanted)
        if set(wanted) != set(found):
            wrong["causes"] = {"wanted": wanted, "found": found}

    def _add_entities(
        self, wanted: list[dict[str, Any]], found: list[dict[str, Any]], wrong: dict[str, Any]
    ) -> None:
        left = Counter((one["type"], str(one["value"])) for one in wanted)
        right = Counter((one["entity"], str(one["value"])) for one in found)
        for kind in {kind for kind, _ in (*left, *right)}:
            self.entities[kind].count(_of_kind(left, kind), _of_kind(right, kind))
        if left != right:
            wrong["entities"] = {"wanted": sorted(left), "found": sorted(right)}

    def summary(self) -> dict[str, Any]:
        """The one JSON object; a share of nothing is null."""
        strict = [wanted == found for wanted, found, _ in self.intents]
        outside = [
            found in _NOT_UNDERSTOOD for wanted, found, _ in self.intents if wanted == OUT_OF_SCOPE
        ]
        alarms = [
            found == OUT_OF_SCOPE for wanted, found, _ in self.intents if wanted != OUT_OF_SCOPE
        ]
        asked_back = [found == "nlu_fallback" for _, found, _ in self.intents]
        return {
            "n": self.lines,
            "intent": {
                "accuracy_strict": _share_of(strict),
                "accuracy_lenient": _share_of([lenient for *_, lenient in self.intents]),
                "macro_f1": self._macro_f1(),
                "asked_back": _share_of(asked_back),
            },
            "cause": {
                **self.causes.scores(),
                "exact_set": _share_of(self.cause_sets),
                "top_1": _share_of(self.cause_first),
            },
            "entities": {kind: self.entities[kind].scores() for kind in sorted(self.entities)},
            "out_of_scope": {"recall": _share_of(outside), "false_alarms": _share_of(alarms)},
            "latency_ms": _quantiles(self.milliseconds),
        }

    def _macro_f1(self) -> float | None:
        tallies: defaultdict[str, Tally] = defaultdict(Tally)
        for wanted, found, _ in self.intents:
            for kind in {wanted, found}:
                tallies[kind].count(
                    Counter([wanted] * (kind == wanted)), Counter([found] * (kind == found))
                )
        known = {wanted for wanted, *_ in self.intents}
        scores = [tallies[kind].scores()["f1"] for kind in known]
        return round(statistics.fmean(scores), 4) if scores else None


def _of_kind(counted: Counter[tuple[str, str]], kind: str) -> Counter[Any]:
    return Counter({one: times for one, times in counted.items() if one[0] == kind})


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _share_of(flags: list[bool]) -> float | None:
    return _share(sum(flags), len(flags))


def _quantiles(milliseconds: list[float]) -> dict[str, float | None]:
    ordered = sorted(milliseconds)
    if not ordered:
        return {"p50": None, "p95": None}
    at = [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95)]
    return {"p50": round(at[0], 1), "p95": round(at[1], 1)}


Parser = Callable[[str, dict[str, Any]], dict[str, Any]]


def load_parser(model: Path) -> Parser:
    """What the bot understands of a text with metadata, by the model's own graph."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import asyncio

    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(log_level=logging.ERROR)
    configure_structlog(logging.ERROR)
    processor = Agent.load(str(model)).processor

    def parse(text: str, metadata: dict[str, Any]) -> dict[str, Any]:
        message = UserMessage(text, metadata=metadata)
        answer: dict[str, Any] = asyncio.run(processor.parse_message(message))
        return answer

    return parse


def evaluate(lines: Iterable[dict[str, Any]], parse: Parser) -> Report:
    """Score every line; `now` of a line, if it has one, is the moment it was written."""
    report = Report()
    for line in lines:
        started = time.perf_counter()
        answer = parse(line["text"], {"now": line["now"]} if "now" in line else {})
        report.milliseconds.append((time.perf_counter() - started) * 1000)
        report.add(line, answer)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, help="default: that of the present training data")
    parser.add_argument("--errors", action="store_true", help="list the misses as well")
    options = parser.parse_args()
    from train import model_path

    model = options.model or model_path()
    for needed in (options.file, model):
        if not needed.is_file():
            print(f"没有这个文件：{needed}", file=sys.stderr)
            return 1
    try:
        text = options.file.read_text("utf-8")
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        report = evaluate(lines, load_parser(model))
    except (json.JSONDecodeError, KeyError) as error:
        print(f"评测文件格式不对：{error}", file=sys.stderr)
        return 1
    print(json.dumps(report.summary(), ensure_ascii=False, indent=2))
    if options.errors:
        for miss in report.misses:
            print(json.dumps(miss, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
