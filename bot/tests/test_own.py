from __future__ import annotations

from pathlib import Path
from random import Random

from components.examples import Example
from measuring.curve import _drawn
from measuring.lines import Line
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
    drawn = _drawn(DATA, 2, Random(1))
    assert [one.intent for one in drawn].count("greet") == 2
    assert len(drawn) == 6
    assert drawn == _drawn(DATA, 2, Random(1)) != _drawn(DATA, 2, Random(2))
