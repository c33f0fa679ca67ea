"""支付宝业务明细 and 账务明细 from file to ledger. The files follow DOMAIN.md §7.3."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from daozhang.database import Sessions
from daozhang.errors import ImportRejected
from daozhang.ledger.importers import ImportReport
from daozhang.ledger.words import Channel, PayoutState, TxnKind, TxnState
from tests.ledger.conftest import Take
from tests.ledger.kit import FIXTURES, bad_lines, edited, open_shop, payouts, txn, txns
from tests.worlds import moment

SHOP = "2088421021710001"
TRADE = FIXTURES / "alipay_trade.csv"
FUND = FIXTURES / "alipay_fund.csv"


@pytest.fixture(autouse=True)
def _shop(ledger: Sessions) -> None:
    open_shop(ledger, SHOP, account_bank="招商银行", account_last4="7711")


class TestTradeBill:
    def test_zip_and_csv_are_the_same_bill(self, ledger: Sessions, take: Take) -> None:
        first = take(FIXTURES / "alipay_trade.zip")
        assert first == ImportReport(lines=4, stored=3, known=0, quarantined=1)
        assert take(TRADE) == ImportReport(lines=4, stored=0, known=3, quarantined=1)

    def test_a_sale_is_dated_by_its_completion_and_its_fee_is_positive(
        self, ledger: Sessions, take: Take
    ) -> None:
        take(TRADE)
        sale = txn(ledger, "AL20261120001")
        assert (sale.mid, sale.channel) == (SHOP, Channel.ALIPAY)
        assert sale.local_at == moment("2026-11-20 10:01:09")
        assert sale.wallet_no == "2026112022001400561400000001"
        assert sale.item is not None
        assert (sale.item.fee, sale.item.net) == (77, 12_723)
        assert sale.item.due_at == moment("2026-11-23 18:00")

    def test_what_is_shared_or_given_by_the_merchant_is_deducted(
        self, ledger: Sessions, take: Take
    ) -> None:
        take(TRADE)
        sale = txn(ledger, "AL20261120002")
        assert sale.amount == 56_000
        assert sale.item is not None
        assert (sale.item.deducted, sale.item.net) == (1_500, 54_170)

    def test_a_refund_points_to_its_sale(self, ledger: Sessions, take: Take) -> None:
        take(TRADE)
        refund = txn(ledger, "AL20261120001", TxnKind.REFUND)
        sale = txn(ledger, "AL20261120001")
        assert (refund.original_id, refund.ref_no) == (sale.id, "RF20261120001")
        assert sale.state is TxnState.APPROVED, "only a part was given back"
        assert refund.item is not None
        assert (refund.item.fee, refund.item.net) == (-17, -2_783)

    def test_a_spoilt_number_is_quarantined(self, ledger: Sessions, take: Take) -> None:
        take(TRADE)
        assert bad_lines(ledger) == [
            (9, "支付宝交易号“2.02611E+27”不对，可能被表格软件改过"),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("共684.00元", "共685.00元", "交易金额与明细之和对不上"),
            ("共-28.00元", "共-29.00元", "退款金额与明细之和对不上"),
            ("#交易合计：3笔", "#交易合计：4笔", "明细比汇总少 1 笔"),
            ("#交易合计：3笔", "#交易合计：2笔", "汇总写交易 2 笔，明细有 3 笔"),
            ("列表结束", "列表", "列表结束"),
            ("#交易合计", "#交易", "没有合计"),
            ("商家实收（元）", "实收", "表头"),
        ],
    )
    def test_what_does_not_match_is_refused_whole(
        self, ledger: Sessions, take: Take, tmp_path: Path, old: str, new: str, told: str
    ) -> None:
        with pytest.raises(ImportRejected, match=told):
            take(edited(TRADE, tmp_path, old, new, "gbk"), fmt="alipay-trade")
        assert txns(ledger) == []

    def test_a_zip_with_two_bills_is_refused(self, take: Take, tmp_path: Path) -> None:
        both = tmp_path / "both.zip"
        with ZipFile(both, "w") as archive:
            archive.write(TRADE, "a.csv")
            archive.write(FUND, "b.csv")
        with pytest.raises(ImportRejected, match="实有 2 份"):
            take(both)

    def test_a_torn_zip_is_refused(self, take: Take, tmp_path: Path) -> None:
        torn = tmp_path / "torn.zip"
        torn.write_bytes((FIXTURES / "alipay_trade.zip").read_bytes()[:300])
        with pytest.raises(ImportRejected, match="没有下载完整"):
            take(torn)


class TestFundBill:
    def test_withdrawals_are_payouts_and_the_rest_is_passed(
        self, ledger: Sessions, take: Take
    ) -> None:
        report = take(FUND)
        assert report == ImportReport(lines=4, stored=2, known=0, quarantined=0, passed=2)
        returned, paid = payouts(ledger)
        assert (paid.state, paid.plan_amount, paid.real_amount) == (
            PayoutState.SUCCESS,
            62_723,
            62_723,
        )
        assert (paid.account_bank, paid.account_last4) == ("招商银行", "7711")
        assert (returned.state, returned.real_amount) == (PayoutState.RETURNED, 0)
        assert returned.fail_text == "账户状态异常"

    def test_again_says_the_same(self, take: Take) -> None:
        take(FUND)
        assert take(FUND) == ImportReport(lines=4, stored=0, known=2, quarantined=0, passed=2)

    def test_totals_are_held_against_the_lines(
        self, ledger: Sessions, take: Take, tmp_path: Path
    ) -> None:
        with pytest.raises(ImportRejected, match="支出金额"):
            take(edited(FUND, tmp_path, "共-628.00元", "共-629.00元", "gbk"))
        assert payouts(ledger) == []
