from __future__ import annotations

from pathlib import Path

import jieba
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from components.dictionary import cut, fingerprint
from components.tokenizer import TradeTokenizer


def test_words_of_the_trade_are_whole() -> None:
    words = [word for word, _ in cut("到账延迟了，签购单和二类户")]
    assert {"到账延迟", "签购单", "二类户"} <= set(words)


def test_blanks_are_no_words_and_places_hold() -> None:
    text = "昨天 刷的\t3000"
    assert all(word.strip() and text[start:].lower().startswith(word) for word, start in cut(text))


def test_jiebas_shared_words_are_not_touched() -> None:
    cut("到账延迟")
    assert "到账延迟" not in jieba.dt.FREQ


def test_the_fingerprint_changes_with_a_word(tmp_path: Path) -> None:
    words = tmp_path / "trade.txt"
    words.write_text("到账 10 v\n", "utf-8")
    before = fingerprint(tmp_path)
    words.write_text("到账 10 v\n日切 5 n\n", "utf-8")
    assert fingerprint(tmp_path) != before


def test_the_tokenizer_tells_rasa_of_its_dictionary() -> None:
    assert TradeTokenizer.fingerprint_addon({}) == fingerprint()


def test_the_tokenizer_cuts_messages() -> None:
    tokenizer = TradeTokenizer(TradeTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message({TEXT: "钱 没到账"}), TEXT)
    assert [token.text for token in tokens] == ["钱", "没到账"]
