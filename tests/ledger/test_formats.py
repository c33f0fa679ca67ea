"""How a file tells its format, and what it may be wrapped in."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from daozhang.database import Sessions
from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers import FORMATS, detect, import_file
from daozhang.ledger.importers.lines import read_lines
from daozhang.ledger.importers.sources import head_of
from tests.ledger.conftest import StoppedClock, Take
from tests.ledger.kit import FIXTURES, bad_lines, open_shop

PREFIXES = {
    "wechat_": "wechat-trade",
    "1900012301_": "wechat-fund",
    "alipay_trade": "alipay-trade",
    "alipay_fund": "alipay-fund",
    "INN": "unionpay-zm",
    "18566_": "leshua-trade",
    "leshua_payout": "leshua-payout",
    "portal_trade": "portal-trade",
    "portal_payout": "portal-payout",
}


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_each_bill_is_recognised_as_one_format(path: Path) -> None:
    head, name = head_of(path)
    expected = next(fmt for prefix, fmt in PREFIXES.items() if path.name.startswith(prefix))
    assert [one.name for one in FORMATS.values() if one.recognise(head, name)] == [expected]
    assert detect(path).name == expected


def test_every_format_has_a_fixture() -> None:
    assert set(PREFIXES.values()) == set(FORMATS)


@pytest.mark.parametrize("content", [b"", b"hello,world\n1,2\n", b"\x00" * 9_000, b"\xff\xfe\x00"])
def test_what_is_no_bill_is_refused(tmp_path: Path, content: bytes) -> None:
    (other := tmp_path / "other.csv").write_bytes(content)
    with pytest.raises(ImportRejected, match=r"认不出 other\.csv"):
        detect(other)


def test_a_gzip_is_opened(ledger: Sessions, take: Take, tmp_path: Path) -> None:
    open_shop(ledger, "1900012301")
    (packed := tmp_path / "bill.csv.gz").write_bytes(
        gzip.compress((FIXTURES / "wechat_success.csv").read_bytes())
    )
    assert take(packed).stored == 3
    assert bad_lines(ledger) == [(3, "账上没有商户 1765312920")]


def test_a_torn_gzip_is_refused_and_nothing_stays(
    ledger: Sessions, take: Take, tmp_path: Path
) -> None:
    whole = gzip.compress((FIXTURES / "wechat_success.csv").read_bytes())
    (torn := tmp_path / "bill.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImportRejected, match="没有下载完整"):
        take(torn)


def test_a_missing_file_is_told_by_name(take: Take, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        take(tmp_path / "none.csv")


def test_progress_is_told_in_lines(ledger: Sessions, tmp_path: Path) -> None:
    open_shop(ledger, "9505209088")
    line = (FIXTURES / "18566_trade_new_20261120.txt").read_text("utf-8").splitlines()[0]
    (bill := tmp_path / "18566_trade_new_20261120.txt").write_text(
        "".join(f"{line.replace('TP20261120001', f'T{n}')}\n" for n in range(2_500)), "utf-8"
    )
    told: list[int] = []
    report = import_file(ledger, bill, clock=StoppedClock(), progress=told.append)
    assert told == [1_000, 2_000, 2_500]
    assert report.lines == 2_500


def test_the_first_line_beyond_ascii_decides_the_encoding(tmp_path: Path) -> None:
    (file := tmp_path / "x").write_bytes("billId,remark\n1,户名不符\n".encode("gb18030"))
    with file.open("rb") as lines:
        assert list(read_lines(lines)) == ["billId,remark", "1,户名不符"]
