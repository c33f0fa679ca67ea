"""Verbs of the bot's room: train it, measure it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from daozhang.errors import ConfigError, InputError

app = typer.Typer()


@app.command()
def train() -> None:
    """训练机器人；数据没变就什么也不做。"""
    from daozhang.product import TRAIN

    _become(*TRAIN)


@app.command()
def evaluate(
    file: Path,
    errors: Annotated[bool, typer.Option("--errors", help="再列出每一句没听对的")] = False,
    plot: Annotated[Path | None, typer.Option(help="把混淆矩阵和可信度画到这个文件夹")] = None,
) -> None:
    """用一份带答案的句子（JSON Lines）衡量机器人听懂了多少。"""
    from daozhang.product import BOT_PYTHON
    from daozhang.settings import ROOT

    if not file.is_file():
        raise InputError(f"没有文件 {file}")
    flags = [*(["--errors"] if errors else []), *(["--plot", str(plot)] if plot else [])]
    _become(BOT_PYTHON, str(ROOT / "bot" / "evaluate.py"), str(file), *flags)


def _become(*command: str) -> None:
    """Replace this process by a program of the bot's room."""
    try:
        os.execv(command[0], command)  # noqa: S606 - the program is ours
    except FileNotFoundError:
        raise ConfigError("机器人的环境还没有安装，请先 make setup") from None
