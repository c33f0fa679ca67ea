"""Scores the trained bot on a file of labelled utterances (JSON lines, LANGUAGE.md).

`python bot/evaluate.py FILE [--model M] [--errors] [--plot DIR]` prints one JSON object. With
`--errors` the misses follow, one JSON object a line; with `--plot` pictures of confusions and of
confidence against right answers are drawn into DIR.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measuring.answers import Answer
from measuring.lines import BadLine, Line, read_lines
from measuring.scoring import evaluate

__all__ = ["load_parser"]


def load_parser(model: Path) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, help="default: that of the present training data")
    parser.add_argument("--errors", action="store_true", help="list the misses as well")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="draw pictures into DIR")
    options = parser.parse_args()
    from train import model_path

    model = options.model or model_path()
    for needed in (options.file, model):
        if not needed.is_file():
            print(f"没有这个文件：{needed}", file=sys.stderr)
            return 1
    try:
        lines = read_lines(options.file)
    except (BadLine, UnicodeDecodeError) as error:
        print(f"评测文件用不了：{error}", file=sys.stderr)
        return 1
    parse = load_parser(model)

    def understood(line: Line) -> Answer:
        return Answer.of(parse(line.text, {"now": line.now} if line.now else {}))

    report = evaluate(lines, understood)
    print(json.dumps(report.summary(), ensure_ascii=False, indent=2))
    if options.errors:
        for miss in report.misses:
            print(json.dumps(miss, ensure_ascii=False))
    if options.plot:
        from measuring.pictures import draw

        try:
            drawn = draw(report, options.plot)
        except OSError as error:
            print(f"图画不了：{error}", file=sys.stderr)
            return 1
        for file in drawn:
            print(file, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
