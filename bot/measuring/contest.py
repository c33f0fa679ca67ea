"""The contest: everybody learns the same examples and answers the same lines, one after the other.

Each contestant is trained in a process of its own, with all cores, and tested in another one, on
one core, so that nobody's memory, caches or threads count for somebody else.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from measuring.answers import FALLBACK, Answer
from measuring.drawing import Part, write_lines
from measuring.lines import Line, read_lines
from measuring.peers.base import Peer
from measuring.peers.linear import CharacterSvm, SentenceVectors
from measuring.peers.ours import Ours
from measuring.peers.spacy_textcat import SpacyTextcat
from measuring.peers.stock_rasa import StockRasa
from measuring.scoring import Report, evaluate
from measuring.tables import table

__all__ = ["PEERS", "Outcome", "contest", "main", "ratios"]

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS: dict[str, type[Peer]] = {
    "ours": Ours,
    "characters": CharacterSvm,
    "vectors": SentenceVectors,
    "textcat": SpacyTextcat,
    "diet": StockRasa,
}
_MEGABYTE = 1_000_000
_NUMBERS = (
    "intent strict", "lenient", "cause F1", "out-of-scope recall", "training s", "load s",
    "parse p50 ms", "p95 ms", "memory MB", "model MB",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One contestant on one file: the summary, and what it cost."""

    name: str
    summary: dict[str, Any]
    training: float
    load: float
    memory: float
    size: float

    def row(self) -> list[str]:
        intent, latency = self.summary["intent"], self.summary["latency_ms"]
        shares = (
            intent["accuracy_strict"],
            intent["accuracy_lenient"],
            self.summary["cause"]["f1"],
            self.summary["out_of_scope"]["recall"],
        )
        return [
            self.name,
            *("–" if one is None else f"{one:.3f}" for one in shares),
            *(f"{one:.0f}" if one >= 10 else f"{one:.1f}" for one in (self.training, self.load)),
            *(f"{latency[one]:.1f}" for one in ("p50", "p95")),
            f"{self.memory:.0f}",
            f"{self.size:.1f}",
        ]


def contest(keys: Sequence[str], files: Sequence[Path], part: Part) -> Iterator[str]:
    """Train `keys` of PEERS by `part` and test them on `files` and on what it holds out.

    Yields the lines of one Markdown table for each file.
    """
    with tempfile.TemporaryDirectory() as folder:
        if part.held_out:
            held_out = Path(folder, "held-out.jsonl")
            write_lines(part.asked(), held_out)
            files = [*files, held_out]
        outcomes: dict[Path, list[Outcome]] = {file: [] for file in files}
        for key in keys:
            for file, outcome in _measured(key, part, files):
                outcomes[file].append(outcome)
                print(f"| {' | '.join(outcome.row())} |  {file.name}", file=sys.stderr, flush=True)
    yield f"{len(part.learnt())} examples"
    for file in files:
        yield f"\n{file.name}: {outcomes[file][0].summary['n']} lines\n"
        yield from table(["", *_NUMBERS], [one.row() for one in outcomes[file]])
        yield ""
        yield from ratios(outcomes[file])


def _measured(key: str, part: Part, files: Sequence[Path]) -> Iterator[tuple[Path, Outcome]]:
    """Train and test one of PEERS."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        _run("train", key, folder, json.dumps([part.size, part.held_out]))
        training = time.monotonic() - started
        size = _bytes(Path(folder)) + sum(map(_package_bytes, PEERS[key].packages))
        tested = json.loads(_run("test", key, folder, *map(str, files)).splitlines()[-1])
    for file, scored in zip(files, tested["files"], strict=True):
        for name, summary in scored.items():
            yield (
                file,
                Outcome(
                    name, summary, training, tested["load"], tested["memory"], size / _MEGABYTE
                ),
            )


def ratios(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Our error rate over that of the best of the others; half of it is the goal."""
    ours = [one for one in outcomes if one.name.startswith(Ours.name)]
    peers = [one for one in outcomes if one not in ours]
    for what, group, key in (
        ("intent, strict", "intent", "accuracy_strict"),
        ("intent, lenient", "intent", "accuracy_lenient"),
        ("cause F1", "cause", "f1"),
    ):
        scores = [one.summary[group][key] for one in peers]
        if not scores or None in scores:
            continue
        least = 1 - max(scores)
        for one in ours:
            error = 1 - one.summary[group][key]
            part = f"{error / least:.2f}" if least else "–"
            yield f"- {one.name}, error of {what}: {error:.3f}, best peer {least:.3f}, ratio {part}"


def _run(*words: str) -> str:
    """A step in a process of its own; what it says on the way goes to our stderr."""
    command = [sys.executable, "-W", "ignore", "-m", "measuring.contest", *words]
    done = subprocess.run(command, cwd=ROOT / "bot", stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _test(key: str, folder: Path, files: Sequence[Path]) -> dict[str, Any]:
    """Load on one core, answer all lines; summaries by name for each file, seconds and MB."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = time.monotonic()
    parse = PEERS[key]().load(folder)
    parse(Line("钱还没到"))
    load = time.monotonic() - started
    scored = []
    for file in files:
        lines = read_lines(file)
        answers: dict[Line, Answer] = {}

        def noted(line: Line, kept: dict[Line, Answer] = answers) -> Answer:
            return kept.setdefault(line, parse(line))

        report = evaluate(lines, noted)
        scored.append({PEERS[key].name: report.summary()})
        if any(one.intent == FALLBACK for one in answers.values()):
            forced = Report(milliseconds=report.milliseconds)
            for line in lines:
                forced.add(line, replace(answers[line], intent=answers[line].likeliest))
            scored[-1][f"{PEERS[key].name}, never asking back"] = forced.summary()
    return {"files": scored, "load": load, "memory": _resident() / _MEGABYTE}


def _resident() -> int:
    """Bytes of this process in memory."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(
        int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")
    )


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _package_bytes(package: str) -> int:
    """Bytes of an installed package; an encoder that is not installed is not read either."""
    found = importlib.util.find_spec(package)
    return _bytes(Path(str(found.origin)).parent) if found else 0


def main(verb: str, key: str, folder: str, *rest: str) -> None:
    """One step: `train` by a part, as its two fields in JSON, or `test` on files.

    Whatever libraries print goes to stderr, so that stdout holds the result alone.
    """
    with contextlib.redirect_stdout(sys.stderr):
        tested = None
        if verb == "train":
            size, held_out = json.loads(rest[0])
            PEERS[key]().train(Part(size, tuple(held_out)).learnt(), Path(folder))
        else:
            tested = _test(key, Path(folder), [Path(file) for file in rest])
    print(json.dumps(tested))


if __name__ == "__main__":
    main(*sys.argv[1:])
