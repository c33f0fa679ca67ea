"""A small supervised house: run as a module with programs as JSON, it stands in for the product.

The command line is: folder for logs, then `{"name": ["command", …]}`, then "settled" or "starting".
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from daozhang.supervisor import Limits, Program, Supervisor, run_until_stopped

LIMITS = Limits(first_wait=0.02, longest_wait=0.1, deaths=3)


def _say(line: str) -> None:
    print(line, flush=True)


async def _live(logs: Path, programs: list[Program], settled: bool) -> None:
    supervisor = Supervisor(cwd=logs, logs=logs, say=_say, limits=LIMITS)
    supervisor.settled = settled
    async with supervisor.keep(programs):
        await asyncio.Event().wait()


if __name__ == "__main__":
    folder, commands, phase = sys.argv[1:]
    children = [
        Program(name, tuple(command), grace=1) for name, command in json.loads(commands).items()
    ]
    stopped = run_until_stopped(_live(Path(folder), children, phase == "settled"))
    _say("stopped" if stopped else "ended")
