"""Prints what the bot understands of one message, as Rasa's `latest_message` in one line of JSON.

`python bot/understand.py TEXT [--now ISO]`; the model is the one of the present data.
"""

from __future__ import annotations

import argparse
import json
import sys

from evaluate import load_parser
from train import model_path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text")
    parser.add_argument("--now", help="the moment that the message is said, ISO 8601")
    given = parser.parse_args()
    model = model_path()
    if not model.is_file():
        print("还没有训练好的机器人，请先运行 make train", file=sys.stderr)
        return 1
    parse = load_parser(model)
    print(json.dumps(parse(given.text, {"now": given.now} if given.now else {}), default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())
