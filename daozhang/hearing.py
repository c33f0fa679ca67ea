"""Asking the bot's room what a text means, without a running bot."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime

from daozhang.errors import BotUnavailable
from daozhang.product import BOT_PYTHON
from daozhang.settings import ROOT
from daozhang.understanding import Understanding

__all__ = ["understand"]

_PATIENCE = 120.0
"""Seconds; loading the model takes most of them."""


def understand(text: str, now: datetime) -> Understanding:
    """What the trained bot makes of `text`, said at `now`. Raises BotUnavailable with one line."""
    command = [
        BOT_PYTHON,
        str(ROOT / "bot" / "understand.py"),
        "--now",
        now.isoformat(),
        "--",
        text,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        raise BotUnavailable("机器人的环境没有准备好，请先运行 make train") from None
    last = done.stdout.strip().splitlines()[-1:]
    if done.returncode != 0 or not last:
        reason = done.stderr.strip().splitlines()[-1:] or ["没有回答"]
        raise BotUnavailable(f"机器人没有听懂：{reason[0]}")
    return Understanding.from_latest_message(json.loads(last[0]))
