"""Portal exports, CSV and Excel, from file to ledger. The columns are those of DOMAIN.md §7.8."""

from __future__ import annotations

from pathlib import Path

import pytest

from daozhang.database import Sessions
from daozhang.errors import ImportRejected
from daozhang.ledger.importers import ImportReport
from daozhang.ledger.words import (
    CardType,
    Channel,
    ItemState,
    PayoutState,
    Product,
    TxnKind,
    TxnState,
)
from tests.ledger.conftest import Take
from tests.ledger.kit import FIXTURES, bad_lines, edited, open_shop, payout, payouts, txn, txns
from tests.worlds import MID, moment

TRADE = FIXTURES / "portal_trade.csv"
PAYOUT = FIXTURES / "portal_payout.csv"


@pytest.fixture(autouse=True)
def _shop(ledger: Sessions) -> None:
    open_shop(ledger, MID)


@pytest.mark.parametrize("name", ["portal_trade.csv", "portal_trade.xlsx"])
class TestTrade:
    def test_every_row_but_the_spoilt_one_is_stored(
        self, ledger: Sessions, take: Take, name: str
    ) -> None:
        assert take(FIXTURES / name) == ImportReport(lines=7, stored=6, known=0, quarantined=1)
        assert "被表格软件改过" in bad_lines(ledger)[0][1]

    def test_a_row_becomes_what_is_on_the_slip(
        self, ledger: Sessions, take: Take, name: str
    ) -> None:
        take(FIXTURES / name)
        sale = txn(ledger, "D202611200001")
        assert (sale.channel, sale.kind, sale.state) == (
            Channel.CARD,
            TxnKind.SALE,
            TxnState.APPROVED,
        )
        assert sale.local_at == moment("2026-11-20 15:10:00")
        assert (sale.card_last4, sale.card_type, sale.issuer) == (
            "5670",
            CardType.DEBIT,
            "招商银行",
        )
        assert (sale.response_code, sale.ruleset) == ("00", "new")
        assert sale.ref_no == "261120151001"
        assert (sale.tid, sale.trace_no, sale.batch_no) == ("31000001", "000123", "000045")
        assert sale.item is not None
        assert (sale.item.fee, sale.item.net) == (1_800, 298_200)

    def test_a_declined_try_and_the_one_that_went_through_share_an_order(
        self, ledger: Sessions, take: Take, name: str
    ) -> None:
        take(FIXTURES / name)
        tries = [one for one in txns(ledger) if one.order_no == "D202611200002"]
        assert [one.state for one in tries] == [TxnState.DECLINED, TxnState.APPROVED]
        assert [one.response_code for one in tries] == ["51", "00"]
        assert tries[0].item is None

    def test_an_open_preauthorisation_owes_nothing(
        self, ledger: Sessions, take: Take, name: str
    ) -> None:
        take(FIXTURES / name)
        preauth = txn(ledger, "D202611200005", TxnKind.PREAUTH)
        assert (preauth.state, preauth.item, preauth.clearing) == (
            TxnState.PREAUTH_OPEN,
            None,
            None,
        )

    def test_a_refund_is_negative(self, ledger: Sessions, take: Take, name: str) -> None:
        take(FIXTURES / name)
        refund = txn(ledger, "D202611200004", TxnKind.REFUND)
        assert refund.amount == 20_000
        assert refund.item is not None
        assert refund.item.net == -20_000


def test_the_same_export_as_csv_and_excel_is_one(take: Take) -> None:
    take(TRADE)
    again = take(FIXTURES / "portal_trade.xlsx")
    assert (again.stored, again.known) == (0, 6)


def test_a_total_that_does_not_match_is_refused(
    ledger: Sessions, take: Take, tmp_path: Path
) -> None:
    with pytest.raises(ImportRejected, match="合计"):
        take(edited(TRADE, tmp_path, "4976.00", "4977.00", "gb18030"))
    assert txns(ledger) == []


def test_an_approved_row_without_settlement_amount_is_not_taken_for_zero(
    ledger: Sessions, take: Take, tmp_path: Path
) -> None:
    take(edited(TRADE, tmp_path, "2982.00", "0.00", "gb18030"))
    assert (4, "成功的交易，结算金额不应是零") in bad_lines(ledger)


def test_old_excel_is_told_from_new(take: Take, tmp_path: Path) -> None:
    (old := tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    with pytest.raises(ImportRejected, match=r"\.xlsx"):
        take(old)


@pytest.mark.parametrize("name", ["portal_payout.csv", "portal_payout.xlsx"])
class TestPayout:
    def test_states_follow_the_words_and_the_arrival(
        self, ledger: Sessions, take: Take, name: str
    ) -> None:
        report = take(FIXTURES / name)
        assert (report.stored, report.quarantined) == (3, 1)
        short, returned, credited = payouts(ledger)
        assert credited.state is PayoutState.CREDITED
        assert credited.credited_at == moment("2026-11-23 08:20:11")
        assert (returned.state, returned.fail_text) == (PayoutState.RETURNED, "户名不符")
        assert (short.state, short.suspended_amount) == (PayoutState.SUCCESS, 4_940)
        assert bad_lines(ledger) == [(5, "不认识的出款状态“审核中”")]

    def test_a_payout_that_adds_up_carries_the_items_of_its_day(
        self, ledger: Sessions, take: Take, name: str
    ) -> None:
        take(TRADE)
        take(FIXTURES / name)
        items = [one.item for one in txns(ledger) if one.item is not None]
        assert {(item.payout_no, item.state) for item in items} == {
            ("JS2026112000001", ItemState.PAID)
        }
        assert payout(ledger, "JS2026112000001").due_at == moment("2026-11-23 18:00")


def test_a_returned_payout_leaves_its_items_due(
    ledger: Sessions, take: Take, tmp_path: Path
) -> None:
    take(TRADE)
    take(PAYOUT)
    back = edited(PAYOUT, tmp_path, "3642.95,出款成功", "0.00,已退票")
    assert take(back).stored == 1
    assert payout(ledger, "JS2026112000001").state is PayoutState.RETURNED
    items = [one.item for one in txns(ledger) if one.item is not None]
    assert {item.state for item in items} == {ItemState.DUE}


class TestTermsOfTheShop:
    """Fixture: sales of 3,000, 800 and 66 yuan between 15:10 and 16:00 of a Friday."""

    @pytest.fixture(autouse=True)
    def _shop(self, ledger: Sessions) -> None:
        """Each test opens its own, instead of the one above."""

    def test_the_instant_cap_of_a_day_counts_what_came_before(
        self, ledger: Sessions, take: Take
    ) -> None:
        open_shop(ledger, MID, product=Product.S0, instant_cap_day=310_000)
        take(TRADE)
        due = [
            one.item.due_at
            for one in txns(ledger)
            if one.item and one.kind is TxnKind.SALE and one.state is TxnState.APPROVED
        ]
        assert due[:3] == [
            moment("2026-11-20 15:40"),
            moment("2026-11-23 18:00"),
            moment("2026-11-20 16:30"),
        ]

    def test_unknown_terms_are_those_that_the_provider_has_published(
        self, ledger: Sessions, take: Take
    ) -> None:
        unknown = {"cutoff": None, "window_start": None, "window_end": None}
        open_shop(ledger, MID, product=Product.D1, provider="拉卡拉", **unknown)
        take(TRADE)
        sale = txn(ledger, "D202611200001")
        assert sale.item is not None
        assert sale.item.due_at == moment("2026-11-21 16:00")
