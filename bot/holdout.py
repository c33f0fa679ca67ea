"""How sure the model may be: it is tried on writers whose lines it has not learnt.

`python bot/holdout.py [FOLDER ...]` prints, for each folder of data/nlu or those named, how much
of it is understood by a model of all others; then the temperatures and thresholds that config.yml
takes from these answers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from components.examples import DATA, read_examples
from components.features import Reading
from components.fitting import PARTS, fit
from components.heads import CAUSES, INTENT, Floats, Model, sigmoid, softmax
from components.learning import Material
from train import ROOT

_TEMPERATURES = np.arange(0.4, 1.61, 0.05)
_THRESHOLDS = np.arange(0.2, 0.71, 0.05)


@dataclass(frozen=True)
class Answers:
    """Uncalibrated probabilities (lines × labels) of lines not learnt, and what was right."""

    labels: Sequence[str]
    votes: Floats
    truth: Floats

    def right(self) -> float:
        return float(np.take_along_axis(self.truth, self.votes.argmax(1)[:, None], 1).mean())


def held_out(
    material: Material, folders: Sequence[str], without: frozenset[str]
) -> Iterator[tuple[str, Answers, Answers]]:
    """Each writer with the answers, for intents and causes, of a model that learnt the others.

    A folder of data/nlu is a writer.
    """
    for writer in folders:
        held, known = material.parted([DATA / writer])
        model = fit(known.questions({}), without)
        taught = set(model.heads[INTENT].labels)
        lines = zip(held.examples, held.whole, held.asserted, strict=True)
        asked, labelled = [], []
        for one, whole, asserted in lines:
            if one.intent in taught:
                asked.append((whole, (one.intent,)))
            if one.causes is not None:
                labelled.append((asserted, one.causes))
        yield writer, _answers(model, INTENT, asked), _answers(model, CAUSES, labelled)


def _answers(model: Model, name: str, cases: Sequence[tuple[Reading, tuple[str, ...]]]) -> Answers:
    labels = model.heads[name].labels
    votes = [dict(model.predict(name, reading)) for reading, _ in cases]
    return Answers(
        labels,
        np.array([[vote[label] for label in labels] for vote in votes]),
        np.array([[label in right for label in labels] for _, right in cases], dtype=float),
    )


def calibrated_choice(vote: Floats, temperature: float) -> Floats:
    """The vote sharpened (temperature < 1) or softened, so that 0.8 is right 8 times in 10."""
    return softmax(np.log(np.maximum(vote, 1e-12)) / temperature)


def calibrated_each(vote: Floats, temperature: float) -> Floats:
    """The same where each class is a question of its own."""
    sure = np.clip(vote, 1e-9, 1 - 1e-9)
    return sigmoid(np.log(sure / (1 - sure)) / temperature)


def best_temperature(answers: Sequence[Answers], exclusive: bool) -> float:
    """The temperature at which the right labels of all these answers are likeliest."""

    def surprise(temperature: float) -> float:
        return sum(_surprise(one, temperature, exclusive) for one in answers)

    return float(min(_TEMPERATURES, key=surprise))


def _surprise(answers: Answers, temperature: float, exclusive: bool) -> float:
    if exclusive:
        chances = (calibrated_choice(answers.votes, temperature) * answers.truth).sum(axis=1)
        return float(-np.log(np.maximum(chances, 1e-9)).sum())
    chances = calibrated_each(answers.votes, temperature)
    return float(-np.log(np.where(answers.truth > 0, chances, 1 - chances)).sum())


def cause_f1(answers: Sequence[Answers], temperature: float, threshold: float) -> float:
    """F1 of causes, at most two a line, each at least as sure as `threshold`."""
    hits = found = wanted = 0.0
    for one in answers:
        chances = calibrated_each(one.votes, temperature)
        second = np.sort(chances, axis=1)[:, -2:-1]
        chosen = (chances >= np.maximum(second, threshold)).astype(float)
        hits += float((chosen * one.truth).sum())
        found += float(chosen.sum())
        wanted += float(one.truth.sum())
    return 2 * hits / max(found + wanted, 1)


def _sure(answers: Sequence[Answers], temperature: float) -> tuple[Floats, Floats]:
    """Of every line how sure the likeliest intent is, and whether it is right."""
    chances = [calibrated_choice(one.votes, temperature) for one in answers]
    right = [
        np.take_along_axis(one.truth, one.votes.argmax(axis=1)[:, None], axis=1)[:, 0]
        for one in answers
    ]
    return np.concatenate([one.max(axis=1) for one in chances]), np.concatenate(right)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    every = sorted(one.name for one in DATA.iterdir() if one.is_dir())
    parser.add_argument("folders", nargs="*", default=every, metavar="FOLDER")
    parser.add_argument("--without", nargs="+", default=[], choices=sorted(PARTS), metavar="PART")
    options = parser.parse_args()
    threadpool_limits(1)  # one text gains nothing from more, and idle ones spin
    if unknown := set(options.folders) - set(every):
        parser.error(f"不是 data/nlu 里的文件夹：{'、'.join(sorted(unknown))}")
    intents, causes = [], []
    print("| not learnt | intents asked | right | causes F1 at 0.4 |\n|---|---:|---:|---:|")
    material = Material.read(read_examples(DATA), ROOT / "models")
    for writer, intent, cause in held_out(material, options.folders, frozenset(options.without)):
        intents.append(intent)
        causes.append(cause)
        f1 = cause_f1([cause], 1.0, 0.4)
        print(f"| {writer} | {len(intent.votes)} | {intent.right():.3f} | {f1:.3f} |", flush=True)
    warmth = best_temperature(intents, exclusive=True)
    print(f"\nintent_temperature {warmth:.2f}\n\n| threshold | asked back | right of the rest |")
    sure, right = _sure(intents, warmth)
    for threshold in _THRESHOLDS:
        kept = sure >= threshold
        print(f"| {threshold:.2f} | {1 - kept.mean():.3f} | {right[kept].mean():.3f} |")
    print("\n| confidence | lines | right |")
    for low in np.arange(0, 1, 0.1):
        bin_ = (sure >= low) & (sure < low + 0.1)
        if bin_.any():
            print(f"| {sure[bin_].mean():.2f} | {bin_.sum()} | {right[bin_].mean():.2f} |")
    warmth = best_temperature(causes, exclusive=False)
    print(f"\ncause_temperature {warmth:.2f}\n\n| threshold | cause F1 |")
    for threshold in _THRESHOLDS:
        print(f"| {threshold:.2f} | {cause_f1(causes, warmth, threshold):.3f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
