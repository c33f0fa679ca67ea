"""The command as a user calls it: in a process of its own, with a store of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from daozhang.settings import ROOT

BILLS = ROOT / "tests" / "ledger" / "fixtures"

type Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def daozhang(tmp_path: Path) -> Command:
    """Runs the command with `words`; other names are added to its environment."""

    def call(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "DAOZHANG_VAR_DIR": str(tmp_path / "var"),
            "DAOZHANG_DATABASE_URL": f"sqlite:///{tmp_path / 'store.sqlite3'}",
            **more,
        }
        command = [sys.executable, "-m", "daozhang", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    return call


def test_a_store_is_made_and_has_no_tickets(daozhang: Command) -> None:
    assert daozhang("migrate").returncode == 0
    listed = daozhang("tickets", "list")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "")


def test_an_error_is_one_line_and_an_exit_code(daozhang: Command) -> None:
    daozhang("migrate")
    for words in (
        ("tickets", "show", "DZ000000-0000"),
        ("import", "wechat-trade", "missing.csv"),
        ("import", "missing.csv"),
        ("import", "csv", str(BILLS / "wechat_all.csv")),
        ("import", "README.md"),
        ("import", "--watch", "missing"),
        ("import",),
        ("playbook", "show", "missing"),
        ("evaluate", "missing.jsonl"),
        ("nlu", "label", "1", "--intent", "report_delay"),
        ("nlu", "export"),
    ):
        refused = daozhang(*words)
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1, refused.stderr


def test_nobody_has_been_misunderstood_yet(daozhang: Command) -> None:
    assert daozhang("migrate").returncode == 0
    listed = daozhang("nlu", "review")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "")


def test_a_store_without_tables_is_told_in_one_line(daozhang: Command) -> None:
    refused = daozhang("tickets", "list")
    assert refused.returncode == 1
    assert refused.stderr.startswith("账本用不了")
    assert len(refused.stderr.splitlines()) == 1


def test_a_wrong_setting_is_named(daozhang: Command) -> None:
    refused = daozhang("run", DAOZHANG_PORT="eighty")
    assert refused.returncode == 1
    assert "DAOZHANG_PORT" in refused.stderr


def test_a_taken_port_stops_the_start_in_one_line(daozhang: Command) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        refused = daozhang("run", "--port", port)
    assert refused.returncode == 1
    assert (
        refused.stderr == f"端口 {port} 已被别的程序占用；请先停掉它，或用 make run PORT=… 换一个\n"
    )


def test_every_playbook_passes_and_can_be_drawn(daozhang: Command) -> None:
    assert daozhang("playbook", "check").returncode == 0
    drawn = daozhang("playbook", "show", "network_communication")
    assert drawn.stdout.startswith("flowchart TD\n")


def test_real_bills_keep_the_simulation_out(daozhang: Command) -> None:
    daozhang("migrate")
    assert daozhang("import", str(BILLS / "wechat_all.csv")).returncode == 0

    refused = daozhang("simulate")
    assert refused.returncode == 1
    assert "真实" in refused.stderr
    assert daozhang("simulate", "--if-stale").returncode == 0


def test_a_bill_says_its_format_itself_or_is_told(daozhang: Command) -> None:
    daozhang("migrate")
    bill = str(BILLS / "alipay_trade.zip")
    taken = daozhang("import", bill)
    assert taken.returncode == 0
    assert taken.stdout == (
        "alipay_trade.zip（支付宝业务明细）：4 行，新增 0，已有 0，隔离 4"
        "（原因和行号见表 quarantined_lines）\n"
    )
    assert taken.stderr == "", "no progress bar where nobody looks"
    assert daozhang("import", "alipay-trade", bill).stdout == taken.stdout


def test_no_verb_makes_the_others_load_what_it_needs() -> None:
    look = "import sys, daozhang.cli; print(*{'pydantic', 'sqlalchemy', 'yaml'} & set(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == ""
