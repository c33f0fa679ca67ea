"""`daozhang incidents`: what many merchants suffer, and what of it is public."""

from __future__ import annotations

from typing import Annotated

import typer

from daozhang.cli.common import store
from daozhang.ledger.words import IncidentScope

app = typer.Typer(help="故障：疑似的、进行中的，公告什么由人决定。", no_args_is_help=True)


@app.command("list")
def list_incidents() -> None:
    """正在进行的故障，和从很多商户的记录里看出来的疑似故障。"""
    from daozhang.diagnosis.crowd import suspicions
    from daozhang.ledger.incidents import running

    with store() as (settings, _engine, sessions), sessions() as session:
        now = settings.clock.now()
        for one in running(session, now):
            told = one.public_text or "（未公布）"
            print(f"{one.id}  {one.scope}  {one.target}  {one.since:%m-%d %H:%M} 起  {told}")
        for two in suspicions(session, now):
            print(
                f"疑似  {two.scope}  {two.target}  {two.since:%m-%d %H:%M} 起  "
                f"{two.merchants} 家商户，{two.troubled}/{two.looked_at}（{two.fact}）"
            )


@app.command("open")
def open_incident(
    scope: Annotated[
        IncidentScope, typer.Argument(help="bank、channel、platform、region、version")
    ],
    target: Annotated[str, typer.Argument(help="银行全名、渠道、地区或版本；platform 写 -")],
    public: Annotated[str | None, typer.Option(help="可以告诉商户的话；不写就不公布")] = None,
    planned: Annotated[bool, typer.Option(help="是计划内的")] = False,
) -> None:
    """确认一起故障。从现在起，受影响的商户问起时只听到公布的话。"""
    from daozhang.ledger.incidents import begin

    with store(fill=True) as (settings, _engine, sessions), sessions.begin() as session:
        name = "" if target == "-" else target
        begun = begin(session, scope, name, settings.clock.now(), public, planned=planned)
        print(begun.id)


@app.command("close")
def close_incident(number: Annotated[int, typer.Argument(help="list 里的号")]) -> None:
    """故障结束。"""
    from daozhang.ledger.incidents import end

    with store(fill=True) as (settings, _engine, sessions), sessions.begin() as session:
        end(session, number, settings.clock.now())
