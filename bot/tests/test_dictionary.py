from __future__ import annotations

import jieba

from components.dictionary import cut


def test_words_of_the_trade_are_whole() -> None:
    words = [word for word, _ in cut("到账延迟了，签购单和二类户")]
    assert {"到账延迟", "签购单", "二类户"} <= set(words)


def test_blanks_are_no_words_and_places_hold() -> None:
    text = "昨天 刷的\t3000"
    assert all(word.strip() and text[start:].lower().startswith(word) for word, start in cut(text))


def test_jiebas_shared_words_are_not_touched() -> None:
    cut("到账延迟")
    assert "到账延迟" not in jieba.dt.FREQ
