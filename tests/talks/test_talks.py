"""Every talk of `tests/talks`, played in this process: what is understood stands in its file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.talks.playing import play
from tests.talks.script import CLASSES, TALKS, read_talk, talk_files

FILES = talk_files()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_talk(path: Path, store: Path) -> None:
    await play(read_talk(path), store, path)


def test_there_are_many_talks_of_every_class() -> None:
    counted = Counter(path.parent.name for path in FILES)
    assert set(counted) == set(CLASSES)
    assert counted.total() >= 150
    assert min(counted.values()) >= 6


def test_a_third_goes_through_the_real_bot() -> None:
    through = [path for path in FILES if read_talk(path).rasa]
    assert len(through) * 3 >= len(FILES)
    assert {path.parent.name for path in through} == set(CLASSES)


def test_every_talk_shows_another_behaviour() -> None:
    names = Counter(path.stem for path in FILES)
    assert [name for name, number in names.items() if number > 1] == []
    told = Counter(read_talk(path).about for path in FILES)
    assert [about for about, number in told.items() if number > 1] == []


def test_every_world_is_used() -> None:
    worlds = {path.stem for path in (TALKS / "worlds").glob("*.json")}
    texts = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert [name for name in worlds if f": {name}" not in texts] == []
