"""Starts Rasa 3.6 on today's Sanic: `python bot/launch.py rasa run …`, arguments as Rasa's own.

Sanic from 22.9 on starts worker processes that do not know Rasa's app; one process is what is
wanted here anyway. Rasa then says no word to anyone: telemetry is off.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

import sanic


def _quiet() -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("DAOZHANG_ACTIONS_PORT", "5055")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")


def _in_one_process() -> None:
    run = sanic.Sanic.run

    def run_here(app: Any, *args: Any, **options: Any) -> None:
        options.pop("workers", None)
        run(app, *args, **{"single_process": True, "motd": False, **options})

    sanic.Sanic.run = run_here


def main() -> None:
    if sys.argv[1:2] != ["rasa"]:
        raise SystemExit("usage: launch.py rasa COMMAND …")
    del sys.argv[1]
    _quiet()
    _in_one_process()
    from rasa.__main__ import main as rasa

    from components import validation

    validation.install()
    rasa()


if __name__ == "__main__":
    main()
