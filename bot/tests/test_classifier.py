from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from components.features import Reading, read, views
from components.fitting import PARTS, Question, fit
from components.heads import Head, Model
from holdout import calibrated_choice, calibrated_each

NETWORK, FAULT = "network_communication", "hardware_fault"
EXAMPLES: dict[tuple[str, tuple[str, ...]], str] = {
    ("report_delay", ()): "钱还没到 货款没到账 昨天的钱没进来 刷的钱收不到 怎么还没到账 没到帐",
    ("report_fault", (NETWORK,)): "没信号刷不了 断网了 连不上网 网络不好 信号差 卡没网 没网刷不动",
    ("report_fault", (FAULT,)): "屏幕黑了 键盘坏了 打印头坏了 机器摔坏了 读卡器坏了 屏幕碎了",
    ("report_fault", (NETWORK, FAULT)): "断网了屏幕也黑了 没信号机器还摔坏了 网络不好键盘也坏了",
    ("greet", ()): "你好 在吗 您好 早上好 哈喽 有人吗",
}


def questions() -> dict[str, Question]:
    rows = [(text, *labels) for labels, texts in EXAMPLES.items() for text in texts.split()]
    readings = [see(text) for text, *_ in rows]
    return {
        "intent": Question(readings, [(row[1],) for row in rows], exclusive=True),
        "causes": Question(readings, [row[2] for row in rows], exclusive=False),
    }


def see(text: str) -> Reading:
    return read(views(text)[0])


@pytest.fixture(scope="module")
def model() -> Model:
    return fit(questions())


def intent(model: Model, text: str) -> str:
    return model.predict("intent", see(text))[0][0]


def causes(model: Model, text: str) -> set[str]:
    return {name for name, sure in model.predict("causes", see(text)) if sure > 0.5}


def same(one: Head, other: Head) -> bool:
    numbers, others = vars(one.network), vars(other.network)
    alike = [np.array_equal(numbers[name], others[name]) for name in numbers]
    return all(alike) and np.array_equal(one.linear, other.linear)


def test_intent_and_cause_of_words_not_seen(model: Model) -> None:
    assert intent(model, "我的货款怎么还没进来") == "report_delay"
    assert intent(model, "网断了刷不了卡") == "report_fault"
    assert causes(model, "网断了刷不了卡") == {NETWORK}


def test_there_may_be_no_cause_or_two(model: Model) -> None:
    assert causes(model, "货款还没到账") == set()
    assert causes(model, "没信号屏幕也摔坏了") == {NETWORK, FAULT}


def test_training_twice_gives_the_same_numbers(model: Model) -> None:
    again = fit(questions())
    for name, head in model.heads.items():
        assert same(head, again.heads[name])


def test_an_example_without_a_label_teaches_that_head_nothing() -> None:
    whole = questions()
    known = whole["causes"]
    readings = [*known.readings, see("没信号怎么预防")]
    more = Question(readings, [*known.labels, None], exclusive=False)
    first, second = (
        fit({"intent": whole["intent"], "causes": one}).heads["causes"] for one in (known, more)
    )
    assert same(first, second)


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_can_be_left_out(part: str, model: Model) -> None:
    poorer = fit(questions(), frozenset({part}))
    assert intent(poorer, "钱还没到") == "report_delay"
    assert poorer.predict("intent", see("货款没到")) != model.predict("intent", see("货款没到"))


def test_a_saved_model_says_the_same(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = Model.load(tmp_path)
    assert loaded.predict("intent", see("钱没到")) == model.predict("intent", see("钱没到"))


@pytest.mark.parametrize(
    "text", ["", " ", "😀" * 10_000, "\x00", "x" * 10_000, "龘" * 10_000, "a 钱 Ω ₿ ก" * 900]
)
def test_any_input_gets_probabilities_in_little_time(model: Model, text: str) -> None:
    started = time.process_time()
    assert 0 < sum(sure for _, sure in model.predict("intent", see(text))) <= 1.000001
    assert time.process_time() - started < 0.2


def test_a_low_temperature_makes_a_choice_surer() -> None:
    surer = calibrated_choice(np.array([0.6, 0.4]), 0.5)
    assert surer[0] > 0.6
    assert surer.sum() == pytest.approx(1)


def test_temperature_draws_both_ends_towards_the_middle() -> None:
    softened = calibrated_each(np.array([0.05, 0.5, 0.95]), 2.0)
    assert 0.05 < softened[0] < softened[1] < softened[2] < 0.95


def test_homophones_sound_alike() -> None:
    shared = set(see("到账").grams) & set(see("道章").grams)
    assert {"~dao zan"} <= shared
