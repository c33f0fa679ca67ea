"""A folder that is watched: what is taken in, what waits, and where it goes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from daozhang.database import Sessions
from daozhang.errors import InputError
from daozhang.ledger.importers import ImportReport, Seen, watch
from tests.ledger.conftest import Take
from tests.ledger.kit import FIXTURES, open_shop

BILL = FIXTURES / "wechat_success.csv"
NOTHING = ImportReport(0, 0, 0, 0)


def doing(*between: Callable[[], object]) -> Iterator[None]:
    """Ticks; before each but the first, something happens in the folder."""
    yield
    for act in between:
        act()
        yield


def rest() -> None:
    """Nothing happens."""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (folder := tmp_path / "inbox").mkdir()
    return folder


def test_a_bill_is_taken_in_and_moved_to_done(ledger: Sessions, take: Take, inbox: Path) -> None:
    open_shop(ledger, "1900012301")
    shutil.copy(BILL, inbox / "bill.csv")
    (seen,) = watch(inbox, take, doing(rest, rest))
    assert seen.report is not None
    assert (seen.name, seen.report.stored) == ("bill.csv", 3)
    assert (inbox / "done" / "bill.csv").exists()
    assert not (inbox / "bill.csv").exists()


def test_a_file_that_still_grows_waits(inbox: Path) -> None:
    bill = inbox / "bill.csv"
    bill.write_text("a")
    taken: list[str] = []

    def look(path: Path) -> ImportReport:
        taken.append(path.read_text())
        return NOTHING

    list(watch(inbox, look, doing(lambda: bill.write_text("ab"), lambda: bill.write_text("abc"))))
    assert taken == []
    list(watch(inbox, look, doing(rest)))
    assert taken == ["abc"]


def test_a_refused_file_lies_beside_its_reason(take: Take, inbox: Path) -> None:
    (inbox / "menu.csv").write_text("豆浆,2.00\n", "utf-8")
    (seen,) = watch(inbox, take, doing(rest))
    assert seen.reason is not None
    reason = inbox / "rejected" / "menu.csv.reason.txt"
    assert reason.read_text("utf-8").strip() == seen.reason
    assert "认不出 menu.csv" in seen.reason
    assert (inbox / "rejected" / "menu.csv").exists()


def test_a_name_that_comes_twice_keeps_both(inbox: Path) -> None:
    bill = inbox / "bill.csv"
    bill.write_text("one")
    again = doing(rest, lambda: bill.write_text("two"), rest)
    assert len(list(watch(inbox, lambda path: NOTHING, again))) == 2
    assert {path.name: path.read_text() for path in (inbox / "done").iterdir()} == {
        "bill.csv": "one",
        "bill-1.csv": "two",
    }


def test_downloads_hidden_files_and_folders_are_left_alone(inbox: Path) -> None:
    for name in ("bill.csv.part", "bill.crdownload", ".bill.csv", "~$bill.xlsx"):
        (inbox / name).write_text("x")
    (inbox / "old").mkdir()
    assert list(watch(inbox, lambda path: NOTHING, doing(rest, rest))) == []


def test_a_busy_ledger_keeps_the_file_for_the_next_time(inbox: Path) -> None:
    (inbox / "bill.csv").write_text("x")
    answers: list[Exception | ImportReport] = [OperationalError("", {}, Exception("locked"))]

    def take(path: Path) -> ImportReport:
        answer = answers.pop() if answers else NOTHING
        if isinstance(answer, Exception):
            raise answer
        return answer

    first, second = watch(inbox, take, doing(rest, rest))
    assert first.waits
    assert second == Seen("bill.csv", report=NOTHING)


def test_a_folder_that_is_none_is_told(inbox: Path) -> None:
    with pytest.raises(InputError, match="没有文件夹"):
        list(watch(inbox / "none", lambda path: NOTHING, doing()))
