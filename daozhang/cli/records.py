"""Verbs about the records: their tables, the demo world, bills and worlds from files, a verdict."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from daozhang.cli.common import Moment, store
from daozhang.errors import InputError

app = typer.Typer()
ledger = typer.Typer(help="账本：装入手写的世界（docs/worlds.md）。", no_args_is_help=True)

DAYS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


@app.command()
def migrate() -> None:
    """建立或升级账本的表。"""
    from daozhang.migrating import migrate as migrate_store

    with store() as (_settings, engine, _sessions):
        migrate_store(engine)


@app.command()
def simulate(
    seed: Annotated[int, typer.Option(help="同一个种子得到同一个世界")] = 1,
    at: Moment = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="只在账本为空或已过时时")] = False,
) -> None:
    """重新生成演示世界；账本里有真实数据时拒绝。"""
    from daozhang.clock import SHANGHAI
    from daozhang.migrating import TABLES
    from daozhang.simulation.standing import is_stale, renew

    with store(fill=True) as (settings, _engine, sessions), sessions.begin() as session:
        now = at.replace(tzinfo=SHANGHAI) if at else settings.clock.now()
        if if_stale and not is_stale(session, now):
            return
        world = renew(session, TABLES, seed=seed, now=now)
        print(f"演示世界：{world.merchants} 家商户，{world.txns} 笔交易，{world.faults} 处故障")


@app.command("import")
def import_bills(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[格式] 文件", help="格式可以不写，文件自己会说明；见 docs/imports.md"
        ),
    ] = None,
    watch: Annotated[Path | None, typer.Option(help="看着一个文件夹，放进来的账单都导入")] = None,
    mid: Annotated[str | None, typer.Option(help="账单里没有写商户号时，写明是谁的")] = None,
    every: Annotated[float, typer.Option(min=0.1, help="隔几秒看一次文件夹")] = 5.0,
) -> None:
    """把外面的账单导入账本。"""
    from daozhang.importing import import_one, watch_folder

    words = words or []
    if (watch is None and len(words) not in (1, 2)) or (watch is not None and words):
        raise InputError("请写 daozhang import [格式] 文件，或 daozhang import --watch 文件夹")
    with store(fill=True) as (settings, _engine, sessions):
        if watch is not None:
            watch_folder(sessions, settings.clock, watch, every)
        else:
            *fmt, file = words
            import_one(sessions, settings.clock, Path(file), fmt[0] if fmt else None, mid)


@app.command()
def explain(
    merchant: Annotated[str, typer.Option(help="商户号")],
    ref: Annotated[str | None, typer.Option(help="参考号或订单号")] = None,
    amount: Annotated[str | None, typer.Option(help="金额，单位元")] = None,
    since: Annotated[datetime | None, typer.Option(formats=DAYS, help="从这天起")] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAYS, help="到这天为止，不含")] = None,
    claim: Annotated[str | None, typer.Option(help="商户自己说的原因，如 bank_outage")] = None,
    text: Annotated[str | None, typer.Option(help="商户的原话，由机器人来听")] = None,
    at: Moment = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """查一家商户的钱：在哪里、为什么、依据哪些记录；不写条件就查所有没到账的。"""
    import json

    from daozhang.clock import SHANGHAI
    from daozhang.diagnosis.explain import asked, claim_named
    from daozhang.diagnosis.explain import explain as judge
    from daozhang.settlement.calendar import WorkCalendar

    query, said = asked(ref, amount, since, until), claim_named(claim)
    with store() as (settings, _engine, sessions), sessions() as session:
        now = at.replace(tzinfo=SHANGHAI) if at else settings.clock.now()
        if text is not None:
            from daozhang.cases.search import asked_of
            from daozhang.hearing import understand

            meant = asked_of(understand(text, now))
            query = meant.query if meant.names_any else None
            said = meant.claim
        found = judge(session, WorkCalendar.load(), now, merchant, query, said)
    print(json.dumps(found.json, ensure_ascii=False, indent=2) if as_json else found.text)


@ledger.command("load")
def load_ledger(file: Path) -> None:
    """把一份手写的世界（JSON）装进账本，要么全装，要么不装。"""
    from daozhang.ledger.loading import load_world

    with store(fill=True) as (_settings, _engine, sessions), sessions.begin() as session:
        report = load_world(session, file)
    print("，".join(f"{table} {count}" for table, count in report.rows.items()))
