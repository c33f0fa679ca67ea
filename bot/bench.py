"""Measures the understanding, in Markdown for docs/nlu.md; `benchmarks/nlu.py` starts it.

Without a flag ours stands beside the peers; `--robustness`, `--curve` and `--ablation` are about
ours alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from components.examples import DATA, Example, read_examples
from measuring.contest import PEERS, contest
from measuring.drawing import Part
from train import model_path

ROOT = Path(__file__).resolve().parent.parent
ABLATION = ROOT / "bot" / "ablation.py"
_DEFAULT = ROOT / "tests" / "nlu" / "validation.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="JSON lines")
    parser.add_argument(
        "--examples",
        type=int,
        metavar="N",
        help="learn N of each cause, and of each intent without one; for the contest only",
    )
    parser.add_argument(
        "--held-out",
        nargs="+",
        default=[],
        choices=sorted(one.name for one in DATA.iterdir() if one.is_dir()),
        metavar="FOLDER",
        help="folders of data/nlu that are asked and not learnt; for the contest only",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--peers", nargs="+", choices=list(PEERS), help="only these")
    which.add_argument("--diet", action="store_true", help="Rasa's DIET as well: many minutes")
    which.add_argument("--robustness", action="store_true", help="typos, homophones and the like")
    which.add_argument("--curve", action="store_true", help="accuracy over number of examples")
    which.add_argument("--ablation", action="store_true", help="each part of the model off")
    options = parser.parse_args()
    if options.examples is not None and options.examples < 1:
        parser.error("--examples 要一个大于零的数")
    ours_alone = options.robustness or options.curve or options.ablation
    if ours_alone and (options.examples or options.held_out):
        parser.error("--examples 和 --held-out 只用于和别人比")
    default = [] if options.held_out else [_DEFAULT]
    files = [file.resolve() for file in options.files or default]
    needed = [model_path()] if options.robustness else [ABLATION] if options.ablation else []
    for file in (*files, *needed):
        if not (file.is_file() or (options.ablation and file.is_dir())):
            print(f"没有这个文件：{file}（模型由 make train 训练）", file=sys.stderr)
            return 1
    if options.ablation:
        return subprocess.run([sys.executable, str(ABLATION), *map(str, files)]).returncode
    for line in _lines(options, files):
        print(line, flush=True)
    return 0


def _examples() -> list[Example]:
    return read_examples(DATA)


def _lines(options: argparse.Namespace, files: list[Path]) -> Iterator[str]:
    if options.robustness:
        from measuring.peers.ours import parser_of
        from measuring.robustness import robustness

        return robustness(files, parser_of(model_path()))
    if options.curve:
        from measuring.curve import curve

        return curve(_examples(), files, model_path().parent)
    every = [key for key in PEERS if options.diet or key != "diet"]
    return contest(options.peers or every, files, Part(options.examples, tuple(options.held_out)))


if __name__ == "__main__":
    sys.exit(main())
