from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from daozhang.cases.lessons import Guess
from daozhang.cases.models import Lesson, Turn
from daozhang.clock import Clock
from daozhang.conversations.log import Incoming, open_conversation, receive
from daozhang.database import Base, connect
from daozhang.desk.lessons import EXAMPLES, export, label, review, write_export
from daozhang.errors import InputError
from tests.worlds import MID

NOW = Clock().now()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A store in which '1' was understood, and 'a', 'b' were not."""
    engine, sessions = connect(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    Base.metadata.create_all(engine)
    conversation = open_conversation(sessions, MID, NOW)
    receive(sessions, conversation, Incoming("first", "我这钱呢 13800138000"), NOW)
    with sessions() as opened:
        guess: dict[str, object] = {"intent": "ask_fee", "confidence": 0.8, "causes": []}
        opened.add(Turn(message_id="1", at=NOW, replies=[], guess=guess))
        for number, (key, text) in enumerate({"a": "弄不成", "b": "周末不打钱"}.items(), 1):
            at = NOW + timedelta(minutes=number)
            opened.add(Lesson(message_id=key, at=at, text=text, guess=None))
        opened.flush()
        yield opened
    engine.dispose()


def test_review_shows_the_newest_first(session: Session) -> None:
    assert [one.message_id for one in review(session, 10)] == ["b", "a"]
    assert [one.message_id for one in review(session, 1)] == ["b"]


def test_a_message_that_was_taken_wrongly_can_be_labelled(session: Session) -> None:
    label(session, "1", "report_delay", [], "小李", NOW)
    last = review(session, 10)[-1]
    assert (last.text, last.intent) == ("我这钱呢 00000000000", "report_delay")
    assert last.guess == Guess("ask_fee", 0.8, ())


def test_a_later_label_replaces_an_earlier_one(session: Session) -> None:
    label(session, "a", "report_fault", ["hardware_fault"], "小李", NOW)
    label(session, "a", "step_failed", [], "小王", NOW)
    first = review(session, 10)[1]
    assert (first.intent, first.causes) == ("step_failed", ())


@pytest.mark.parametrize(
    ("message_id", "intent", "causes"),
    [
        ("a", "nlu_fallback", []),
        ("a", "no_such_intent", []),
        ("a", "report_delay", ["no_such_cause"]),
        ("a", "report_delay", ["bank_rules", "bank_rules"]),
        ("a", "report_delay", ["bank_rules", "bank_outage", "hardware_fault"]),
        ("999", "report_delay", []),
        ("nobody", "report_delay", []),
    ],
)
def test_a_label_that_makes_no_sense_is_refused(
    session: Session, message_id: str, intent: str, causes: list[str]
) -> None:
    with pytest.raises(InputError):
        label(session, message_id, intent, causes, "小李", NOW)


def test_an_export_is_training_data(session: Session, tmp_path: Path) -> None:
    session.add(Lesson(message_id="c", at=NOW, text="- [机器](坏了", guess=None))
    label(session, "a", "report_fault", ["hardware_fault", "software_fault"], "小李", NOW)
    label(session, "b", "report_delay", ["bank_rules"], "小李", NOW)
    label(session, "c", "step_failed", [], "小李", NOW)
    assert yaml.safe_load(export(session, tmp_path))["nlu"] == [
        {
            "intent": "report_delay",
            "metadata": {"cause": "bank_rules"},
            "examples": "- 周末不打钱\n",
        },
        {
            "intent": "report_fault",
            "metadata": {"cause": ["hardware_fault", "software_fault"]},
            "examples": "- 弄不成\n",
        },
        {"intent": "step_failed", "examples": "- [机器] (坏了\n"},
    ]


def test_what_is_in_the_training_data_already_is_not_exported(
    session: Session, tmp_path: Path
) -> None:
    label(session, "a", "step_failed", [], "小李", NOW)
    (tmp_path / "own.yml").write_text(export(session, tmp_path), "utf-8")
    with pytest.raises(InputError):
        export(session, tmp_path)


def test_nothing_writes_into_the_training_data(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_export("nlu: []", EXAMPLES / "own.yml")
    assert not (EXAMPLES / "own.yml").exists()
    with pytest.raises(InputError):
        write_export("nlu: []", tmp_path / "missing" / "own.yml")
    write_export("nlu: []", tmp_path / "own.yml")
    assert (tmp_path / "own.yml").read_text("utf-8") == "nlu: []"
