"""`daozhang nlu`: what was not understood becomes examples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daozhang.cli.common import store

app = typer.Typer(help="从使用中学：没听懂的话，人来标注，导出给人看过再用。", no_args_is_help=True)


@app.command("review")
def review_lessons(
    limit: Annotated[int, typer.Option(min=1, help="最多列出几条")] = 50,
) -> None:
    """没听懂的和已标注的消息，最新的在前：消息号、时间、机器人的猜测和把握、标注、原话。"""
    from daozhang.desk.lessons import review

    with store() as (_settings, _engine, sessions), sessions() as session:
        for one in review(session, limit):
            guess = one.guess
            guessed = f"猜 {guess.intent} {guess.confidence:.2f}" if guess else "没有猜测"
            named = "+".join(guess.causes) if guess else ""
            label = "+".join((one.intent, *one.causes)) if one.intent else "未标注"
            print(
                f"{one.message_id}  {one.at:%m-%d %H:%M}  {guessed}  {named or '-'}  "
                f"{label}  {one.text}"
            )


@app.command("label")
def label_lesson(
    message: Annotated[str, typer.Argument(help="消息号，见 review；听错了的消息也可以")],
    intent: Annotated[str, typer.Option(help="说话人的意图，如 report_delay")],
    cause: Annotated[list[str] | None, typer.Option(help="原因，可写两次；不写就是没有")] = None,
    staff: Annotated[str, typer.Option(help="标注人")] = "staff",
) -> None:
    """说明一条消息是什么意思；再标一次就以后一次为准。"""
    from daozhang.desk.lessons import label

    with store() as (settings, _engine, sessions), sessions.begin() as session:
        label(session, message, intent, cause or [], staff, settings.clock.now())
    print(f"已标注 {message}")


@app.command("export")
def export_lessons(
    file: Annotated[Path | None, typer.Argument(help="写到这个文件；不写就打印出来")] = None,
) -> None:
    """把已标注、data/nlu 里还没有的消息写成训练数据的样子，人看过再放进去。"""
    from daozhang.desk.lessons import export, write_export

    with store() as (_settings, _engine, sessions), sessions() as session:
        exported = export(session)
    if file is None:
        print(exported, end="")
    else:
        write_export(exported, file)
