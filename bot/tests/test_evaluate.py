from __future__ import annotations

from typing import Any

from evaluate import evaluate


def _answer(intent: str, causes: list[str], **entities: Any) -> dict[str, Any]:
    return {
        "intent": {"name": intent},
        "causes": [{"name": cause} for cause in causes],
        "entities": [{"entity": kind, "value": value} for kind, value in entities.items()],
    }


def test_scores_count_what_a_line_carries() -> None:
    lines: list[dict[str, Any]] = [
        {"text": "a", "intent": "report_delay", "also": ["ask_status"], "causes": ["bank_rules"]},
        {"text": "b", "intent": "out_of_scope", "entities": [{"type": "amount", "value": 300}]},
        {"text": "c", "causes": []},
    ]
    answers = {
        "a": _answer("ask_status", ["bank_rules", "bank_outage"]),
        "b": _answer("nlu_fallback", [], amount=300, time="2026-11-22"),
        "c": _answer("greet", []),
    }
    report = evaluate(lines, lambda text, _: answers[text])
    summary = report.summary()
    assert summary["n"] == 3
    assert summary["intent"]["accuracy_strict"] == 0
    assert summary["intent"]["accuracy_lenient"] == 0.5
    assert summary["cause"] == {
        "precision": 0.5, "recall": 1.0, "f1": 0.6667, "n": 1, "exact_set": 0.5, "top_1": 1.0,
    }  # fmt: skip
    assert summary["entities"]["amount"]["f1"] == 1.0
    assert summary["entities"]["time"]["precision"] == 0.0
    assert summary["out_of_scope"] == {"recall": 1.0, "false_alarms": 0.0}
    assert [miss["text"] for miss in report.misses] == ["a", "b"]
