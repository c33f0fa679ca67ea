from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from components.examples import Example, read_examples
from measuring.drawing import Part, drawn, write, write_lines
from measuring.lines import Line, read_lines
from measuring.own import trained


def examples(intent: str, texts: str, *causes: str) -> list[Example]:
    return [Example(text, intent, causes, Path("a.yml"), 1) for text in texts.split()]


DATA = [
    *examples("report_delay", "钱还没到 货款没到账 昨天的钱没进来 刷的钱收不到 没到帐"),
    *examples(
        "report_fault", "没信号刷不了 断网了 连不上网 信号差 卡没网", "network_communication"
    ),
    *examples("greet", "你好 在吗 您好 早上好 哈喽"),
]


def test_the_pipeline_learns_what_it_is_given(tmp_path: Path) -> None:
    answer = trained(DATA, tmp_path)(Line("网断了，3000块刷不了", now="2026-11-22T10:20:00+08:00"))
    assert answer.likeliest == "report_fault"
    assert ("amount", "300000") in answer.entities


def test_a_draw_takes_so_many_of_each_cause_and_of_each_intent_without() -> None:
    some = drawn(DATA, 2, Random(1))
    assert [one.intent for one in some].count("greet") == 2
    assert len(some) == 6
    assert some == drawn(DATA, 2, Random(1)) != drawn(DATA, 2, Random(2))


def test_a_folder_that_is_held_out_is_asked_and_not_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, some in (("one", DATA[:3]), ("other", DATA[3:])):
        (tmp_path / name).mkdir()
        write(some, tmp_path / name / "some.yml")
    monkeypatch.setattr("measuring.drawing.DATA", tmp_path)
    part = Part(held_out=("other",))
    assert [one.text for one in part.learnt()] == [one.text for one in DATA[:3]]
    write_lines(part.asked(), tmp_path / "asked.jsonl")
    asked = read_lines(tmp_path / "asked.jsonl")
    assert [(one.text, one.intent, one.causes) for one in asked] == [
        (one.text, *one.label) for one in DATA[3:]
    ]


def test_what_was_drawn_is_read_again_as_it_was(tmp_path: Path) -> None:
    unread = replace(DATA[0], text="为什么：慢 #1", causes=None)
    both = replace(DATA[0], text="- 又慢又坏", causes=("slow_processing", "hardware_fault"))
    write([*DATA, unread, both, DATA[1]], tmp_path / "some.yml")
    again = [(one.text, one.label) for one in read_examples(tmp_path)]
    assert again == [(one.text, one.label) for one in (*DATA, unread, both, DATA[1])]
