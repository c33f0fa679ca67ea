"""What hand-made rows say to each check, flag and value of the playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from daozhang.cases.checks import CHECKS
from daozhang.cases.facts import facts_for
from daozhang.cases.signs import FLAGS
from daozhang.diagnosis.investigation import Investigation
from daozhang.ledger.models import Hold, Incident, Merchant, Notice, Terminal, TerminalEvent, Txn
from daozhang.ledger.words import (
    AccountClass,
    AccountState,
    Channel,
    HoldKind,
    HoldState,
    IncidentScope,
    PayoutState,
    SignState,
    SimState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)
from daozhang.playbook import vocabulary
from daozhang.playbook.state import Facts, Outcome
from tests.worlds import CALENDAR, MID, a_merchant, a_payout, a_sale, a_terminal, moment, world

NOW = moment("2026-11-22 10:20")
SINCE = moment("2026-11-22 10:00")


class Shop:
    """One merchant with a terminal; `facts` asks what the records say."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.merchant: Merchant = a_merchant(session)
        self.terminal: Terminal = a_terminal(session)

    def sale(self, amount: int = 300_000, when: str = "2026-11-21 15:10", **changes: object) -> Txn:
        return a_sale(self.session, self.merchant, amount, when, **changes)

    def happened(self, kind: TerminalEventKind, when: str) -> None:
        event = TerminalEvent(tid=self.terminal.tid, at=moment(when), kind=kind)
        self.session.add(event)

    def facts(self, *txns: Txn, now: datetime = NOW) -> Facts:
        self.session.flush()
        self.session.expire_all()
        investigation = Investigation(self.session, MID, CALENDAR, now)
        return facts_for(investigation, [one.id for one in txns], SINCE)

    def outcome(self, check: str, *txns: Txn) -> Outcome:
        result = self.facts(*txns).checks.get(check)
        return result.outcome if result else Outcome.NOT_YET

    def detail(self, check: str, *txns: Txn) -> str:
        return self.facts(*txns).checks[check].detail

    def flags(self, *txns: Txn) -> frozenset[str]:
        return self.facts(*txns).flags


@pytest.fixture
def shop() -> Iterator[Shop]:
    with world() as session:
        yield Shop(session)


def test_every_name_of_the_vocabulary_is_answered() -> None:
    assert CHECKS.keys() == vocabulary.CHECKS.keys()
    assert FLAGS.keys() == vocabulary.FLAGS.keys()


def test_every_value_can_be_known(shop: Shop) -> None:
    sale = shop.sale()
    a_payout(shop.session, sale, state=PayoutState.FAILED, at="2026-11-22 04:35", fail_text="户名")
    shop.merchant.min_payout, shop.merchant.instant_cap_single = 1_000, 5_000_000
    shop.merchant.kyc_valid_until = date(2026, 10, 29)
    shop.terminal.sim_expires_on = date(2026, 11, 20)
    shop.session.add_all(
        [
            Incident(
                scope=IncidentScope.PLATFORM, target="", since=SINCE, public_text="平台维护中。"
            ),
            Notice(title="一机一码", effective_on=date(2026, 3, 1), text="…"),
            Hold(
                mid=MID,
                kind=HoldKind.DOCUMENT_REQUEST,
                state=HoldState.OPEN,
                since=SINCE,
                review_due=moment("2026-11-25 18:00"),
                materials=["slip", "proof"],
            ),
        ]
    )
    values = shop.facts(sale).values
    assert {name for name in vocabulary.VALUES if not values.get(name)} == set()
    assert values["papers_until"] == "2026年10月29日"
    assert values["notice"] == "《一机一码》（2026年3月1日起）"
    assert values["materials"] == "这笔交易的签购单、商品或服务的凭证"


def test_another_merchants_payment_says_nothing(shop: Shop) -> None:
    other = a_merchant(shop.session, "898310058120002")
    theirs = a_sale(shop.session, other, 99_900, "2026-11-22 10:10")
    facts = shop.facts(theirs)
    assert "amount" not in facts.values
    assert "payment_known" not in facts.flags
    assert shop.outcome("trade_ok") is Outcome.NOT_YET


def test_without_a_payment_the_terminal_that_is_worst_off_is_meant(shop: Shop) -> None:
    a_terminal(shop.session, "31000002").sim_state = SimState.EXPIRED
    assert shop.facts().values["tid"] == "31000002"


class TestTheTerminal:
    def test_a_payment_taken_after_the_step_began_confirms_a_trade(self, shop: Shop) -> None:
        shop.sale(when="2026-11-22 09:59")
        assert shop.outcome("trade_ok") is Outcome.NOT_YET
        shop.sale(when="2026-11-22 10:05", state=TxnState.DECLINED)
        assert shop.outcome("trade_ok") is Outcome.NOT_YET
        shop.sale(when="2026-11-22 10:07")
        assert shop.outcome("trade_ok") is Outcome.CONFIRMED
        assert shop.detail("trade_ok") == "10:07"

    def test_an_answered_balance_inquiry_confirms_it_too(self, shop: Shop) -> None:
        shop.happened(TerminalEventKind.BALANCE_INQUIRY, "2026-11-22 10:03")
        assert shop.outcome("trade_ok") is Outcome.CONFIRMED

    def test_a_payment_by_the_shops_own_code_is_collected_but_proves_no_terminal(
        self, shop: Shop
    ) -> None:
        shop.sale(when="2026-11-22 10:05", tid=None, channel=Channel.WECHAT)
        assert shop.outcome("collected") is Outcome.CONFIRMED
        assert shop.outcome("trade_ok") is Outcome.NOT_YET

    def test_failing_to_read_is_known_from_failing_to_print(self, shop: Shop) -> None:
        shop.happened(TerminalEventKind.READ_FAILED, "2026-11-21 18:00")
        assert "reader_failing" in shop.flags()
        shop.happened(TerminalEventKind.PRINT_FAILED, "2026-11-21 19:00")
        assert "reader_failing" not in shop.flags()

    def test_a_sign_on_of_before_the_step_is_none_again(self, shop: Shop) -> None:
        shop.happened(TerminalEventKind.SIGNED_ON, "2026-11-22 08:00")
        assert shop.outcome("signed_on") is Outcome.CONFIRMED
        assert shop.outcome("signed_on_again") is Outcome.NOT_YET
        shop.happened(TerminalEventKind.SIGNED_ON, "2026-11-22 10:04")
        assert shop.outcome("signed_on_again") is Outcome.CONFIRMED

    def test_a_batch_closed_after_the_payment_counts(self, shop: Shop) -> None:
        sale = shop.sale()
        shop.happened(TerminalEventKind.BATCH_CLOSED, "2026-11-20 22:50")
        assert shop.outcome("batch_closed", sale) is Outcome.NOT_YET
        shop.happened(TerminalEventKind.BATCH_CLOSED, "2026-11-21 22:50")
        assert shop.outcome("batch_closed", sale) is Outcome.CONFIRMED

    def test_a_batch_is_open_only_where_batches_are_closed_by_hand(self, shop: Shop) -> None:
        sale = shop.sale(when="2026-11-21 09:10")
        assert "batch_open" not in shop.flags(sale)
        shop.happened(TerminalEventKind.BATCH_CLOSED, "2026-11-20 22:50")
        assert "batch_open" in shop.flags(sale)
        shop.happened(TerminalEventKind.BATCH_CLOSED, "2026-11-21 22:50")
        assert "batch_open" not in shop.flags(sale)

    def test_the_version_is_compared_with_the_latest(self, shop: Shop) -> None:
        shop.terminal.latest_version = "3.2.2"
        assert shop.outcome("version_current") is Outcome.NOT_YET
        assert "update_waiting" in shop.flags()
        shop.terminal.app_version = "3.2.2"
        assert shop.outcome("version_current") is Outcome.CONFIRMED

    def test_a_sim_past_its_day_is_not_well_whatever_its_state_says(self, shop: Shop) -> None:
        assert shop.outcome("sim_ok") is Outcome.CONFIRMED
        shop.terminal.sim_expires_on = date(2026, 11, 21)
        assert shop.outcome("sim_ok") is Outcome.NOT_YET

    def test_binding_and_the_lock_are_read_from_the_terminal(self, shop: Shop) -> None:
        assert shop.outcome("terminal_bound") is Outcome.CONFIRMED
        shop.terminal.bound = False
        shop.terminal.sign_state = SignState.LOCKED
        assert shop.outcome("terminal_bound") is Outcome.NOT_YET
        assert {"terminal_unbound", "locked"} <= shop.flags()


class TestThePayment:
    def test_a_completed_preauthorisation_names_its_amount(self, shop: Shop) -> None:
        held = shop.sale(kind=TxnKind.PREAUTH, state=TxnState.PREAUTH_OPEN)
        assert shop.outcome("preauth_completed", held) is Outcome.NOT_YET
        assert "preauth_open" in shop.flags(held)
        shop.sale(280_000, "2026-11-22 10:10", kind=TxnKind.PREAUTH_COMPLETION, original_id=held.id)
        assert shop.outcome("preauth_completed", held) is Outcome.CONFIRMED
        assert shop.detail("preauth_completed", held) == "2,800元"

    def test_a_cancelled_preauthorisation_can_no_longer_be_completed(self, shop: Shop) -> None:
        held = shop.sale(kind=TxnKind.PREAUTH, state=TxnState.VOIDED)
        assert shop.outcome("preauth_completed", held) is Outcome.REFUTED

    @pytest.mark.parametrize(
        ("kind", "word"), [(TxnKind.VOID, "已撤销"), (TxnKind.REFUND, "已退款")]
    )
    def test_a_void_or_a_refund_undoes_a_payment(
        self, shop: Shop, kind: TxnKind, word: str
    ) -> None:
        sale = shop.sale()
        assert shop.outcome("undone", sale) is Outcome.NOT_YET
        shop.sale(when="2026-11-22 10:10", kind=kind, original_id=sale.id)
        assert (shop.outcome("undone", sale), shop.detail("undone", sale)) == (
            Outcome.CONFIRMED,
            word,
        )

    def test_a_refused_refund_undoes_nothing(self, shop: Shop) -> None:
        sale = shop.sale()
        shop.sale(kind=TxnKind.REFUND, original_id=sale.id, state=TxnState.DECLINED)
        assert shop.outcome("undone", sale) is Outcome.NOT_YET

    def test_only_a_card_sale_of_today_before_the_batch_can_be_voided(self, shop: Shop) -> None:
        old, fresh = shop.sale(), shop.sale(when="2026-11-22 09:00")
        assert "voidable" not in shop.flags(old)
        assert "voidable" in shop.flags(fresh)
        shop.happened(TerminalEventKind.BATCH_CLOSED, "2026-11-22 10:01")
        assert "voidable" not in shop.flags(fresh)

    def test_money_is_awaited_until_it_is_credited(self, shop: Shop) -> None:
        sale = shop.sale()
        assert {"payment_known", "money_awaited", "not_due"} <= shop.flags(sale)
        a_payout(shop.session, sale, state=PayoutState.CREDITED, at="2026-11-22 08:00")
        assert not {"money_awaited", "not_due"} & shop.flags(sale)
        assert shop.outcome("paid_out", sale) is Outcome.CONFIRMED

    def test_no_time_is_known_where_the_terms_are_a_guess(self, shop: Shop) -> None:
        sale, late = shop.sale(), shop.sale(when="2026-11-18 15:10")
        assert shop.facts(sale).values["due"]
        shop.merchant.provider, shop.merchant.cutoff = "通联", None
        assert not shop.facts(sale).values["due"]
        assert not {"not_due", "long_overdue"} & (shop.flags(sale) | shop.flags(late))

    def test_small_sums_that_come_to_enough_are_not_below_the_minimum(self, shop: Shop) -> None:
        shop.merchant.min_payout = 10_000
        sale = shop.sale(6_000)
        assert "below_minimum" in shop.flags(sale)
        shop.sale(6_000, "2026-11-21 15:20")
        assert "below_minimum" not in shop.flags(sale)

    def test_money_put_off_for_the_least_payout_is_not_late(self, shop: Shop) -> None:
        """The time that counts is the one that the verdict tells, not that of the first run."""
        shop.merchant.min_payout = 10_000
        sale = shop.sale(6_000, "2026-11-18 15:10")
        looked = Investigation(shop.session, MID, CALENDAR, NOW)
        verdict = looked.of([sale.id])
        assert verdict is not None
        assert verdict.due is not None
        assert sale.item is not None
        assert sale.item.due_at < NOW < verdict.due.due_at
        assert "not_due" in shop.flags(sale)
        assert "long_overdue" not in shop.flags(sale)
        assert looked.due_at(sale) == verdict.due.due_at

    def test_two_hours_after_the_due_time_it_is_long_overdue(self, shop: Shop) -> None:
        sale = shop.sale(when="2026-11-19 15:10")
        assert "long_overdue" in shop.flags(sale)

    def test_a_payment_without_a_result_is_refuted_only_when_it_is_none_any_more(
        self, shop: Shop
    ) -> None:
        doubtful = shop.sale(state=TxnState.REVERSAL_PENDING)
        assert shop.outcome("reversal_out", doubtful) is Outcome.NOT_YET
        doubtful.state = TxnState.REVERSED
        assert shop.outcome("reversal_out", doubtful) is Outcome.CONFIRMED


class TestTheAccount:
    def refused(self, shop: Shop, text: str) -> Txn:
        sale = shop.sale(when="2026-11-19 14:02")
        a_payout(
            shop.session, sale, state=PayoutState.FAILED, at="2026-11-20 04:35", fail_text=text
        )
        return sale

    def test_a_class_two_card_must_become_class_one(self, shop: Shop) -> None:
        sale = self.refused(shop, "II类卡当日超限")
        shop.merchant.account_class = AccountClass.II
        assert shop.outcome("account_verified", sale) is Outcome.NOT_YET
        shop.merchant.account_class = AccountClass.I
        assert shop.outcome("account_verified", sale) is Outcome.CONFIRMED

    def test_the_account_that_the_bank_refused_is_not_taken_for_a_new_one(self, shop: Shop) -> None:
        sale = self.refused(shop, "户名不符")
        assert shop.outcome("account_verified", sale) is Outcome.NOT_YET
        assert shop.detail("account_verified", sale) == "还是银行拒收的那个账户"
        assert "name_refused" in shop.flags(sale)
        shop.merchant.account_last4 = "0019"
        assert shop.outcome("account_verified", sale) is Outcome.CONFIRMED
        assert shop.detail("account_verified", sale) == "工商银行尾号0019"

    @pytest.mark.parametrize("state", [AccountState.VERIFYING, AccountState.FAILED])
    def test_an_account_under_check_is_not_yet_verified(
        self, shop: Shop, state: AccountState
    ) -> None:
        shop.merchant.account_state = state
        assert shop.outcome("account_verified") is Outcome.NOT_YET

    def test_the_payout_made_in_place_of_a_refused_one_is_seen(self, shop: Shop) -> None:
        sale = self.refused(shop, "户名不符")
        assert shop.outcome("new_payout", sale) is Outcome.NOT_YET
        newer = self.pay_again(shop, sale, PayoutState.CREATED)
        assert shop.detail("new_payout", sale) == newer
        assert shop.outcome("new_payout", sale) is Outcome.CONFIRMED

    def test_a_second_refusal_is_no_new_payout(self, shop: Shop) -> None:
        sale = self.refused(shop, "户名不符")
        self.pay_again(shop, sale, PayoutState.FAILED)
        assert shop.outcome("new_payout", sale) is Outcome.REFUTED

    def pay_again(self, shop: Shop, sale: Txn, state: PayoutState) -> str:
        first = shop.facts(sale).values["payout_no"]
        newer = a_payout(shop.session, sale, state=state, no="P2", previous_no=first)
        assert sale.item is not None
        sale.item.payout_no = first
        return newer.no

    def test_a_balance_below_zero_is_to_be_filled(self, shop: Shop) -> None:
        shop.merchant.balance = -3_200
        assert shop.detail("balance_filled") == "-32元"
        assert shop.outcome("balance_filled") is Outcome.NOT_YET
        assert "negative_balance" in shop.flags()
        shop.merchant.balance = 0
        assert shop.outcome("balance_filled") is Outcome.CONFIRMED


class TestHoldsPapersAndIncidents:
    def hold(self, shop: Shop, state: HoldState, kind: HoldKind = HoldKind.RISK_REVIEW) -> Txn:
        sale = shop.sale()
        hold = Hold(mid=MID, txn_id=sale.id, kind=kind, state=state, since=SINCE, materials=[])
        shop.session.add(hold)
        shop.session.flush()
        assert sale.item is not None
        sale.item.hold_id = hold.id
        return sale

    @pytest.mark.parametrize(
        ("state", "outcome"),
        [
            (HoldState.OPEN, Outcome.NOT_YET),
            (HoldState.REVIEWING, Outcome.CONFIRMED),
            (HoldState.RELEASED, Outcome.CONFIRMED),
        ],
    )
    def test_a_hold_is_in_review_once_the_papers_are_there(
        self, shop: Shop, state: HoldState, outcome: Outcome
    ) -> None:
        assert shop.outcome("hold_in_review", self.hold(shop, state)) is outcome

    def test_without_a_hold_nothing_is_said_of_one(self, shop: Shop) -> None:
        facts = shop.facts(shop.sale())
        assert "hold_in_review" not in facts.checks
        assert "held" not in facts.flags

    def test_papers_do_not_help_against_a_judicial_hold(self, shop: Shop) -> None:
        sale = self.hold(shop, HoldState.OPEN, HoldKind.JUDICIAL)
        assert "held" not in shop.flags(sale)

    def test_papers_are_valid_up_to_their_last_day(self, shop: Shop) -> None:
        assert "papers_valid" not in shop.facts().checks
        shop.merchant.kyc_valid_until = NOW.date()
        assert shop.outcome("papers_valid") is Outcome.CONFIRMED
        shop.merchant.kyc_valid_until = NOW.date() - timedelta(days=1)
        assert shop.outcome("papers_valid") is Outcome.NOT_YET
        assert "papers_expired" in shop.flags()

    def incident(self, shop: Shop, target: str, until: str | None) -> None:
        shop.session.add(
            Incident(
                scope=IncidentScope.BANK,
                target=target,
                since=moment("2026-11-21 23:30"),
                until=moment(until) if until else None,
            )
        )

    def test_a_running_disturbance_of_the_settlement_bank_is_not_over(self, shop: Shop) -> None:
        self.incident(shop, "工商银行", None)
        assert shop.outcome("incident_over") is Outcome.NOT_YET
        assert "incident" in shop.flags()
        assert "incident_public" not in shop.flags()

    def test_one_that_ended_today_is_over(self, shop: Shop) -> None:
        self.incident(shop, "工商银行", "2026-11-22 05:00")
        assert shop.detail("incident_over") == "今天 05:00"
        assert shop.outcome("incident_over") is Outcome.CONFIRMED

    def test_another_banks_disturbance_does_not_matter(self, shop: Shop) -> None:
        self.incident(shop, "建设银行", None)
        facts = shop.facts(shop.sale())
        assert "incident_over" not in facts.checks
        assert "incident" not in facts.flags
