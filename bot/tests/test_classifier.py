from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from components.features import embed, ngrams
from components.fitting import fit
from components.heads import Model, calibrated

EXAMPLES = {
    ("report_delay", "none"): "钱还没到 货款没到账 昨天的钱没进来 刷的钱收不到 怎么还没到账 没到帐",
    (
        "report_fault",
        "network_communication",
    ): "没信号刷不了 断网了 连不上网 网络不好 信号差 卡没网",
    ("greet", "none"): "你好 在吗 您好 早上好 哈喽 有人吗",
}


@pytest.fixture(scope="module")
def model() -> Model:
    return _fitted()


def _fitted() -> Model:
    rows = [(text, *labels) for labels, texts in EXAMPLES.items() for text in texts.split()]
    texts = [text for text, *_ in rows]
    return fit(
        embed(texts),
        [ngrams(text) for text in texts],
        {"intent": [row[1] for row in rows], "causes": [row[2] for row in rows]},
    )


def best(model: Model, text: str) -> tuple[str, str]:
    found = model.predict(embed([text])[0], ngrams(text))
    return found["intent"][0][0], found["causes"][0][0]


def test_intent_and_cause_of_words_not_seen(model: Model) -> None:
    assert best(model, "我的货款怎么还没进来") == ("report_delay", "none")
    assert best(model, "网断了刷不了卡") == ("report_fault", "network_communication")


def test_training_twice_gives_the_same_numbers(model: Model) -> None:
    again = _fitted()
    for name, head in model.heads.items():
        assert np.array_equal(head.dense, again.heads[name].dense)
        assert np.array_equal(head.sparse, again.heads[name].sparse)
        assert head.temperature == again.heads[name].temperature


def test_an_example_without_a_label_teaches_that_head_nothing() -> None:
    texts = ["没信号刷不了", "断网了", "钱还没到", "货款没到账", "没信号怎么预防", "网络差怎么办"]
    network, none = "network_communication", "none"
    causes = [network, network, none, none, None, None]
    model = fit(
        embed(texts),
        [ngrams(text) for text in texts],
        {"intent": ["report"] * 4 + ["ask_fix"] * 2, "causes": causes},
    )
    assert model.heads["causes"].labels == (network, none)
    assert best(model, "没信号怎么预防") == ("ask_fix", network)


def test_a_saved_model_says_the_same(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = Model.load(tmp_path)
    vector, grams = embed(["钱没到"])[0], ngrams("钱没到")
    assert loaded.predict(vector, grams) == model.predict(vector, grams)


@pytest.mark.parametrize("text", ["", " ", "😀", "\x00", "x" * 10_000])
def test_any_input_gets_probabilities(model: Model, text: str) -> None:
    found = model.predict(embed([text])[0], ngrams(text))
    assert 0 < sum(sure for _, sure in found["intent"]) <= 1.000001


def test_what_no_label_claims_is_nobodys() -> None:
    unsure = calibrated(np.array([0.1, 0.1]), 0.5)
    assert unsure.sum() < 0.1


def test_homophones_sound_alike() -> None:
    shared = set(ngrams("到账")) & set(ngrams("道章"))
    assert "~dao zan" in shared or "~dao zhan" in shared or len(shared) > 1
