from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from daozhang.errors import ConfigError
from daozhang.preflight import check_machine, demo_secret
from daozhang.settings import Settings


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_port() -> int:
    with taken_port() as port:
        return port


def settings(var_dir: Path, **ports: int) -> Settings:
    free = {name: free_port() for name in ("port", "bot_port", "actions_port")}
    return Settings().model_copy(update={"var_dir": var_dir} | free | ports)


def test_a_fit_machine_passes_and_has_its_folder(tmp_path: Path) -> None:
    check_machine(settings(tmp_path / "var"))
    assert (tmp_path / "var").is_dir()


@pytest.mark.parametrize(
    ("which", "remedy"),
    [
        ("port", "make run PORT="),
        ("bot_port", "DAOZHANG_BOT_PORT"),
        ("actions_port", "DAOZHANG_ACTIONS_PORT"),
    ],
)
def test_a_taken_port_is_named_with_its_remedy(tmp_path: Path, which: str, remedy: str) -> None:
    with taken_port() as port, pytest.raises(ConfigError) as refused:
        check_machine(settings(tmp_path, **{which: port}))
    assert f"端口 {port} 已被别的程序占用" in str(refused.value)
    assert remedy in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_port_cannot_serve_two_programs(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(ConfigError, match="三个不同的端口"):
        check_machine(settings(tmp_path, port=port, bot_port=port))


def test_a_key_that_is_too_short_is_refused_before_anything_starts(tmp_path: Path) -> None:
    weak = settings(tmp_path).model_copy(update={"token_secret": SecretStr("short")})
    with pytest.raises(ConfigError, match="DAOZHANG_TOKEN_SECRET"):
        check_machine(weak)


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first = demo_secret(tmp_path)
    assert demo_secret(tmp_path) == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
