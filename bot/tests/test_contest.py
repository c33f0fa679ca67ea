from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bench
from components.examples import Example
from measuring.contest import Outcome, ratios
from measuring.lines import Line
from measuring.peers.base import by_cause, by_intent
from measuring.peers.linear import CharacterSvm
from measuring.tables import table


def examples(intent: str, texts: str, causes: tuple[str, ...] | None = ()) -> list[Example]:
    return [Example(text, intent, causes, Path("a.yml"), 1) for text in texts.split()]


DATA = [
    *examples("report_delay", "钱还没到 货款没到账 昨天的钱没进来 刷的钱收不到"),
    *examples("report_fault", "没信号刷不了 断网了 网连不上 没信号", ("network_communication",)),
]


def an_outcome(name: str, intent: float, cause: float) -> Outcome:
    summary: dict[str, Any] = {
        "intent": {"accuracy_strict": intent, "accuracy_lenient": intent},
        "cause": {"f1": cause},
        "out_of_scope": {"recall": None},
        "latency_ms": {"p50": 1.0, "p95": 2.0},
    }
    return Outcome(name, summary, training=12.3, load=0.5, memory=100, size=3)


def test_an_example_with_two_causes_is_one_of_each_and_an_unread_one_is_none() -> None:
    some = [
        *examples("report_fault", "又慢又坏", ("slow_processing", "hardware_fault")),
        *examples("ask_cause", "为什么慢", None),
        *examples("greet", "你好"),
    ]
    assert by_intent(some)[1] == ["report_fault", "ask_cause", "greet"]
    assert by_cause(some) == (
        ["又慢又坏", "又慢又坏", "你好"],
        ["slow_processing", "hardware_fault", "none"],
    )


def test_a_peer_answers_with_what_it_has_kept_in_its_folder(tmp_path: Path) -> None:
    CharacterSvm().train(DATA, tmp_path)
    answer = CharacterSvm().load(tmp_path)(Line("没信号了"))
    assert (answer.intent, answer.causes) == ("report_fault", (("network_communication", 1.0),))
    assert CharacterSvm().load(tmp_path)(Line("钱没到账")).causes == ()


def test_a_row_has_a_dash_for_what_no_line_asks() -> None:
    assert an_outcome("ours", 0.9, 0.8).row() == [
        "ours", "0.900", "0.900", "0.800", "–", "12", "0.5", "1.0", "2.0", "100", "3.0",
    ]  # fmt: skip


def test_our_errors_are_set_against_the_best_peer_for_each_thing() -> None:
    lines = list(
        ratios([an_outcome("ours", 0.9, 0.8), an_outcome("a", 0.8, 0.5), an_outcome("b", 0.6, 0.7)])
    )
    assert [line.rpartition(" ")[2] for line in lines] == ["0.50", "0.50", "0.67"]


def test_without_a_peer_there_is_nothing_to_set_against() -> None:
    assert list(ratios([an_outcome("ours", 0.9, 0.8)])) == []


@pytest.mark.parametrize("words", ["--examples 0", "--examples 9 --curve", "--held-out nowhere"])
def test_a_part_that_makes_no_sense_is_refused(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["bench.py", *words.split()])
    with pytest.raises(SystemExit):
        bench.main()


def test_a_table_is_markdown() -> None:
    assert list(table(["", "n"], [["a", "1"]])) == ["|  | n |", "|---|---:|", "| a | 1 |"]
