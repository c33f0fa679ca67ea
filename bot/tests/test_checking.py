from __future__ import annotations

import random
from pathlib import Path

import pytest

from components.examples import Example, read_examples
from measuring.checking import find_faults, remove
from measuring.lines import Line
from measuring.twins import find_twins, pairs_of, skeleton

DATA = """version: "3.1"
nlu:
- intent: report_delay
  metadata:
    cause: bank_rules
  examples: |
    - 周五刷的到周日还没到账
    - 公户没到账
# a remark
- intent: report_fault
  metadata: {cause: [hardware_fault, network_communication]}
  examples: |
    - 机器坏了网也不好
- intent: ask_cause
  metadata: {cause: unlabelled}
  examples: |
    - 为什么到账慢
- intent: greet
  examples: |
    - 你好
"""


def an_example(text: str, intent: str = "report_delay", *causes: str, number: int = 1) -> Example:
    return Example(text, intent, causes, Path("some.yml"), number)


def whys(*examples: Example, tests: tuple[str, ...] = ()) -> list[str]:
    lines = [(f"tests:{number}", Line(text)) for number, text in enumerate(tests, 1)]
    return [f"{one.example.text}|{one.other}" for one in find_faults(examples, lines)]


def test_a_file_without_examples_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.yml").write_text('version: "3.1"\n', "utf-8")
    with pytest.raises(ValueError, match=r"empty\.yml"):
        read_examples(tmp_path)


def test_examples_know_their_labels_and_their_line(tmp_path: Path) -> None:
    file = tmp_path / "inner" / "some.yml"
    file.parent.mkdir()
    file.write_text(DATA, "utf-8")
    examples = read_examples(tmp_path)
    assert [(one.intent, one.causes) for one in examples] == [
        ("report_delay", ("bank_rules",)),
        ("report_delay", ("bank_rules",)),
        ("report_fault", ("hardware_fault", "network_communication")),
        ("ask_cause", None),
        ("greet", ()),
    ]
    lines = DATA.split("\n")
    assert all(lines[one.number - 1].strip() == f"- {one.text}" for one in examples)


def test_all_pairs_that_are_alike_are_found_and_no_others() -> None:
    rng = random.Random(7)
    base = ["".join(rng.choices("钱到账没卡机刷网不", k=rng.randint(1, 16))) for _ in range(150)]
    texts = base + [one[:5] + "了" + one[5:] for one in base] + [one + "啊" for one in base]
    sets = [pairs_of(skeleton(text)) for text in texts]
    every = {
        (first, second)
        for second in range(len(texts))
        for first in range(second)
        if len(sets[first] & sets[second]) >= 0.8 * len(sets[first] | sets[second])
    }
    assert {(first, second) for first, second, _ in find_twins(texts)} == every
    assert len(every) > 50


def test_punctuation_traditional_characters_and_amounts_make_no_new_example() -> None:
    shorter, longer = an_example("昨天刷的888还没到账"), an_example("昨天刷的1200，還沒到帐！！")
    assert whys(shorter, longer) == [f"{longer.text}|{shorter.text}"]


def test_codes_signs_and_plain_numbers_are_different_texts() -> None:
    assert whys(an_example("显示51"), an_example("显示57")) == []
    assert whys(an_example("666"), an_example("886"), an_example("？"), an_example("👍")) == []
    assert whys(an_example("嗯", "affirm"), an_example("嗯？", "say_repeat")) == []


def test_texts_that_are_alike_may_show_where_a_border_runs() -> None:
    long = "老板说是网络不好所以昨天晚上那笔钱没有到账"
    assert whys(an_example(long), an_example(long.replace("没有", "没"), "report_fault")) == []


def test_one_text_with_two_labels_is_refused_and_left_to_a_person(tmp_path: Path) -> None:
    assert whys(an_example("没反应"), an_example("没反应。", "step_failed")) == ["没反应。|没反应"]
    one, other = (
        an_example("没反应", "report_fault", "hardware_fault"),
        an_example("没反应", "report_fault"),
    )
    faults = list(find_faults([one, other], []))
    assert len(faults) == 1
    assert remove(faults) == 0


def test_the_example_without_its_causes_looked_at_goes() -> None:
    unlabelled = Example("报14怎么弄", "ask_fix", None, Path("a.yml"), 1)
    labelled = an_example("报14 怎么弄", "ask_fix", "insufficient_balance", number=2)
    assert [one.example for one in find_faults([unlabelled, labelled], [])] == [unlabelled]


def test_a_line_of_a_test_is_refused_whatever_its_label() -> None:
    assert whys(an_example("周五刷的到周日没到"), tests=("周五刷的，到周日没到！",)) != []


def test_what_everybody_types_may_be_in_a_test() -> None:
    assert whys(an_example("转人工", "ask_human"), tests=("转人工",)) == []
    assert whys(an_example("不是200是2000", "say_correct"), tests=("不是870 是780",)) == []


def test_removing_takes_the_line_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "some.yml"
    file.write_text(
        DATA.replace("    - 公户没到账\n", "    - 公户没到账\n    - 公户没到账！\n"), "utf-8"
    )
    assert remove(list(find_faults(read_examples(tmp_path), []))) == 1
    assert file.read_text("utf-8") == DATA
