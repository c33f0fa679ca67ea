"""The `daozhang` command. Each verb calls one thing of a floor below, and loads only that."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daozhang.errors import ConfigError, DaoZhangError, InputError
from daozhang.ledger.words import IncidentScope
from daozhang.settings import ROOT, Settings, load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from daozhang.database import Sessions
    from daozhang.desk.desk import Desk

__all__ = ["app", "main"]

app = typer.Typer(
    help="到账：商户的钱在哪里、为什么、什么时候到。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
playbooks = typer.Typer(help="检查和查看 data/playbooks 里的处理手册。", no_args_is_help=True)
tickets = typer.Typer(help="人工工单：查看、回复、结单。", no_args_is_help=True)
incidents = typer.Typer(help="故障：疑似的、进行中的，公告什么由人决定。", no_args_is_help=True)
ledger = typer.Typer(help="账本：装入手写的世界（docs/worlds.md）。", no_args_is_help=True)
nlu = typer.Typer(help="从使用中学：没听懂的话，人来标注，导出给人看过再用。", no_args_is_help=True)
app.add_typer(incidents, name="incidents")
app.add_typer(ledger, name="ledger")
app.add_typer(nlu, name="nlu")
app.add_typer(playbooks, name="playbook")
app.add_typer(tickets, name="tickets")

Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], help="当作现在的时刻（上海）"),
]
DAYS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]
Cause = Annotated[str, typer.Argument(metavar="手册", help="文件名，例如 network_communication")]
Number = Annotated[str, typer.Argument(help="工单号，例如 DZ261122-0007")]


def main() -> None:
    """Run the command line. Errors raised on purpose are one line on stderr and exit code 1."""
    try:
        app()
    except DaoZhangError as error:
        sys.exit(str(error))


@app.command()
def run(
    at: Moment = None,
    port: Annotated[int | None, typer.Option(help="网关端口，默认 8080")] = None,
    demo: Annotated[bool, typer.Option(help="演示页和模拟商户")] = True,
) -> None:
    """准备好一切并启动：机器人、动作、网关、后台；Ctrl-C 全部停止。"""
    from daozhang.product import offset_to, run_product
    from daozhang.progress import Progress

    changes: dict[str, object] = {"demo": demo}
    if port is not None:
        changes["port"] = port
    if at is not None:
        changes["clock_offset_seconds"] = offset_to(at)
    run_product(load_settings().model_copy(update=changes), Progress())


@app.command()
def serve() -> None:
    """只启动网关（地址和端口见 DAOZHANG_HOST、DAOZHANG_PORT）。"""
    import uvicorn

    from daozhang.app import create_app

    settings = _settings_with_key()
    _log_to_stderr()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )


@app.command()
def worker() -> None:
    """只启动后台：兑现对商户的承诺。"""
    from daozhang.worker import run_worker

    _log_to_stderr()
    run_worker(load_settings())


@app.command()
def migrate() -> None:
    """建立或升级账本的表。"""
    from daozhang.migrating import migrate as migrate_store

    with _store() as (_settings, engine, _sessions):
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

    with _store(fill=True) as (settings, _engine, sessions), sessions.begin() as session:
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
    with _store(fill=True) as (settings, _engine, sessions):
        if watch is not None:
            watch_folder(sessions, settings.clock, watch, every)
        else:
            *fmt, file = words
            import_one(sessions, settings.clock, Path(file), fmt[0] if fmt else None, mid)


@app.command()
def chat(
    merchant: Annotated[str | None, typer.Option(help="商户号；不写就是没有登录的访客")] = None,
) -> None:
    """在终端里以商户或访客的身份对话（网关要先启动）。"""
    from daozhang.terminal_chat import chat as chat_as

    chat_as(_settings_with_key(), merchant)


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

    if not file.is_file():
        raise InputError(f"没有文件 {file}")
    flags = [*(["--errors"] if errors else []), *(["--plot", str(plot)] if plot else [])]
    _become(BOT_PYTHON, str(ROOT / "bot" / "evaluate.py"), str(file), *flags)


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
    with _store() as (settings, _engine, sessions), sessions() as session:
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

    with _store(fill=True) as (_settings, _engine, sessions), sessions.begin() as session:
        report = load_world(session, file)
    print("，".join(f"{table} {count}" for table, count in report.rows.items()))


@playbooks.command("check")
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


@playbooks.command("show")
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


@playbooks.command("try")
def try_playbook(key: Cause) -> None:
    """在终端里走一遍手册；记录里有什么，由您来说。不碰账本。"""
    from daozhang.clock import Clock
    from daozhang.playbook_try import try_out

    try_out(key, iter(sys.stdin.readline, ""), print, Clock().now())


@tickets.command("list")
def list_tickets() -> None:
    """没有结的工单，最早的在前。"""
    with _desk() as desk:
        for one in desk.list_tickets():
            print(
                f"{one.number}  {one.opened_at:%m-%d %H:%M}  {one.state}  {one.mid}  {one.reason}"
            )


@tickets.command("show")
def show_ticket(number: Number) -> None:
    """一张工单的摘要和全部对话，每句前面是消息号。"""
    with _desk() as desk:
        ticket = desk.show_ticket(number)
    print(*ticket.summary, sep="\n")
    for entry in ticket.transcript:
        print(f"{entry.id}  {entry.at:%m-%d %H:%M} {entry.author}：{entry.text}")


@tickets.command("reply")
def reply_to_ticket(
    number: Number, text: str, staff: Annotated[str, typer.Option(help="回复人")] = "staff"
) -> None:
    """以人工的身份回复商户；从此对话由人工接管。"""
    with _desk() as desk:
        desk.reply(number, text, staff)
    print(f"已回复 {number}")


@tickets.command("close")
def close_ticket(number: Number) -> None:
    """结单；对话交还机器人。"""
    with _desk() as desk:
        desk.close(number)
    print(f"已结单 {number}")


@incidents.command("list")
def list_incidents() -> None:
    """正在进行的故障，和从很多商户的记录里看出来的疑似故障。"""
    from daozhang.diagnosis.crowd import suspicions
    from daozhang.ledger.incidents import running

    with _store() as (settings, _engine, sessions), sessions() as session:
        now = settings.clock.now()
        for one in running(session, now):
            told = one.public_text or "（未公布）"
            print(f"{one.id}  {one.scope}  {one.target}  {one.since:%m-%d %H:%M} 起  {told}")
        for two in suspicions(session, now):
            print(
                f"疑似  {two.scope}  {two.target}  {two.since:%m-%d %H:%M} 起  "
                f"{two.merchants} 家商户，{two.troubled}/{two.looked_at}（{two.fact}）"
            )


@incidents.command("open")
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

    with _store(fill=True) as (settings, _engine, sessions), sessions.begin() as session:
        name = "" if target == "-" else target
        begun = begin(session, scope, name, settings.clock.now(), public, planned=planned)
        print(begun.id)


@incidents.command("close")
def close_incident(number: Annotated[int, typer.Argument(help="list 里的号")]) -> None:
    """故障结束。"""
    from daozhang.ledger.incidents import end

    with _store(fill=True) as (settings, _engine, sessions), sessions.begin() as session:
        end(session, number, settings.clock.now())


@nlu.command("review")
def review_lessons(
    limit: Annotated[int, typer.Option(min=1, help="最多列出几条")] = 50,
) -> None:
    """没听懂的和已标注的消息，最新的在前：消息号、时间、机器人的猜测和把握、标注、原话。"""
    from daozhang.desk.lessons import review

    with _store() as (_settings, _engine, sessions), sessions() as session:
        for one in review(session, limit):
            guess = one.guess
            guessed = f"猜 {guess.intent} {guess.confidence:.2f}" if guess else "没有猜测"
            named = "+".join(guess.causes) if guess else ""
            label = "+".join((one.intent, *one.causes)) if one.intent else "未标注"
            print(
                f"{one.message_id}  {one.at:%m-%d %H:%M}  {guessed}  {named or '-'}  "
                f"{label}  {one.text}"
            )


@nlu.command("label")
def label_lesson(
    message: Annotated[str, typer.Argument(help="消息号，见 review；听错了的消息也可以")],
    intent: Annotated[str, typer.Option(help="说话人的意图，如 report_delay")],
    cause: Annotated[list[str] | None, typer.Option(help="原因，可写两次；不写就是没有")] = None,
    staff: Annotated[str, typer.Option(help="标注人")] = "staff",
) -> None:
    """说明一条消息是什么意思；再标一次就以后一次为准。"""
    from daozhang.desk.lessons import label

    with _store() as (settings, _engine, sessions), sessions.begin() as session:
        label(session, message, intent, cause or [], staff, settings.clock.now())
    print(f"已标注 {message}")


@nlu.command("export")
def export_lessons(
    file: Annotated[Path | None, typer.Argument(help="写到这个文件；不写就打印出来")] = None,
) -> None:
    """把已标注、data/nlu 里还没有的消息写成训练数据的样子，人看过再放进去。"""
    from daozhang.desk.lessons import export, write_export

    with _store() as (_settings, _engine, sessions), sessions() as session:
        exported = export(session)
    if file is None:
        print(exported, end="")
    else:
        write_export(exported, file)


@contextmanager
def _store(*, fill: bool = False) -> Iterator[tuple[Settings, Engine, Sessions]]:
    """The store; with `fill` to put rows into the ledger, which only works where it is ours."""
    from sqlalchemy.exc import DBAPIError

    from daozhang.ledger.source import open_store

    settings = load_settings()
    if fill and settings.ledger_mapping is not None:
        raise ConfigError("账本在收单机构的库里，只读（DAOZHANG_LEDGER_MAPPING），不能写入")
    engine, sessions = open_store(settings)
    try:
        yield settings, engine, sessions
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise ConfigError(f"账本用不了：{reason}；请检查 DAOZHANG_DATABASE_URL") from None
    finally:
        engine.dispose()


@contextmanager
def _desk() -> Iterator[Desk]:
    from daozhang.desk.desk import Desk

    with _store() as (settings, _engine, sessions):
        yield Desk(sessions, settings.clock)


def _settings_with_key() -> Settings:
    """The settings; where no key for tokens is set, with the one that `run` made."""
    from pydantic import SecretStr

    from daozhang.preflight import demo_secret

    settings = load_settings()
    if settings.token_secret.get_secret_value():
        return settings
    return settings.model_copy(update={"token_secret": SecretStr(demo_secret(settings.var_dir))})


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _become(*command: str) -> None:
    """Replace this process by a program of the bot's room."""
    try:
        os.execv(command[0], command)  # noqa: S606 - the program is ours
    except FileNotFoundError:
        raise ConfigError("机器人的环境还没有安装，请先 make setup") from None
