"""Lines of a bill, one at a time, whatever Chinese encoding it was saved in."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from daozhang.errors import ImportRejected

__all__ = ["Numbered", "decoded", "numbered", "read_lines"]

type Numbered = Iterator[tuple[int, str]]

LONGEST_LINE = 65_536
"""In bytes; bills stay far below, and a file without line ends must not fill the memory."""


def read_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of `file` without their ends, UTF-8 with or without BOM, else GB18030.

    The first line that is not plain ASCII decides: a Chinese header in GB18030 is no valid UTF-8.
    What cannot be decoded further down becomes U+FFFD, for wallets cut long product names in the
    middle of a character. Raises ImportRejected for a line beyond all measure.
    """
    encoding = ""
    first = True
    while raw := file.readline(LONGEST_LINE + 1):
        if len(raw) > LONGEST_LINE:
            raise ImportRejected("文件里有超长的行，不像账单；请重新下载后再导入")
        if first:
            raw, first = raw.removeprefix(b"\xef\xbb\xbf"), False
        if not encoding and not raw.isascii():
            encoding = _encoding_of(raw)
        yield raw.decode(encoding or "ascii", errors="replace").rstrip("\r\n")


def numbered(lines: Iterable[str]) -> Numbered:
    """The lines that are not blank, each with its number in the file, from 1."""
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip(" \t\r\n,"))


def decoded(head: bytes) -> str:
    """The beginning of a bill as text; its last character may be torn."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    try:
        return getincrementaldecoder("utf-8")().decode(text)
    except UnicodeDecodeError:
        return text.decode("gb18030", errors="replace")


def _encoding_of(text: bytes) -> str:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
