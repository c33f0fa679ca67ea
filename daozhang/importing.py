"""Importing as a person at the terminal sees it: a bar while it goes on, and a line at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from daozhang.clock import Clock
from daozhang.database import Sessions
from daozhang.ledger.importers import ImportReport, detect, import_file, watch
from daozhang.ledger.importers.formats import format_named
from daozhang.ledger.importers.store import Progress as Told
from daozhang.ledger.importers.watch import every

__all__ = ["import_one", "watch_folder"]


def import_one(
    sessions: Sessions, clock: Clock, file: Path, fmt: str | None, mid: str | None
) -> None:
    """Take in one bill and print what became of its lines. Raises as `import_file` does."""
    form = format_named(fmt) if fmt else detect(file)
    with _bar(file.name) as told:
        report = import_file(sessions, file, fmt=form.name, clock=clock, mid=mid, progress=told)
    print(f"{file.name}（{form.title}）：{_told(report)}")


def watch_folder(sessions: Sessions, clock: Clock, folder: Path, seconds: float) -> None:
    """Take in what is put into `folder`, until somebody stops it. Raises as `watch` does."""

    def take(file: Path) -> ImportReport:
        with _bar(file.name) as told:
            return import_file(sessions, file, clock=clock, progress=told)

    try:
        for seen in watch(folder, take, every(seconds)):
            outcome = _told(seen.report) if seen.report else seen.reason
            print(f"{seen.name}：{outcome}", flush=True)
    except KeyboardInterrupt:
        return


def _told(report: ImportReport) -> str:
    passed = f"，不入账 {report.passed}" if report.passed else ""
    where = "（原因和行号见表 quarantined_lines）" if report.quarantined else ""
    return (
        f"{report.lines} 行，新增 {report.stored}，已有 {report.known}{passed}，"
        f"隔离 {report.quarantined}{where}"
    )


@contextmanager
def _bar(name: str) -> Iterator[Told]:
    """A bar that counts lines; nothing is shown where no person looks."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f} 行"),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(name, total=None)
        yield lambda lines: bar.update(task, completed=lines)
