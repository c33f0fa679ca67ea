"""The `daozhang` command. Each verb calls one thing of a floor below, and loads only that."""

from __future__ import annotations

import sys

import typer

from daozhang.cli import bot, incidents, nlu, playbooks, records, running, tickets
from daozhang.errors import DaoZhangError

__all__ = ["app", "main"]

app = typer.Typer(
    help="到账：商户的钱在哪里、为什么、什么时候到。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(running.app)
app.add_typer(records.app)
app.add_typer(bot.app)
app.add_typer(incidents.app, name="incidents")
app.add_typer(records.ledger, name="ledger")
app.add_typer(nlu.app, name="nlu")
app.add_typer(playbooks.app, name="playbook")
app.add_typer(tickets.app, name="tickets")


def main() -> None:
    """Run the command line. Errors raised on purpose are one line on stderr and exit code 1."""
    try:
        app()
    except DaoZhangError as error:
        sys.exit(str(error))
