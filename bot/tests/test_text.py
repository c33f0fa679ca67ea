from __future__ import annotations

import pytest

from components.text import fold, normalise, shorten


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("钱還沒到帳", "钱还没到账"),
        ("３０００塊", "3000块"),
        ("我的 P0S 机 没反应", "我的pos机没反应"),
        ("poss机坏了，Pose机也坏了", "pos机坏了,pos机也坏了"),
        ("昨天 刷的  还没到", "昨天刷的还没到"),
        ("Apple  Pay 能用吗", "apple pay能用吗"),
        ("到\u200b账\x00了", "到账了"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_normalise_gives_one_form_to_one_meaning(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


def test_normalise_twice_is_normalise_once() -> None:
    once = normalise("昨天 刷的３０００塊，P0S 机")
    assert normalise(once) == once


@pytest.mark.parametrize("raw", ["昨天３０００塊", "ﬁ①㎏還沒", "a\u0301到帳\ufe0f😀了", "\u200b到"])
def test_fold_leads_back_to_the_raw_text(raw: str) -> None:
    folded = fold(raw)
    assert len(folded.text) == len(folded.origin)
    assert all(0 <= place < len(raw) for place in folded.origin)


def test_fold_spans_are_those_of_the_raw_text() -> None:
    raw = "刷了 ３０００塊 還沒到"
    folded = fold(raw)
    start = folded.text.index("3000块")
    low, high = folded.span(start, start + 5)
    assert raw[low:high] == "３０００塊"


def test_shorten_keeps_both_ends_of_a_story() -> None:
    short = shorten("头" * 300 + "尾")
    assert len(short) == 200
    assert short.startswith("头")
    assert short.endswith("尾")
