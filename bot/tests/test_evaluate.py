from __future__ import annotations

from pathlib import Path

import pytest

from measuring.answers import Answer
from measuring.lines import BadLine, Line, read_lines
from measuring.pictures import draw
from measuring.scoring import Report, evaluate


def an_answer(
    intent: str, *causes: str, likeliest: str = "", sure: float = 0.9, **entities: str
) -> Answer:
    return Answer(
        intent,
        likeliest or intent,
        sure,
        tuple((cause, 0.8) for cause in causes),
        tuple(entities.items()),
    )


LINES = [
    Line("a", "report_delay", ("ask_status",), ("bank_rules",)),
    Line("b", "out_of_scope", entities=(("amount", "300"),)),
    Line("c", causes=()),
]
ANSWERS = {
    "a": an_answer("ask_status", "bank_rules", "bank_outage"),
    "b": an_answer("nlu_fallback", likeliest="ask_fee", sure=0.2, amount="300", time="2026-11-22"),
    "c": an_answer("greet"),
}


@pytest.fixture
def report() -> Report:
    return evaluate(LINES, lambda line: ANSWERS[line.text])


def test_scores_count_what_a_line_carries(report: Report) -> None:
    summary = report.summary()
    assert summary["n"] == 3
    assert summary["intent"]["accuracy_strict"] == 0
    assert summary["intent"]["accuracy_lenient"] == 0.5
    assert summary["cause"] == {
        "precision": 0.5, "recall": 1.0, "f1": 0.6667, "n": 1, "exact_set": 0.5, "top_1": 1.0,
        "calibration_error": 0.3,
    }  # fmt: skip
    assert summary["entities"]["amount"]["f1"] == 1.0
    assert summary["entities"]["time"]["precision"] == 0.0
    assert summary["out_of_scope"] == {"recall": 1.0, "false_alarms": 0.0}
    assert [miss["text"] for miss in report.misses] == ["a", "b"]


def test_being_sure_and_wrong_is_a_calibration_error(report: Report) -> None:
    # 0.9 and wrong, 0.2 and wrong
    assert report.summary()["intent"]["calibration_error"] == pytest.approx((0.9 + 0.2) / 2)


def test_a_cause_without_partner_is_confused_with_none(report: Report) -> None:
    assert report.cause_pairs == [
        ("bank_rules", "bank_rules"),
        ("none", "bank_outage"),
        ("none", "none"),
    ]


def test_the_first_messages_are_not_timed() -> None:
    heard: list[str] = []

    def parse(line: Line) -> Answer:
        heard.append(line.text)
        return ANSWERS[line.text]

    assert len(evaluate(LINES, parse).milliseconds) == 3
    assert heard == ["a", "b", "c"] * 2


def test_pictures_are_drawn(report: Report, tmp_path: Path) -> None:
    drawn = draw(report, tmp_path / "new")
    assert [file.name for file in drawn] == [
        "confusion-intent.png",
        "confusion-cause.png",
        "reliability.png",
    ]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in drawn)


def test_a_file_without_labels_of_a_kind_has_no_picture_of_it(tmp_path: Path) -> None:
    unlabelled = evaluate([Line("a")], lambda line: ANSWERS[line.text])
    assert [file.name for file in draw(unlabelled, tmp_path)] == ["reliability.png"]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    for bad in ('{"text": ', '{"intent": "greet"}', '{"text": "a", "entities": [1]}', "[]"):
        file.write_text('{"text": "好"}\n\n' + bad, "utf-8")
        with pytest.raises(BadLine, match="第 3 行"):
            read_lines(file)


def test_labels_that_are_missing_are_not_scored(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text('{"text": "好"}\n{"text": "卡", "causes": [], "entities": []}', "utf-8")
    plain, empty = read_lines(file)
    assert (plain.intent, plain.causes, plain.entities) == (None, None, None)
    assert (empty.causes, empty.entities) == ((), ())
