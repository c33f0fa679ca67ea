"""Take a bill out of what it comes in: a text file, a zip, a gzip or an Excel workbook."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers.lines import read_lines

__all__ = ["HEAD", "OpenBill", "head_of", "open_bill"]

HEAD = 4096
"""Bytes from the beginning of a bill by which its format is recognised."""

_ZIP, _GZIP, _OLD_EXCEL = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_DAMAGED = "文件打不开，可能没有下载完整；请重新下载"


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill's own name, which inside a zip differs from the file's, and its lines, read once."""

    name: str
    lines: Iterator[str]


@contextmanager
def open_bill(path: Path) -> Iterator[OpenBill]:
    """Open the bill at `path`. Sheets are read as lines of CSV, one row a line.

    Raises InputError when the file cannot be read, ImportRejected when it cannot be unpacked,
    also while its lines are read.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            name, lines = _unpacked(path.name, file, stack)
            yield OpenBill(name, lines)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, ParseError):
            raise ImportRejected(_DAMAGED) from None
        except gzip.BadGzipFile:
            raise ImportRejected(_DAMAGED) from None
        except OSError as error:
            raise InputError(f"读不到文件 {path.name}：{error.strerror}") from None


def head_of(path: Path) -> tuple[bytes, str]:
    """The first bytes of the bill at `path`, unpacked, and its name."""
    with open_bill(path) as bill:
        text = "\n".join(islice(bill.lines, 40))
        return text.encode()[:HEAD], bill.name


def _unpacked(name: str, file: BinaryIO, stack: ExitStack) -> tuple[str, Iterator[str]]:
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(_GZIP):
        gunzipped = stack.enter_context(gzip.GzipFile(fileobj=file))
        return name.removesuffix(".gz"), read_lines(cast(BinaryIO, gunzipped))
    if magic == _OLD_EXCEL:
        raise ImportRejected("这是旧版 Excel（.xls）；请另存为 .xlsx 或 CSV 后再导入")
    if magic != _ZIP:
        return name, read_lines(file)
    archive = stack.enter_context(zipfile.ZipFile(file, metadata_encoding="gb18030"))
    if "[Content_Types].xml" in archive.namelist():
        return name, _sheet_lines(file, stack)
    member = _the_bill_in(archive)
    unpacked = stack.enter_context(archive.open(member))
    return PurePosixPath(member.filename).name, read_lines(cast(BinaryIO, unpacked))


def _the_bill_in(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one member that is no summary (汇总); its place in the zip is not fixed [S69]."""
    members = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith((".csv", ".txt")) and "汇总" not in member.filename
    ]
    if len(members) != 1:
        raise ImportRejected(f"压缩包里应有一份账单明细，实有 {len(members)} 份；请解压后逐份导入")
    if members[0].flag_bits & 0x1:
        raise ImportRejected("压缩包有密码；请解压后再导入")
    return members[0]


def _sheet_lines(file: BinaryIO, stack: ExitStack) -> Iterator[str]:
    """The rows of the first sheet; only a few of them are in memory at a time."""
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError):
        raise ImportRejected(_DAMAGED) from None
    stack.callback(book.close)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # exports often state too small a range
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="")
    width = 0
    for row in sheet.iter_rows(values_only=True):
        width = max(width, len(row))  # a sheet leaves out the empty cells at a row's end
        cells = [_cell_text(value) for value in row]
        writer.writerow(cells + [""] * (width - len(row)))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell_text(value: object) -> str:
    """A cell as a person would type it, on one line.

    Numbers keep Excel's 15 digits, so that a longer identifier which Excel took for a number
    shows up as 1.23e+27 and is refused, instead of coming in with false last digits.
    """
    match value:
        case None:
            return ""
        case int() | float():
            return f"{value:.15g}"
        case datetime():
            return value.isoformat(" ", "seconds")
        case time() | date():
            return value.isoformat()
    return " ".join(str(value).split())
