"""The 微信支付资金账单 from file to ledger. The file follows DOMAIN.md §7.2."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from daozhang.database import Sessions
from daozhang.errors import ImportRejected
from daozhang.ledger.importers import ImportReport
from daozhang.ledger.words import PayoutState
from tests.ledger.conftest import Take
from tests.ledger.kit import FIXTURES, edited, open_shop, payout, payouts
from tests.worlds import moment

SHOP = "1900012301"
BILL = FIXTURES / "1900012301_20261120_资金账单_BASIC.csv"
PAID = "0001900012301202611200310220001"
RETURNED = "0001900012301202611190310180001"


@pytest.fixture(autouse=True)
def _shop(ledger: Sessions) -> None:
    open_shop(ledger, SHOP)


def test_withdrawals_are_payouts_of_the_merchant_in_the_name(ledger: Sessions, take: Take) -> None:
    assert take(BILL) == ImportReport(lines=5, stored=2, known=0, quarantined=0, passed=3)
    paid = payout(ledger, PAID)
    assert (paid.mid, paid.state, paid.plan_amount) == (SHOP, PayoutState.SUCCESS, 212_000)
    assert paid.created_at == paid.result_at == moment("2026-11-20 03:10:22")
    assert paid.due_at == moment("2026-11-20 18:00")
    assert paid.credited_at is None, "the wallet cannot know what the bank has posted"


def test_money_that_comes_back_is_a_returned_payout(ledger: Sessions, take: Take) -> None:
    take(BILL)
    returned = payout(ledger, RETURNED)
    assert (returned.state, returned.fail_text) == (PayoutState.RETURNED, "户名不符")


def test_a_later_return_reaches_the_payout_that_is_known(
    ledger: Sessions, take: Take, tmp_path: Path
) -> None:
    take(BILL)
    row = f"`{RETURNED},`0001900012301202611200912400002,`提现,`提现退票,`收入,`880.50"
    news = edited(BILL, tmp_path, row, row.replace(RETURNED, PAID).replace("880.50", "2120.00"))
    take(edited(news, tmp_path, "`3880.50", "`5120.00"))
    assert payout(ledger, PAID).state is PayoutState.RETURNED
    assert payout(ledger, PAID).real_amount == 0


def test_who_is_meant_can_be_said(ledger: Sessions, take: Take, tmp_path: Path) -> None:
    copy = shutil.copy(BILL, tmp_path / "资金账单20261120.csv")
    with pytest.raises(ImportRejected, match="没有写商户号"):
        take(Path(copy))
    assert take(Path(copy), mid=SHOP).stored == 2


def test_half_width_brackets_are_the_same_column(take: Take, tmp_path: Path) -> None:
    assert take(edited(BILL, tmp_path, "收支金额（元）", "收支金额(元)")).stored == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("`2615.12", "`2615.13", "支出金额"),
        ("`3880.50", "`3880.49", "收入金额"),
        ("`5,`2", "`6,`2", "总笔数"),
        ("`5,`2,`3880.50,`3", "`6,`2,`3880.50,`4", "少 1 笔"),
        ("资金流水总笔数", "笔数", "没有汇总"),
    ],
)
def test_totals_are_held_against_the_lines(
    ledger: Sessions, take: Take, tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(ImportRejected, match=told):
        take(edited(BILL, tmp_path, old, new))
    assert payouts(ledger) == []
