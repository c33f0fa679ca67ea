"""The 银联 ZM file from file to ledger: fixed width, GBK, over New Year (DOMAIN.md §7.4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from daozhang.database import Sessions
from daozhang.errors import ImportRejected
from daozhang.ledger.importers import ImportReport
from daozhang.ledger.words import CardType, Channel, TxnKind
from tests.ledger.conftest import Take
from tests.ledger.kit import FIXTURES, bad_lines, open_shop, txn
from tests.worlds import moment

BILL = FIXTURES / "INN27010188ZM_777290058110048"


@pytest.fixture(autouse=True)
def _shop(ledger: Sessions) -> None:
    open_shop(ledger, "777290058110048")


def test_december_belongs_to_the_year_before_the_settlement_day(
    ledger: Sessions, take: Take
) -> None:
    assert take(BILL) == ImportReport(lines=5, stored=3, known=0, quarantined=2)
    assert txn(ledger, "UP20261231001").local_at == moment("2026-12-31 22:59:10")
    assert txn(ledger, "UP20270101001").local_at == moment("2027-01-01 09:15:00")


def test_a_sale_belongs_to_the_day_it_was_cleared(ledger: Sessions, take: Take) -> None:
    take(BILL)
    sale = txn(ledger, "UP20261231001")
    assert sale.clearing is not None
    assert sale.item is not None
    assert sale.clearing.clear_date == sale.item.settle_date == date(2027, 1, 1)
    assert sale.item.due_at > moment("2027-01-01 18:00")
    assert (sale.channel, sale.card_last4, sale.card_type) == (
        Channel.UNIONPAY_QR,
        "1234",
        CardType.DEBIT,
    )
    assert (sale.item.fee, sale.item.net) == (768, 127_232)


def test_a_refund_points_to_the_sale_by_the_query_number(ledger: Sessions, take: Take) -> None:
    take(BILL)
    refund = txn(ledger, "UP20270101002", TxnKind.REFUND)
    assert refund.original_id == txn(ledger, "UP20261231001").id
    assert refund.item is not None
    assert (refund.item.fee, refund.item.net) == (-48, -7_952)


def test_chinese_names_count_in_bytes(ledger: Sessions, take: Take) -> None:
    take(BILL)
    assert txn(ledger, "UP20270101001").tid == "01080209"


def test_half_a_character_does_not_shift_the_columns(
    ledger: Sessions, take: Take, tmp_path: Path
) -> None:
    torn = tmp_path / BILL.name
    name = "晨光五金店浦东分店".encode("gbk")
    torn.write_bytes(BILL.read_bytes().replace(name, name[:-1] + b" "))
    take(torn)
    assert txn(ledger, "UP20270101001").tid == "01080209"


def test_a_line_that_contradicts_itself_is_quarantined(ledger: Sessions, take: Take) -> None:
    take(BILL)
    assert bad_lines(ledger) == [
        (4, "结算金额不等于交易金额减手续费"),
        (5, "时间“0230120000”不对，没有这样的日期"),
    ]


def test_a_cut_line_is_quarantined(ledger: Sessions, take: Take, tmp_path: Path) -> None:
    cut = tmp_path / BILL.name
    cut.write_bytes(BILL.read_bytes().splitlines()[0] + b"\n" + BILL.read_bytes()[:200])
    assert take(cut) == ImportReport(lines=2, stored=1, known=0, quarantined=1)


def test_another_file_is_refused(take: Take) -> None:
    with pytest.raises(ImportRejected, match="ZM"):
        take(FIXTURES / "leshua_payout.csv", fmt="unionpay-zm")
