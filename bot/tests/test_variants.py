from __future__ import annotations

from random import Random

import pytest
from pypinyin import lazy_pinyin

from measuring.variants import VARIANTS

TEXT = "昨天刷的3.5万，怎么还没到账？"


def changed(name: str, text: str = TEXT, seed: int = 1) -> str:
    return VARIANTS[name](text, Random(seed))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_seed_makes_the_same_text(name: str) -> None:
    assert changed(name) == changed(name) != TEXT


def test_a_homophone_sounds_the_same_and_is_another_character() -> None:
    for seed in range(20):
        text = changed("homophone", seed=seed)
        assert sum(one != two for one, two in zip(TEXT, text, strict=True)) == 1
        assert lazy_pinyin("账") == lazy_pinyin("帐")
        differing = next(at for at, char in enumerate(text) if char != TEXT[at])
        assert lazy_pinyin(text[differing]) == lazy_pinyin(TEXT[differing])


def test_a_dropped_character_is_a_chinese_one_and_short_texts_stay() -> None:
    assert all(len(changed("dropped character", seed=seed)) == len(TEXT) - 1 for seed in range(9))
    assert changed("dropped character", "没到") == "没到"


def test_typos_keep_nearly_all_of_the_text() -> None:
    for seed in range(20):
        assert len(TEXT) <= len(changed("typo", seed=seed)) <= len(TEXT) + 1


def test_amounts_survive_without_punctuation() -> None:
    assert changed("no punctuation") == "昨天刷的3.5万怎么还没到账"
    assert changed("no punctuation", "？？") == "？？"


def test_traditional_and_greeting() -> None:
    assert changed("traditional", "转账没到") == "轉賬沒到"
    assert changed("greeting in front").endswith(TEXT)


def test_text_without_chinese_can_still_come() -> None:
    for name in VARIANTS:
        assert changed(name, "666")
