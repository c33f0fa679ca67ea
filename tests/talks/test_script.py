"""What is wrong with a talk is said in one line: the file, the line in it, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from daozhang.settings import ROOT
from tests.talks.playing import play
from tests.talks.script import TALKS, Expected, TalkError, Turn, read_talk

GOOD = """\
about: 查一笔
world: quiet
turns:
  - say: 520到了吗
    heard: {intent: ask_status, words: {"520": amount 52000}}
    expect: {outcome: credited, shows: 52000}
"""


def written(folder: Path, text: str, kind: str = "happy_path") -> Path:
    path = folder / kind / "talk.yml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_talk_is_read(tmp_path: Path) -> None:
    talk = read_talk(written(tmp_path, GOOD))
    assert [turn.line for turn in talk.turns] == [4]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("outcome: credited", "outcom: credited", "第6行：不认识“outcom”"),
        ("outcome: credited", "outcome: arrived", "第6行，outcome：没有“arrived”，只能是"),
        ("intent: ask_status", "intent: ask_stauts", "第5行：没有意图“ask_stauts”"),
        ('"520": amount', '"521": amount', "第4行：heard 里的“521”不在说的话里"),
        ("amount 52000", "sum 52000", "第5行：“520”写成“sum”，没有这种实体"),
        ("world: quiet", "world: quite", "第2行：没有世界“quite”"),
        ("world: quiet", "world: {now: 2026-11-24T10:20, shops: []}", "第2行，shops："),
        ("about: 查一笔\n", "", "缺少“about”"),
        ("    heard: {", "    hears: {", "第5行：不认识“hears”"),
        ("say: 520到了吗", "wait: 20", "第4行：等多久写成 20m、3h 或 1d"),
        ("    expect:", "    tap: watch\n    expect:", "第4行：一轮只写一件事"),
        ("about: 查一笔", "about: 查一笔\nabout: 又查", "第2行：“about”写了两次"),
        ("shows: 52000}", "shows: 52000", "写法不对"),
        ("outcome: credited", "playbook: frozn", "第6行：没有手册“frozn”"),
        ("    expect: {outcome: credited, shows: 52000}\n", "", "至少一轮要写 expect"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(TalkError) as told:
        read_talk(path)
    assert str(told.value).startswith("happy_path/talk.yml")
    assert complaint in str(told.value)
    assert "\n" not in str(told.value)


def test_a_folder_that_is_no_class_is_told(tmp_path: Path) -> None:
    with pytest.raises(TalkError, match="没有“happy”这一类"):
        read_talk(written(tmp_path, GOOD, "happy"))


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("outcome: credited", "outcome: overdue", "outcome: credited, not overdue"),
        ("shows: 52000", "shows: none", r"shows: \[52000\], not \[\]"),
        ("shows: 52000", "buttons: none", r"buttons: \['person'\], not \[\]"),
        ("shows: 52000", "said: greet", "said: .*greet.* are missing"),
        ("shows: 52000", "ticket: asked", "ticket: none, not asked"),
        ("shows: 52000", "evidence: holds", "evidence: .*holds.* are missing"),
        ("shows: 52000", "nowhere: 520到了吗", "nowhere"),
    ],
)
async def test_what_is_not_as_expected_fails_with_the_line(
    tmp_path: Path,
    store: Path,
    old: str,
    new: str,
    difference: str,
) -> None:
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(AssertionError, match=difference) as told:
        await play(read_talk(path), store, path)
    assert "happy_path/talk.yml:4" in str(told.value)


def test_the_document_names_everything_that_can_be_written() -> None:
    document = (ROOT / "docs" / "talks.md").read_text(encoding="utf-8")
    names = {*Turn.model_fields, *Expected.model_fields} - {"line"}
    assert [name for name in sorted(names) if f"`{name}`" not in document] == []


def test_the_documents_talk_is_one_of_ours() -> None:
    document = (ROOT / "docs" / "talks.md").read_text(encoding="utf-8")
    shown = document.split("```yaml\n")[1].split("```")[0]
    assert shown in {path.read_text(encoding="utf-8") for path in TALKS.glob("*/*.yml")}
