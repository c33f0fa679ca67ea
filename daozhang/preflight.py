"""What must hold before anything is started: disk, ports, a key for tokens."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import socket
from pathlib import Path

from daozhang.channels.tokens import token_key
from daozhang.errors import ConfigError
from daozhang.settings import Settings

__all__ = ["check_machine", "demo_secret"]

LEAST_FREE = 1_000_000_000
"""Bytes that must be free on the disk of `var/`: a training and a month of logs fit."""


def check_machine(settings: Settings) -> None:
    """Raise ConfigError, with the remedy, for a full disk, a weak key or a port not to be had."""
    if settings.token_secret.get_secret_value():
        token_key(settings)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(settings.var_dir).free) < LEAST_FREE:
        raise ConfigError(f"磁盘只剩 {free // 1_000_000} MB，至少要 1 GB；请清理后再启动")
    _check_port(settings.host, settings.port, "用 make run PORT=… 换一个")
    if len({settings.port, settings.bot_port, settings.actions_port}) < 3:
        raise ConfigError(
            f"网关（{settings.port}）、机器人（{settings.bot_port}）和动作服务"
            f"（{settings.actions_port}）要用三个不同的端口"
        )
    for name, port in (("BOT", settings.bot_port), ("ACTIONS", settings.actions_port)):
        _check_port("127.0.0.1", port, f"用环境变量 DAOZHANG_{name}_PORT 换一个")


def demo_secret(var_dir: Path) -> str:
    """The key for demo tokens, made on first use and readable by its owner only."""
    var_dir.mkdir(parents=True, exist_ok=True)
    path = var_dir / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret + "\n")
    return secret


def _check_port(host: str, port: int, remedy: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            what = "已被别的程序占用" if taken else f"用不了（{error.strerror}）"
            raise ConfigError(f"端口 {port} {what}；请先停掉它，或{remedy}") from None
