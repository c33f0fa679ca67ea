"""乐刷交易 and 乐刷打款 from file to ledger. The files follow DOMAIN.md §7.5."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from daozhang.database import Sessions
from daozhang.errors import ImportRejected
from daozhang.ledger.importers import ImportReport
from daozhang.ledger.words import CardType, Channel, ItemState, PayoutState, Product, TxnKind
from tests.ledger.conftest import Take
from tests.ledger.kit import FIXTURES, bad_lines, edited, open_shop, payout, payouts, txn
from tests.worlds import moment

TRADE = FIXTURES / "18566_trade_new_20261120.txt"
PAYOUT = FIXTURES / "leshua_payout.csv"
RETURNED, SUCCESSOR = "20261120000030368400", "20261122000030368500"


@pytest.fixture(autouse=True)
def _shop(ledger: Sessions) -> None:
    open_shop(ledger, "9505209088", product=Product.D1)


class TestTrade:
    def test_lines_are_stored_passed_or_quarantined(self, ledger: Sessions, take: Take) -> None:
        report = take(TRADE)
        assert report == ImportReport(lines=6, stored=3, known=0, quarantined=2, passed=1)
        assert bad_lines(ledger) == [
            (5, "“100.5”不是金额，应为以分为单位的整数"),
            (6, "不认识的支付方式“数字人民币”"),
        ]

    def test_a_card_payment_has_the_numbers_on_its_slip(self, ledger: Sessions, take: Take) -> None:
        take(TRADE)
        sale = txn(ledger, "TP20261120001")
        assert (sale.channel, sale.card_type, sale.issuer) == (
            Channel.CARD,
            CardType.DEBIT,
            "工商银行",
        )
        assert (sale.ref_no, sale.trace_no, sale.tid) == ("261120101001", "000123", "31000001")
        assert sale.item is not None
        assert (sale.item.fee, sale.item.net) == (1_800, 298_200)

    def test_a_wallet_refund_points_to_its_sale(self, ledger: Sessions, take: Take) -> None:
        take(TRADE)
        refund = txn(ledger, "TR20261120001", TxnKind.REFUND)
        assert refund.original_id == txn(ledger, "TP20261120002").id
        assert refund.item is not None
        assert refund.item.net == -1_793

    def test_the_same_lines_in_another_file_are_known(self, take: Take, tmp_path: Path) -> None:
        take(TRADE)
        again = take(edited(TRADE, tmp_path, "招商银行", "建设银行"))
        assert (again.stored, again.known) == (0, 3)

    @pytest.mark.parametrize("separator", ["|", "\t"])
    def test_other_separators(self, take: Take, tmp_path: Path, separator: str) -> None:
        other = tmp_path / TRADE.name
        other.write_text(TRADE.read_text("utf-8").replace(",", separator), "utf-8")
        assert take(other).stored == 3


class TestPayout:
    def test_states_and_amounts(self, ledger: Sessions, take: Take) -> None:
        report = take(PAYOUT)
        assert report == ImportReport(lines=8, stored=6, known=0, quarantined=2)
        assert [
            (one.state, one.plan_amount, one.suspended_amount, one.real_amount)
            for one in payouts(ledger)
        ] == [
            (PayoutState.RETURNED, 9_900, 0, 0),
            (PayoutState.SUCCESS, 298_200, 0, 298_200),
            (PayoutState.FAILED, 12_000, 0, 0),
            (PayoutState.PAYING, 5_000, 0, 0),
            (PayoutState.SUCCESS, 7_000, 2_000, 5_000),
            (PayoutState.SUCCESS, 9_900, 0, 9_900),
        ]

    def test_the_bank_says_why_and_only_four_digits_are_kept(
        self, ledger: Sessions, take: Take
    ) -> None:
        take(PAYOUT)
        failed = payout(ledger, "20261121000030368489")
        assert failed.fail_text == "户名不符"
        assert (failed.account_bank, failed.account_last4) == ("建设银行", "4882")
        assert failed.result_at == moment("2026-11-21 04:35:12")

    def test_a_new_order_in_place_of_a_returned_one_names_it(
        self, ledger: Sessions, take: Take
    ) -> None:
        take(PAYOUT)
        assert payout(ledger, SUCCESSOR).previous_no == RETURNED
        assert payout(ledger, RETURNED).previous_no is None

    def test_the_old_order_may_come_in_a_later_file(
        self, ledger: Sessions, take: Take, tmp_path: Path
    ) -> None:
        lines = PAYOUT.read_bytes().splitlines(keepends=True)
        (early := tmp_path / "early.csv").write_bytes(lines[0] + lines[5])
        take(early)
        assert payout(ledger, SUCCESSOR).previous_no is None
        take(PAYOUT)
        assert payout(ledger, SUCCESSOR).previous_no == RETURNED

    def test_a_payout_that_adds_up_is_linked_to_the_items_of_its_day(
        self, ledger: Sessions, take: Take, tmp_path: Path
    ) -> None:
        lines = TRADE.read_text("utf-8").splitlines()
        (one_sale := tmp_path / TRADE.name).write_text(lines[0] + "\n", "utf-8")
        take(one_sale)
        take(PAYOUT)
        item = txn(ledger, "TP20261120001").item
        assert item is not None
        assert (item.settle_date, item.payout_no, item.state) == (
            date(2026, 11, 20),
            "20261121000030368488",
            ItemState.PAID,
        )

    def test_a_payout_that_does_not_add_up_is_left_without(
        self, ledger: Sessions, take: Take
    ) -> None:
        take(TRADE)
        take(PAYOUT)
        item = txn(ledger, "TP20261120001").item
        assert item is not None
        assert (item.payout_no, item.state) == (None, ItemState.PENDING)

    def test_later_news_go_forward_only(self, ledger: Sessions, take: Take, tmp_path: Path) -> None:
        take(PAYOUT)
        news = edited(PAYOUT, tmp_path, "5000,0,5000,0,", "5000,0,5000,1,", "gb18030")
        assert take(news) == ImportReport(lines=8, stored=1, known=5, quarantined=2)
        paid = payout(ledger, "20261121000030368490")
        assert (paid.state, paid.real_amount) == (PayoutState.SUCCESS, 5_000)
        stale = edited(PAYOUT, tmp_path, "5000,0,5000,0,,", "5000,0,5000,0,,旧", "gb18030")
        take(stale)
        assert payout(ledger, "20261121000030368490").state is PayoutState.SUCCESS

    def test_news_that_contradict_are_quarantined(
        self, ledger: Sessions, take: Take, tmp_path: Path
    ) -> None:
        take(PAYOUT)
        take(edited(PAYOUT, tmp_path, "0,0,-1,户名不符", "0,12000,1,", "gb18030"))
        assert payout(ledger, "20261121000030368489").state is PayoutState.FAILED
        assert any("矛盾" in reason for _, reason in bad_lines(ledger))

    def test_bad_lines_say_why(self, ledger: Sessions, take: Take) -> None:
        take(PAYOUT)
        assert bad_lines(ledger) == [
            (8, "billId“2.02611E+19”不对，可能被表格软件改过"),
            (9, "不认识的打款状态“9”"),
        ]

    def test_another_header_is_refused(self, take: Take, tmp_path: Path) -> None:
        with pytest.raises(ImportRejected, match="列名"):
            take(edited(PAYOUT, tmp_path, "billId", "id", "gb18030"), fmt="leshua-payout")
