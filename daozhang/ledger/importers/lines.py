"""Lines of a bill, one at a time, whatever Chinese encoding it was saved in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from daozhang.errors import ImportRejected

__all__ = ["read_lines"]

LONGEST_LINE = 65_536
"""In bytes; bills stay far below, and a file without line ends must not fill the memory."""


def read_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of `file` without their ends, UTF-8 with or without BOM, else GB18030.

    The first line decides: a Chinese header in GB18030 is no valid UTF-8. What cannot be decoded
    further down becomes U+FFFD, for wallets cut long product names in the middle of a character.
    Raises ImportRejected for a line beyond all measure.
    """
    encoding = ""
    while raw := file.readline(LONGEST_LINE + 1):
        if len(raw) > LONGEST_LINE:
            raise ImportRejected("文件里有超长的行，不像账单；请重新下载后再导入")
        if not encoding:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
            encoding = _encoding_of(raw)
        yield raw.decode(encoding, errors="replace").rstrip("\r\n")


def _encoding_of(first_line: bytes) -> str:
    try:
        first_line.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
