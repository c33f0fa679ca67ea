"""How long `make run` takes until a real question is answered, and what all of it holds when idle.

Twice with one new store: the first start makes the ledger and the demo town, the second finds them.
Installing and training are not part of it; `make bench` does both before.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IDLE = 10.0
"""Seconds of rest before memory is read."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for which in ("first", "second"):
            seconds, memory = measure(Path(folder))
            print(f"{which} start: {seconds:.1f} s to the first answer")
    for name, pss in memory:
        print(f"{pss:8.0f} MB  {name}")
    print(f"{sum(pss for _name, pss in memory):8.0f} MB  idle memory of all (PSS)")


def measure(var_dir: Path) -> tuple[float, list[tuple[str, float]]]:
    """Start, wait, read, stop: seconds to the first answer, and megabytes by process."""
    ports = [str(port) for port in free_ports(3)]
    environment = os.environ | {
        "DAOZHANG_VAR_DIR": str(var_dir),
        "DAOZHANG_DATABASE_URL": f"sqlite:///{var_dir / 'store.sqlite3'}",
        "DAOZHANG_BOT_PORT": ports[1],
        "DAOZHANG_ACTIONS_PORT": ports[2],
    }
    command = ["make", "--silent", "run", f"PORT={ports[0]}"]
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as make:
        try:
            said = list(lines_until_ready(make))
            seconds = time.monotonic() - began
            if make.poll() is not None:
                raise SystemExit("".join(said))
            time.sleep(IDLE)
            return seconds, [(named(pid), proportional(pid)) for pid in offspring(make.pid)]
        finally:
            make.send_signal(signal.SIGTERM)
            make.communicate()


def lines_until_ready(make: subprocess.Popen[str]) -> Iterator[str]:
    for line in make.stdout or ():
        yield line
        if "http://" in line:
            return


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at the moment."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def offspring(pid: int) -> list[int]:
    """The processes below `pid`, children before grandchildren."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return children + [one for child in children for one in offspring(child)]


def named(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    return " ".join(Path(word).name for word in words[:5])


def proportional(pid: int) -> float:
    """Megabytes of `pid`, what it shares with others counted in part (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in rollup if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
