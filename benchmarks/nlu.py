"""How much the bot understands next to what others would build on the same examples.

python benchmarks/nlu.py [FILE ...] [--diet | --peers KEY ... | --robustness | --curve | --ablation]
                        [--examples N] [--held-out FOLDER ...]

Everything is trained in this one run and prints Markdown, in the bot's environment: this is only
its door, beside those of the other benchmarks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"

if __name__ == "__main__":
    if not PYTHON.exists():
        sys.exit("机器人的环境还没有安装，请先 make setup")
    command = [str(PYTHON), "-W", "ignore", str(ROOT / "bot" / "bench.py"), *sys.argv[1:]]
    os.execv(command[0], command)  # noqa: S606 - the program is ours
