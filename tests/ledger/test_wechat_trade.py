"""The 微信支付交易账单 from file to ledger. The files follow DOMAIN.md §7.1 to the letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from daozhang.clock import Clock
from daozhang.database import Base, Sessions, connect
from daozhang.errors import ImportRejected, InputError
from daozhang.ledger.importers import ImportReport, import_file
from daozhang.ledger.importers.masking import mask_cards
from daozhang.ledger.importers.rows import BadLine, TradeRow
from daozhang.ledger.importers.wechat_trade import read_bill
from daozhang.ledger.models import ImportedFile, QuarantinedLine, Txn
from daozhang.ledger.words import (
    Channel,
    ItemState,
    Product,
    ReconState,
    TxnKind,
    TxnState,
)
from tests.worlds import a_merchant, moment

FIXTURES = Path(__file__).parent / "fixtures"
ALL = FIXTURES / "wechat_all.csv"
DINER = "1900012301"
NOODLES = "1765312920"
BIG_ORDER = "4200002561202611203344556677"


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Sessions]:
    engine, sessions = connect(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        a_merchant(session, DINER)
        a_merchant(session, NOODLES, product=Product.D1)
    yield sessions
    engine.dispose()


def take(sessions: Sessions, path: Path) -> ImportReport:
    return import_file(sessions, path, fmt="wechat-trade", clock=Clock())


def txns(sessions: Sessions, wallet_no: str | None = None) -> Sequence[Txn]:
    wanted = (
        select(Txn).options(joinedload(Txn.clearing), joinedload(Txn.item)).order_by(Txn.local_at)
    )
    if wallet_no is not None:
        wanted = wanted.where(Txn.wallet_no == wallet_no)
    with sessions() as session:
        return session.scalars(wanted).all()


def one(sessions: Sessions, order_no: str, kind: TxnKind = TxnKind.SALE) -> Txn:
    return next(txn for txn in txns(sessions) if (txn.order_no, txn.kind) == (order_no, kind))


def quarantine(sessions: Sessions) -> Sequence[QuarantinedLine]:
    with sessions() as session:
        return session.scalars(select(QuarantinedLine).order_by(QuarantinedLine.line_no)).all()


def is_empty(sessions: Sessions) -> bool:
    with sessions() as session:
        return all(
            session.scalar(select(func.count()).select_from(table)) == 0
            for table in (Txn, ImportedFile, QuarantinedLine)
        )


def edited(path: Path, tmp_path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / f"edited-{path.name}"
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


class TestAllBill:
    def test_every_line_is_stored(self, sessions: Sessions) -> None:
        assert take(sessions, ALL) == ImportReport(lines=9, stored=9, known=0, quarantined=0)

    def test_a_sale_becomes_transaction_clearing_and_item(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        sale = one(sessions, "ZX20261120001")
        assert (sale.mid, sale.channel, sale.wallet_no) == (DINER, Channel.WECHAT, BIG_ORDER)
        assert (sale.amount, sale.state) == (300_000, TxnState.APPROVED)
        assert sale.local_at == sale.host_at == moment("2026-11-20 12:05:31")
        assert sale.clearing is not None
        assert sale.clearing.recon_state is ReconState.MATCHED
        assert sale.clearing.clear_date == date(2026, 11, 20)
        assert sale.item is not None
        assert (sale.item.fee, sale.item.net) == (1_800, 298_200)
        assert sale.item.state is ItemState.PENDING
        assert sale.item.due_at == moment("2026-11-23 18:00")

    def test_a_sub_merchant_goes_before_its_provider_and_midnight_cuts_the_day(
        self, sessions: Sessions
    ) -> None:
        take(sessions, ALL)
        sale = one(sessions, "MD-0007-99812")
        assert sale.mid == NOODLES
        assert sale.item is not None
        assert sale.item.settle_date == date(2026, 11, 20)
        assert sale.item.due_at == moment("2026-11-21 18:00")

    def test_a_coupon_the_merchant_gave_is_deducted(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        sale = one(sessions, "ZX20261120002")
        assert sale.amount == 10_000
        assert sale.item is not None
        assert (sale.item.deducted, sale.item.fee, sale.item.net) == (1_000, 54, 8_946)

    def test_a_refund_points_to_its_sale_though_it_stands_before_it(
        self, sessions: Sessions
    ) -> None:
        take(sessions, ALL)
        sale = one(sessions, "ZX20261120001")
        refund = one(sessions, "TK20261120001", TxnKind.REFUND)
        assert refund.original_id == sale.id
        assert (refund.wallet_no, refund.ref_no) == (BIG_ORDER, "50303108562026112016872825631")
        assert (refund.amount, refund.state) == (48_000, TxnState.APPROVED)
        assert refund.item is not None
        assert (refund.item.fee, refund.item.net) == (-288, -47_712)
        assert sale.state is TxnState.APPROVED, "only a part was given back"

    def test_a_sale_given_back_in_full_is_refunded(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        assert one(sessions, "MD-0007-99812").state is TxnState.REFUNDED

    def test_a_revoked_sale_is_voided(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        sale, void = txns(sessions, "4200002501202611202020202020")
        assert (sale.state, void.kind) == (TxnState.VOIDED, TxnKind.VOID)
        assert void.original_id == sale.id

    def test_a_refund_of_an_unknown_sale_stands_alone(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        refund = one(sessions, "TK20261120002", TxnKind.REFUND)
        assert refund.original_id is None
        assert refund.item is not None
        assert refund.item.net == -19_880

    def test_a_failed_refund_moves_no_money(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        refund = one(sessions, "TK20261120003", TxnKind.REFUND)
        assert refund.state is TxnState.DECLINED
        assert (refund.clearing, refund.item) == (None, None)


class TestOtherForms:
    def test_gb18030_reads_like_utf8(self, sessions: Sessions) -> None:
        assert take(sessions, FIXTURES / "wechat_all_gb18030.csv").stored == 9
        assert one(sessions, "ZX20261120001").amount == 300_000

    def test_success_bill_has_no_refund_columns(self, sessions: Sessions) -> None:
        report = take(sessions, FIXTURES / "wechat_success.csv")
        assert report == ImportReport(lines=4, stored=4, known=0, quarantined=0)
        assert {txn.kind for txn in txns(sessions)} == {TxnKind.SALE}

    def test_refund_bill_counts_from_the_day_the_refund_was_asked_for(
        self, sessions: Sessions
    ) -> None:
        take(sessions, FIXTURES / "wechat_refund.csv")
        second = one(sessions, "TK20261121001", TxnKind.REFUND)
        assert second.local_at == moment("2026-11-21 09:30:00")

    def test_early_form_has_other_names_for_the_same(self, sessions: Sessions) -> None:
        take(sessions, FIXTURES / "wechat_early_form.csv")
        sale = one(sessions, "ZX20261120009")
        assert sale.item is not None
        assert (sale.amount, sale.item.net) == (1_200, 1_193)

    def test_a_day_without_trade_is_a_bill(self, tmp_path: Path, sessions: Sessions) -> None:
        lines = (FIXTURES / "wechat_success.csv").read_text(encoding="utf-8").splitlines()
        empty = tmp_path / "empty.csv"
        summary = [lines[-2], "`0,`0.00,`0.00000,`0.00"]
        empty.write_text("\n".join([lines[0], *summary]), encoding="utf-8")
        assert take(sessions, empty) == ImportReport(0, 0, 0, 0)


class TestAgain:
    def test_the_same_file_changes_nothing(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        before = [txn.id for txn in txns(sessions)]
        assert take(sessions, ALL) == ImportReport(lines=9, stored=0, known=9, quarantined=0)
        assert [txn.id for txn in txns(sessions)] == before

    def test_the_same_transactions_in_another_file_are_known(self, sessions: Sessions) -> None:
        take(sessions, FIXTURES / "wechat_success.csv")
        report = take(sessions, ALL)
        assert (report.stored, report.known) == (5, 4)

    def test_a_later_refund_bill_completes_the_refund(self, sessions: Sessions) -> None:
        take(sessions, ALL)
        report = take(sessions, FIXTURES / "wechat_refund.csv")
        assert (report.stored, report.known) == (1, 1)
        assert one(sessions, "ZX20261120001").state is TxnState.REFUNDED

    def test_a_sale_that_comes_after_its_refunds_is_joined(self, sessions: Sessions) -> None:
        take(sessions, FIXTURES / "wechat_refund.csv")
        take(sessions, FIXTURES / "wechat_success.csv")
        sale = one(sessions, "ZX20261120001")
        refunds = [txn for txn in txns(sessions, BIG_ORDER) if txn.kind is TxnKind.REFUND]
        assert sale.state is TxnState.REFUNDED
        assert [refund.original_id for refund in refunds] == [sale.id, sale.id]

    def test_another_amount_for_a_known_transaction_is_quarantined(
        self, sessions: Sessions, tmp_path: Path
    ) -> None:
        take(sessions, ALL)
        early = FIXTURES / "wechat_early_form.csv"
        other = edited(early, tmp_path, "4200002590202611205050505050", BIG_ORDER)
        assert take(sessions, other).quarantined == 1
        assert "金额不同" in quarantine(sessions)[0].reason


class TestBadLines:
    BILL = FIXTURES / "wechat_bad_lines.csv"

    def test_are_kept_with_number_and_reason_while_the_good_one_is_stored(
        self, sessions: Sessions
    ) -> None:
        assert take(sessions, self.BILL) == ImportReport(9, stored=1, known=0, quarantined=8)
        assert [(line.line_no, line.reason) for line in quarantine(sessions)] == [
            (3, "微信订单号“4.20E+27”不对，可能被表格软件改过"),
            (4, "应有 27 列，实有 21 列"),
            (5, "行首没有反引号，不是明细"),
            (6, "账上没有商户 1999999999"),
            (7, "货币是“HKD”，只收人民币"),
            (8, "不认识的交易状态“CLOSED”"),
            (9, "“七十七”不是金额，应为以元为单位的数字"),
            (10, "时间“2026/11/19 11:07”不对，应如 2026-11-20 08:30:00"),
        ]

    def test_keep_no_card_number(self, sessions: Sessions) -> None:
        take(sessions, self.BILL)
        text = quarantine(sessions)[2].text
        assert "****5670" in text
        assert "6225" not in text

    def test_are_reported_again_when_the_file_comes_again(self, sessions: Sessions) -> None:
        take(sessions, self.BILL)
        assert take(sessions, self.BILL) == ImportReport(9, stored=0, known=1, quarantined=8)
        assert len(quarantine(sessions)) == 8

    def test_of_a_torn_name_do_not_cost_the_line(self, sessions: Sessions, tmp_path: Path) -> None:
        torn = tmp_path / "torn.csv"
        torn.write_bytes(ALL.read_bytes().replace("十人套餐".encode(), "十人套餐".encode()[:-1]))
        assert take(sessions, torn).stored == 9


class TestRejected:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("`3214.50", "`3214.51", "应结订单总金额"),
            ("`824.50", "`824.49", "退款总金额"),
            ("`14.46000", "`14.47000", "手续费总金额"),
            ("\n`9,", "\n`10,", "汇总写 10 笔，明细有 9 笔"),
            ("总交易单数", "总笔数", "没有汇总"),
            ("\n`9,", "\n`九,", "汇总读不出来"),
            ("微信订单号", "订单号", "表头"),
        ],
    )
    def test_one_line_says_why_and_nothing_is_stored(
        self, sessions: Sessions, tmp_path: Path, old: str, new: str, told: str
    ) -> None:
        with pytest.raises(ImportRejected, match=told) as rejection:
            take(sessions, edited(ALL, tmp_path, old, new))
        assert "\n" not in str(rejection.value)
        assert is_empty(sessions)

    def test_wrong_total_as_a_file(self, sessions: Sessions) -> None:
        with pytest.raises(ImportRejected, match="应结订单总金额"):
            take(sessions, FIXTURES / "wechat_wrong_total.csv")
        assert is_empty(sessions)

    def test_an_unreadable_line_does_not_excuse_too_small_a_total(
        self, sessions: Sessions, tmp_path: Path
    ) -> None:
        bill = edited(TestBadLines.BILL, tmp_path, "`8,`323.00", "`8,`23.00")
        with pytest.raises(ImportRejected, match="应结订单总金额"):
            take(sessions, bill)

    def test_a_bill_cut_off_in_the_middle(self, sessions: Sessions, tmp_path: Path) -> None:
        cut = tmp_path / "cut.csv"
        cut.write_bytes(ALL.read_bytes()[:1500])
        with pytest.raises(ImportRejected, match="没有下载完整"):
            take(sessions, cut)

    def test_lines_after_the_summary(self, sessions: Sessions, tmp_path: Path) -> None:
        twice = tmp_path / "twice.csv"
        twice.write_bytes(ALL.read_bytes() * 2)
        with pytest.raises(ImportRejected, match="在汇总之后"):
            take(sessions, twice)

    @pytest.mark.parametrize("content", [b"", b"\x00" * 70_000, b"\xff\xfe\x00", b"No Bill Exist"])
    def test_what_is_no_bill(self, sessions: Sessions, tmp_path: Path, content: bytes) -> None:
        other = tmp_path / "other.bin"
        other.write_bytes(content)
        with pytest.raises(ImportRejected):
            take(sessions, other)
        assert is_empty(sessions)

    def test_a_missing_file(self, sessions: Sessions, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"none\.csv"):
            take(sessions, tmp_path / "none.csv")

    def test_an_unknown_format(self, sessions: Sessions) -> None:
        with pytest.raises(InputError, match="wechat-trade"):
            import_file(sessions, ALL, fmt="wechat", clock=Clock())


def test_a_long_bill_joins_orders_across_batches(sessions: Sessions, tmp_path: Path) -> None:
    header, *details = ALL.read_text(encoding="utf-8-sig").splitlines()[:3]
    refund, sale = details
    fillers = [
        sale.replace(BIG_ORDER, f"42{number:026}").replace("ZX20261120001", f"F{number}")
        for number in range(1_200)
    ]
    count = len(fillers) + 2
    taken, fees = 3_000 * (count - 1), 18 * (count - 1) - 2.88
    bill = tmp_path / "long.csv"
    names = "总交易单数,应结订单总金额,退款总金额,手续费总金额"
    summary = f"`{count},`{taken}.00,`480.00,`{fees:.5f}"
    bill.write_text("\n".join([header, refund, *fillers, sale, names, summary]), encoding="utf-8")
    assert take(sessions, bill).stored == count
    assert (
        one(sessions, "TK20261120001", TxnKind.REFUND).original_id
        == one(sessions, "ZX20261120001").id
    )


def test_the_parser_is_pure_and_keeps_line_numbers() -> None:
    lines = TestBadLines.BILL.read_text(encoding="utf-8-sig").splitlines()
    read = list(read_bill(lines))
    assert [line.line_no for line in read] == list(range(2, 11))
    assert [type(line) for line in read[:3]] == [TradeRow, BadLine, BadLine]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("卡 6225758312345670 谢谢", "卡 ****5670 谢谢"),
        ("6225-7583-1234-5670", "****5670"),
        ("6225758312345671", "6225758312345671"),
        (BIG_ORDER, BIG_ORDER),
    ],
    ids=["card", "in-groups", "no-luhn", "wallet-number"],
)
def test_card_numbers_are_starred_out(text: str, kept: str) -> None:
    assert mask_cards(text) == kept
