from __future__ import annotations

import json
from pathlib import Path

from measuring.answers import Answer
from measuring.lines import Line
from measuring.robustness import robustness


def table_of(tmp_path: Path, *texts: str) -> dict[str, list[str]]:
    """The rows for a bot that knows 钱没到 and nothing else, by variant."""
    file = tmp_path / "some.jsonl"
    lines = [{"text": text, "intent": "report_delay", "causes": []} for text in texts]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")

    def parse(line: Line) -> Answer:
        intent = "report_delay" if "钱没到" in line.text else "greet"
        return Answer(intent, intent, 1.0)

    rows = [line.strip("| ").split(" | ") for line in robustness([file], parse)]
    return {row[0]: row[1:] for row in rows if len(row) > 1}


def test_the_fall_is_that_of_the_lines_that_changed(tmp_path: Path) -> None:
    rows = table_of(tmp_path, "钱没到", "我钱没到！")
    assert rows["no punctuation"] == ["1", "1.000", "1.000", "0.0", "0.000", "0.000"]
    assert rows["traditional"] == ["2", "1.000", "0.000", "100.0", "0.000", "0.000"]
    assert rows["greeting in front"][:4] == ["2", "1.000", "1.000", "0.0"]


def test_a_variant_that_changes_nothing_has_no_scores(tmp_path: Path) -> None:
    assert table_of(tmp_path, "钱没到")["no punctuation"] == ["0", "–", "–", "–", "–", "–"]
