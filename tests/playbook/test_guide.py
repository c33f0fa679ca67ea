"""docs/playbooks.md is followed to the letter: its files are added to a copy, and it works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from daozhang.causes import Cause
from daozhang.settings import ROOT

GUIDE = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`([\w/]+\.yml)`\n\n```yaml\n(.*?)```", GUIDE, re.DOTALL))
COPIED = ("daozhang", "actions", "data", "docs", "tests", "scripts")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's code and data with the guide's files in it."""
    place = tmp_path_factory.mktemp("product")
    for name in COPIED:
        copytree(ROOT / name, place / name)
    for name in ("domain.yml", "pyproject.toml"):
        (place / name).write_bytes((ROOT / name).read_bytes())
    for name, text in FILES.items():
        assert not (place / name).exists(), f"{name} is there already"
        (place / name).write_text(text, encoding="utf-8")
    return place


def run(copy: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_one_playbook_one_examples_file_and_one_test() -> None:
    assert [str(Path(name).parent) for name in FILES] == [
        "data/playbooks",
        "data/nlu",
        "tests/talks/happy_path",
    ]


def test_the_check_finds_nothing_wrong(copy: Path) -> None:
    run(copy, "-m", "daozhang", "playbook", "check")
    run(copy, "scripts/lint_texts.py")


def test_its_talk_reaches_it_and_walks_it(copy: Path) -> None:
    (talk,) = (Path(name).stem for name in FILES if name.startswith("tests/"))
    told = run(copy, "-m", "pytest", "tests/talks/test_talks.py", "-q", "-k", talk)
    assert "1 passed" in told


def test_every_step_of_it_is_reached(copy: Path) -> None:
    (key,) = (Path(name).stem for name in FILES if name.startswith("data/playbooks"))
    told = run(
        copy, "-m", "pytest", "tests/playbook/test_walks.py", "-q", "-k", f"reached and {key}"
    )
    assert "1 passed" in told


def test_its_examples_are_labelled_with_what_the_bot_knows() -> None:
    (text,) = (text for name, text in FILES.items() if name.startswith("data/nlu"))
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    for block in yaml.safe_load(text)["nlu"]:
        assert block["intent"] in intents
        assert Cause(block["metadata"]["cause"])
        assert len(block["examples"].splitlines()) >= 3
