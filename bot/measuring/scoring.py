"""Scores of answers on labelled utterances; only what a line carries is scored (LANGUAGE.md)."""

from __future__ import annotations

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from measuring.answers import FALLBACK, NO_CAUSE, OUT_OF_SCOPE, Answer
from measuring.lines import Line

__all__ = ["Parser", "Report", "binned", "evaluate", "quantiles", "share_of"]

Parser: TypeAlias = Callable[[Line], Answer]
_WARM_UP = 5
_BINS = 10


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
    """Wanted, found, and whether it is right in the lenient score."""
    causes: Tally = field(default_factory=Tally)
    cause_pairs: list[tuple[str, str]] = field(default_factory=list)
    """Wanted and found, for a table of confusions; NO_CAUSE stands for what has no partner."""
    cause_sets: list[bool] = field(default_factory=list)
    cause_first: list[bool] = field(default_factory=list)
    intent_sureness: list[tuple[float, bool]] = field(default_factory=list)
    """The confidence of the likeliest intent, and whether it was right (strict)."""
    cause_sureness: list[tuple[float, bool]] = field(default_factory=list)
    entities: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    milliseconds: list[float] = field(default_factory=list)
    misses: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: Line, answer: Answer) -> None:
        """Score one labelled line against what was understood."""
        self.lines += 1
        wrong: dict[str, Any] = {}
        if line.intent is not None:
            self._add_intent(line.intent, {line.intent, *line.also}, answer, wrong)
        if line.causes is not None:
            self._add_causes(line.causes, answer, wrong)
        if line.entities is not None:
            self._add_entities(line.entities, answer, wrong)
        if wrong:
            self.misses.append({"text": line.text, **wrong})

    def _add_intent(
        self, wanted: str, lenient: set[str], answer: Answer, wrong: dict[str, Any]
    ) -> None:
        found, good = answer.intent, answer.intent in lenient
        self.intents.append((wanted, found, good))
        self.intent_sureness.append((answer.confidence, answer.likeliest == wanted))
        if found != wanted:
            wrong["intent"] = {"wanted": wanted, "found": found, "lenient": good}
            if found == FALLBACK:
                wrong["intent"]["likeliest"] = answer.likeliest

    def _add_causes(self, wanted: Sequence[str], answer: Answer, wrong: dict[str, Any]) -> None:
        found = [name for name, _ in answer.causes]
        self.causes.count(Counter(wanted), Counter(found))
        self.cause_pairs.extend(_paired(wanted, found))
        self.cause_sureness.extend((sure, name in wanted) for name, sure in answer.causes)
        self.cause_sets.append(set(wanted) == set(found))
        if wanted:
            self.cause_first.append(bool(found) and found[0] in wanted)
        if set(wanted) != set(found):
            wrong["causes"] = {"wanted": wanted, "found": found}

    def _add_entities(
        self, wanted: Sequence[tuple[str, str]], answer: Answer, wrong: dict[str, Any]
    ) -> None:
        left, right = Counter(wanted), Counter(answer.entities)
        for kind in {kind for kind, _ in (*left, *right)}:
            self.entities[kind].count(_of_kind(left, kind), _of_kind(right, kind))
        if left != right:
            wrong["entities"] = {"wanted": sorted(wanted), "found": sorted(answer.entities)}

    def summary(self) -> dict[str, Any]:
        """The one JSON object; a share of nothing is null."""
        strict = [wanted == found for wanted, found, _ in self.intents]
        outside = [
            found in {OUT_OF_SCOPE, FALLBACK}
            for wanted, found, _ in self.intents
            if wanted == OUT_OF_SCOPE
        ]
        alarms = [
            found == OUT_OF_SCOPE for wanted, found, _ in self.intents if wanted != OUT_OF_SCOPE
        ]
        asked_back = [found == FALLBACK for _, found, _ in self.intents]
        return {
            "n": self.lines,
            "intent": {
                "accuracy_strict": share_of(strict),
                "accuracy_lenient": share_of([lenient for *_, lenient in self.intents]),
                "macro_f1": self._macro_f1(),
                "asked_back": share_of(asked_back),
                "calibration_error": _calibration_error(self.intent_sureness),
            },
            "cause": {
                **self.causes.scores(),
                "exact_set": share_of(self.cause_sets),
                "top_1": share_of(self.cause_first),
                "calibration_error": _calibration_error(self.cause_sureness),
            },
            "entities": {kind: self.entities[kind].scores() for kind in sorted(self.entities)},
            "out_of_scope": {"recall": share_of(outside), "false_alarms": share_of(alarms)},
            "latency_ms": quantiles(self.milliseconds),
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


def evaluate(lines: Sequence[Line], parse: Parser) -> Report:
    """Score every line. A few are parsed before the clock counts: what loads on first use has."""
    for line in lines[:_WARM_UP]:
        parse(line)
    report = Report()
    for line in lines:
        started = time.perf_counter()
        answer = parse(line)
        report.milliseconds.append((time.perf_counter() - started) * 1000)
        report.add(line, answer)
    return report


def binned(sureness: Iterable[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """For each tenth of confidence that occurs: mean confidence, share of right ones, how many."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, right in sureness:
        bins[min(int(sure * _BINS), _BINS - 1)].append((sure, right))
    return [
        (
            statistics.fmean(sure for sure, _ in group),
            statistics.fmean(right for _, right in group),
            len(group),
        )
        for _, group in sorted(bins.items())
    ]


def _calibration_error(sureness: Sequence[tuple[float, bool]]) -> float | None:
    """How far confidence is from the share of right answers, on average over all answers."""
    if not sureness:
        return None
    off = sum(abs(sure - right) * many for sure, right, many in binned(sureness))
    return round(off / len(sureness), 4)


def _paired(wanted: Sequence[str], found: Sequence[str]) -> list[tuple[str, str]]:
    """Each wanted cause with the found one: itself, else one that is left over, else none."""
    both = [name for name in wanted if name in found]
    left = [name for name in wanted if name not in found]
    right = [name for name in found if name not in wanted]
    longest = max(len(left), len(right))
    left += [NO_CAUSE] * (longest - len(left))
    right += [NO_CAUSE] * (longest - len(right))
    pairs = [(name, name) for name in both] + list(zip(left, right, strict=True))
    return pairs or [(NO_CAUSE, NO_CAUSE)]


def _of_kind(counted: Counter[tuple[str, str]], kind: str) -> Counter[Any]:
    return Counter({one: times for one, times in counted.items() if one[0] == kind})


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def share_of(flags: Sequence[bool]) -> float | None:
    return _share(sum(flags), len(flags))


def quantiles(milliseconds: Sequence[float]) -> dict[str, float | None]:
    ordered = sorted(milliseconds)
    if not ordered:
        return {"p50": None, "p95": None}
    at = [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95)]
    return {"p50": round(at[0], 1), "p95": round(at[1], 1)}
