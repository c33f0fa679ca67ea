"""`daozhang tickets`: what people have to answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from daozhang.cli.common import store

if TYPE_CHECKING:
    from daozhang.desk.desk import Desk

app = typer.Typer(help="人工工单：查看、回复、结单。", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="工单号，例如 DZ261122-0007")]


@app.command("list")
def list_tickets() -> None:
    """没有结的工单，最早的在前。"""
    with _desk() as desk:
        for one in desk.list_tickets():
            print(
                f"{one.number}  {one.opened_at:%m-%d %H:%M}  {one.state}  {one.mid}  {one.reason}"
            )


@app.command("show")
def show_ticket(number: Number) -> None:
    """一张工单的摘要和全部对话，每句前面是消息号。"""
    with _desk() as desk:
        ticket = desk.show_ticket(number)
    print(*ticket.summary, sep="\n")
    for entry in ticket.transcript:
        print(f"{entry.id}  {entry.at:%m-%d %H:%M} {entry.author}：{entry.text}")


@app.command("reply")
def reply_to_ticket(
    number: Number, text: str, staff: Annotated[str, typer.Option(help="回复人")] = "staff"
) -> None:
    """以人工的身份回复商户；从此对话由人工接管。"""
    with _desk() as desk:
        desk.reply(number, text, staff)
    print(f"已回复 {number}")


@app.command("close")
def close_ticket(number: Number) -> None:
    """结单；对话交还机器人。"""
    with _desk() as desk:
        desk.close(number)
    print(f"已结单 {number}")


@contextmanager
def _desk() -> Iterator[Desk]:
    from daozhang.desk.desk import Desk

    with store() as (settings, _engine, sessions):
        yield Desk(sessions, settings.clock)
