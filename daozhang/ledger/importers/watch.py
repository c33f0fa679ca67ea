"""Take in whatever bill is put into a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy.exc import OperationalError

from daozhang.errors import InputError
from daozhang.ledger.importers.store import ImportReport

__all__ = ["Seen", "every", "watch"]

DONE, REJECTED = "done", "rejected"
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
"""Endings under which browsers and FTP clients write what has not arrived yet."""

type Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a file: it was taken in and moved to done/ (`report`), or it was not.

    With `waits` the ledger could not be written to; the file stays and is tried again. Otherwise
    it lies in rejected/, and `reason` beside it in <name>.reason.txt.
    """

    name: str
    report: ImportReport | None = None
    reason: str | None = None
    waits: bool = False


def every(seconds: float) -> Iterator[None]:
    """Ticks without end, one at once and then one each `seconds`."""
    yield
    while True:
        time.sleep(seconds)
        yield


def watch(
    folder: Path, take: Callable[[Path], ImportReport], ticks: Iterable[None]
) -> Iterator[Seen]:
    """At each tick, take in the files of `folder` that have not changed since the tick before.

    Folders, hidden files and names of unfinished downloads are left alone. `take` raises
    InputError for a file that is refused. Raises InputError when `folder` is none, or a file
    cannot be moved away.
    """
    if not folder.is_dir():
        raise InputError(f"没有文件夹 {folder}；请先建好，再放入账单")
    before: dict[Path, Size] = {}
    for _ in ticks:
        now = _sizes(folder)
        for path in sorted(now):
            if before.get(path) == now[path]:
                seen = _handle(folder, path, take)
                if not seen.waits:
                    del now[path]
                yield seen
        before = now


def _sizes(folder: Path) -> dict[Path, Size]:
    sizes: dict[Path, Size] = {}
    for path in folder.iterdir():
        if path.name.startswith((".", "~$")) or path.name.lower().endswith(_UNFINISHED):
            continue
        try:
            if path.is_file():
                facts = path.stat()
                sizes[path] = facts.st_size, facts.st_mtime_ns
        except FileNotFoundError:
            continue  # taken away while we looked
    return sizes


def _handle(folder: Path, path: Path, take: Callable[[Path], ImportReport]) -> Seen:
    try:
        report = take(path)
    except InputError as error:
        moved = _move(path, folder / REJECTED)
        moved.with_name(f"{moved.name}.reason.txt").write_text(f"{error}\n", encoding="utf-8")
        return Seen(path.name, reason=str(error))
    except OperationalError:
        return Seen(path.name, reason="账库现在写不进去，稍后再试", waits=True)
    _move(path, folder / DONE)
    return Seen(path.name, report=report)


def _move(path: Path, to: Path) -> Path:
    """Move `path` into the folder `to`; a name that is taken gets a number."""
    try:
        to.mkdir(exist_ok=True)
        names = (f"{path.stem}{f'-{n}' if n else ''}{path.suffix}" for n in count())
        target = next(to / name for name in names if not (to / name).exists())
        return path.rename(target)
    except OSError as error:
        raise InputError(f"移不动文件 {path.name}：{error.strerror}") from None
