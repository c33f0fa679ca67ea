"""Verbs that start something: the whole product, one of its processes, a talk with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from daozhang.cli.common import Moment

if TYPE_CHECKING:
    from daozhang.settings import Settings

app = typer.Typer()


@app.command()
def run(
    at: Moment = None,
    port: Annotated[int | None, typer.Option(help="网关端口，默认 8080")] = None,
    demo: Annotated[bool, typer.Option(help="演示页和模拟商户")] = True,
) -> None:
    """准备好一切并启动：机器人、动作、网关、后台；Ctrl-C 全部停止。"""
    from daozhang.product import offset_to, run_product
    from daozhang.progress import Progress
    from daozhang.settings import load_settings

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
    from daozhang.settings import load_settings
    from daozhang.worker import run_worker

    _log_to_stderr()
    run_worker(load_settings())


@app.command()
def chat(
    merchant: Annotated[str | None, typer.Option(help="商户号；不写就是没有登录的访客")] = None,
) -> None:
    """在终端里以商户或访客的身份对话（网关要先启动）。"""
    from daozhang.terminal_chat import chat as chat_as

    chat_as(_settings_with_key(), merchant)


def _settings_with_key() -> Settings:
    """The settings; where no key for tokens is set, with the one that `run` made."""
    from pydantic import SecretStr

    from daozhang.preflight import demo_secret
    from daozhang.settings import load_settings

    settings = load_settings()
    if settings.token_secret.get_secret_value():
        return settings
    return settings.model_copy(update={"token_secret": SecretStr(demo_secret(settings.var_dir))})


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
