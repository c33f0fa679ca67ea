#!/usr/bin/env python3
"""Refuses training examples that repeat another one, contradict it, or repeat a line of a test.

`bot/.venv/bin/python scripts/check_examples.py [--remove]` names file, line and the twin.
With `--remove` repeated examples are taken out of data/nlu; contradictions are left to a person.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bot"))

from components.examples import DATA, read_examples  # noqa: E402
from measuring.checking import find_faults, remove  # noqa: E402
from measuring.lines import read_lines  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--remove", action="store_true", help="take repeated examples out")
    options = parser.parse_args()
    examples = read_examples(DATA)
    tests = [
        (f"{file.relative_to(ROOT)}:{number}", line)
        for file in sorted((ROOT / "tests" / "nlu").glob("*.jsonl"))
        for number, line in enumerate(read_lines(file), 1)
    ]
    faults = list(find_faults(examples, tests))
    for fault in faults:
        place = f"{fault.example.file.relative_to(ROOT)}:{fault.example.number}"
        other = fault.place.removeprefix(f"{ROOT}/")
        print(f"{place} {fault.example.text}：{fault.why}，{other} {fault.other}")
    if options.remove:
        print(f"删去 {remove(faults)} 句", file=sys.stderr)
        return int(any(not fault.certain for fault in faults))
    if faults:
        print(f"共 {len(faults)} 处；重复的可以用 --remove 删去", file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
