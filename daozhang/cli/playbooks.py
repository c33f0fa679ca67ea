"""`daozhang playbook`: the fixes step by step, checked, drawn and tried."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from daozhang.errors import InputError

app = typer.Typer(help="检查和查看 data/playbooks 里的处理手册。", no_args_is_help=True)

Cause = Annotated[str, typer.Argument(metavar="手册", help="文件名，例如 network_communication")]


@app.command("check")
def check_playbooks() -> None:
    """检查所有手册，把每一处问题写成一行。"""
    from daozhang.playbook.loader import PLAYBOOKS, find_problems

    files = sorted(PLAYBOOKS.glob("*.yml"))
    problems = [one for f in files for one in find_problems(f.read_text("utf-8"), f.stem)]
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print(f"{len(files)} 份手册都没有问题")


@app.command("show")
def show_playbook(
    key: Cause,
    svg: Annotated[Path | None, typer.Option(help="画成 SVG 图，存到这个文件")] = None,
) -> None:
    """把一份手册画成流程图：Mermaid 文字，或 SVG 图。"""
    from daozhang.playbook import load_playbook, to_mermaid, to_svg

    playbook = load_playbook(key)
    if svg is None:
        print(to_mermaid(playbook), end="")
        return
    try:
        svg.write_text(to_svg(playbook), encoding="utf-8")
    except OSError as error:
        raise InputError(f"写不进 {svg}：{error.strerror}") from None


@app.command("try")
def try_playbook(key: Cause) -> None:
    """在终端里走一遍手册；记录里有什么，由您来说。不碰账本。"""
    from daozhang.clock import Clock
    from daozhang.playbook_try import try_out

    try_out(key, iter(sys.stdin.readline, ""), print, Clock().now())
