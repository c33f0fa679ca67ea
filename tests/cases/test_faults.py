"""A fault without a payment: the machines' records go before the merchant's guess."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from daozhang.cases.assistant import Route
from daozhang.cases.models import Case, CaseStatus, Ticket
from daozhang.ledger.models import (
    Clearing,
    Merchant,
    Payout,
    SettleItem,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.words import SignState, SimState, TerminalEventKind, TxnState
from daozhang.playbook.state import State
from daozhang.texts import load_texts
from daozhang.understanding import Entity
from tests.cases.conftest import Talker, amount, button_ids
from tests.worlds import MID, a_sale, a_terminal, moment

TEXTS = load_texts("assistant")
OLD, NEW = "31000001", "31000002"
SIM: dict[str, Any] = {"sim_state": SimState.SUSPENDED}


def machine(merchant: Talker, tid: str, heard: str = "2026-11-22 10:15", **state: Any) -> None:
    """The machine with this state and nothing else; the shop's money is all there."""
    with merchant.sessions.begin() as session:
        for kind in (Clearing, SettleItem, Txn, Payout):
            session.execute(delete(kind))
        terminal = session.get(Terminal, tid) or a_terminal(session, tid)
        terminal.signal, terminal.last_heartbeat_at = 3, moment(heard)
        for name, value in state.items():
            setattr(terminal, name, value)


def happened(merchant: Talker, tid: str, kind: TerminalEventKind, *when: str) -> None:
    with merchant.sessions.begin() as session:
        session.add_all(TerminalEvent(tid=tid, at=moment(one), kind=kind) for one in when)


def timed_out(merchant: Talker, tid: str, *when: str) -> None:
    """Sales without an answer, reversed since: a link that comes and goes."""
    with merchant.sessions.begin() as session:
        shop = session.get_one(Merchant, MID)
        for place, one in enumerate(when):
            state = {"state": TxnState.REVERSED, "response_code": "98", "tid": tid}
            a_sale(session, shop, 9_900 + place, one, **state)


def blame(merchant: Talker, cause: str, *entities: Entity, text: str = "刷不了") -> list[str]:
    """Say that it is this cause; the texts of the answer."""
    replies = merchant.say("report_fault", *entities, text=text, causes=((cause, 0.8),))
    return [one.text for one in replies]


def walked(merchant: Talker) -> tuple[str | None, str | None, str | None]:
    case = merchant.case()
    return case.cause, case.playbook, case.tid


@pytest.mark.parametrize("blamed", ["hardware_fault", "software_fault", "bank_outage"])
def test_what_records_plainly_show_goes_before_what_is_blamed(
    merchant: Talker, blamed: str
) -> None:
    machine(merchant, OLD, **SIM)
    told = blame(merchant, blamed)
    assert told[0].startswith(TEXTS("looked_first", cause=TEXTS(f"cause_{blamed}")))
    assert walked(merchant) == ("network_communication", "sim_card", OLD)
    assert merchant.case().evidence


def test_what_is_blamed_rightly_is_walked_without_ado(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    told = blame(merchant, "network_communication")
    assert TEXTS("looked_first", cause=TEXTS("cause_network_communication")) not in told[0]
    assert walked(merchant) == ("network_communication", "sim_card", OLD)


def test_a_machine_that_lies_in_a_drawer_is_not_the_one(merchant: Talker) -> None:
    machine(merchant, OLD, "2026-10-01 09:00", **SIM)
    machine(merchant, NEW)
    blame(merchant, "hardware_fault")
    assert walked(merchant) == ("hardware_fault", "hardware_fault", NEW)


def test_a_drawer_is_looked_into_where_it_is_named(merchant: Talker) -> None:
    machine(merchant, OLD, "2026-10-01 09:00", **SIM)
    machine(merchant, NEW)
    blame(merchant, "hardware_fault", Entity("terminal_no", OLD, OLD))
    assert walked(merchant) == ("network_communication", "sim_card", OLD)


def test_a_number_that_is_no_machine_of_theirs_is_said_and_asked_for(merchant: Talker) -> None:
    machine(merchant, OLD)
    machine(merchant, NEW)
    told = blame(merchant, "hardware_fault", Entity("terminal_no", "99999999", "99999999"))
    assert told[0].startswith(TEXTS("machine_unknown", tid="99999999"))
    merchant.say("nlu_fallback", text="31000002")
    assert walked(merchant) == ("hardware_fault", "hardware_fault", NEW)


def test_where_records_speak_for_both_it_is_asked(merchant: Talker) -> None:
    machine(merchant, OLD)
    lost = ("2026-11-20 10:00", "2026-11-21 11:00")
    timed_out(merchant, OLD, *lost)
    happened(merchant, OLD, TerminalEventKind.HEARTBEAT_LOST, *lost)
    happened(merchant, OLD, TerminalEventKind.READ_FAILED, "2026-11-20 12:00", "2026-11-21 12:00")
    blame(merchant, "network_communication")
    assert merchant.case().status is CaseStatus.CLARIFYING
    merchant.tap("fault:1")
    assert walked(merchant) == ("network_communication", "network_communication", OLD)


def test_a_likely_trouble_here_and_a_plain_one_there_are_asked_apart(merchant: Talker) -> None:
    machine(merchant, OLD)
    machine(merchant, NEW, sign_state=SignState.LOCKED)
    lost = ("2026-11-20 10:00", "2026-11-21 11:00")
    timed_out(merchant, OLD, *lost)
    happened(merchant, OLD, TerminalEventKind.HEARTBEAT_LOST, *lost)
    blame(merchant, "network_communication")
    assert merchant.case().status is CaseStatus.CLARIFYING
    merchant.tap("fault:1")
    assert walked(merchant) == ("network_communication", "network_communication", OLD)


def test_without_a_link_a_batch_cannot_be_closed(merchant: Talker) -> None:
    machine(merchant, OLD, "2026-11-22 08:00", **SIM)
    happened(merchant, OLD, TerminalEventKind.BATCH_CLOSED, "2026-11-20 21:00")
    blame(merchant, "procedure_not_followed")
    assert walked(merchant) == ("network_communication", "sim_card", OLD)


def test_one_machine_that_is_off_does_not_make_a_shop_cut_off(merchant: Talker) -> None:
    machine(merchant, OLD, "2026-11-22 03:00")
    machine(merchant, NEW)
    blame(merchant, "slow_processing")
    assert walked(merchant)[1] == "slow_processing"


def test_a_walk_stays_with_its_machine(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW)
    blame(merchant, "network_communication")
    machine(merchant, OLD, sim_state=SimState.OK)
    machine(merchant, NEW, **SIM)
    merchant.tap("step:done")
    assert walked(merchant)[2] == OLD
    assert merchant.case().status is CaseStatus.SOLVED


def test_what_they_want_to_look_into_is_walked_though_records_show_another(
    merchant: Talker,
) -> None:
    machine(merchant, OLD, **SIM)
    text, hardware = "还是先帮我看看打印机吧", (("hardware_fault", 0.9),)
    merchant.say("ask_fix", text=text, causes=hardware, route=Route.ANSWER)
    assert walked(merchant)[1] == "hardware_fault"


def test_a_machine_in_trouble_waits_for_a_payment_that_is(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        broken = a_terminal(session, NEW)
        broken.sim_state, broken.last_heartbeat_at = SimState.SUSPENDED, moment("2026-11-22 08:00")
    for _ in range(2):
        blame(merchant, "hardware_fault")
        told = button_ids(merchant.say("report_delay", amount(1_260_000), text="12600那笔"))
    assert merchant.case().outcome == "payout_failed"
    (noted,) = [one for one in told if one.startswith("resume:")]
    merchant.tap(noted)
    assert walked(merchant) == ("network_communication", "sim_card", NEW)


@pytest.mark.parametrize(
    "text", ["不是这台机器的问题，是银行", "另一台也不行", "要不要换一台机器", "这台还是不行"]
)
def test_other_words_name_no_other_machine(merchant: Talker, text: str) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW)
    blame(merchant, "network_communication")
    merchant.say("nlu_fallback", text=text)
    assert walked(merchant)[2] == OLD


@pytest.mark.parametrize("text", ["不是这台", "不对，是另一台", "我说的是别的那台", "是另外一台啊"])
def test_another_machine_is_understood_in_other_words(merchant: Talker, text: str) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW)
    blame(merchant, "network_communication")
    merchant.say("deny", text=text)
    assert walked(merchant)[2] == NEW


def test_where_there_is_no_other_machine_the_step_stands(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    blame(merchant, "network_communication")
    replies = merchant.say("deny", text="不是这台")
    assert replies[0].text.startswith(TEXTS("machine_alone", tid=OLD))
    assert "step:done" in button_ids(replies)


def a_payment_hangs_and_a_machine_is_ill(merchant: Talker) -> None:
    """Payments that hang go first: a list to pick from."""
    with merchant.sessions.begin() as session:
        broken = a_terminal(session, NEW)
        broken.sim_state, broken.last_heartbeat_at = SimState.SUSPENDED, moment("2026-11-22 08:00")
    blame(merchant, "hardware_fault")
    assert (merchant.case().question or {})["kind"] == "pick"


def test_none_of_the_payments_is_the_machine_that_was_told(merchant: Talker) -> None:
    a_payment_hangs_and_a_machine_is_ill(merchant)
    merchant.tap("pick:none")
    assert walked(merchant) == ("network_communication", "sim_card", NEW)


def test_the_machine_told_again_at_a_list_of_payments_is_looked_at(merchant: Talker) -> None:
    a_payment_hangs_and_a_machine_is_ill(merchant)
    blame(merchant, "hardware_fault", text="就是机器坏了")
    assert walked(merchant) == ("network_communication", "sim_card", NEW)
    merchant.say("say_stop", text="不弄了")
    with merchant.sessions() as session:
        waiting = select(Case).where(Case.status == CaseStatus.PARKED)
        assert not session.scalars(waiting).all()


def two_ill(merchant: Talker) -> None:
    """Two machines that are plainly ill, a third one that is well; it is asked which is meant."""
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW, sign_state=SignState.LOCKED)
    machine(merchant, "31000003")
    blame(merchant, "slow_processing")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("尾号0001那台", Entity("card_last4", "0001", "0001")),
        ("0001", Entity("amount", 100, "0001")),
    ],
)
def test_the_end_of_a_machines_number_is_no_card_and_no_sum(
    merchant: Talker, text: str, heard: Entity
) -> None:
    two_ill(merchant)
    merchant.say("nlu_fallback", heard, text=text)
    assert walked(merchant) == ("network_communication", "sim_card", OLD)


def test_a_sum_is_no_machine_though_a_number_ends_like_it(merchant: Talker) -> None:
    two_ill(merchant)
    merchant.say("report_delay", Entity("amount", 100, "0001"), text="收的0001元没到")
    assert merchant.case().finding == "not_found"


@pytest.mark.parametrize("text", ["31000003", "尾号0003"])
def test_a_machine_that_is_not_in_the_list_is_taken_too(merchant: Talker, text: str) -> None:
    two_ill(merchant)
    merchant.say("nlu_fallback", text=text)
    assert walked(merchant) == ("slow_processing", "slow_processing", "31000003")


def test_money_is_looked_up_while_it_is_asked_which_machine(merchant: Talker) -> None:
    two_ill(merchant)
    merchant.say("report_delay", text="先不管机器，我的钱没到")
    assert (merchant.case().question or {})["kind"] == "detail"


def test_whoever_tells_the_trouble_again_chooses_it(merchant: Talker) -> None:
    two_ill(merchant)
    blame(merchant, "network_communication", text="是没网")
    assert walked(merchant) == ("network_communication", "sim_card", OLD)


def test_whoever_insists_is_not_asked_again(merchant: Talker) -> None:
    two_ill(merchant)
    blame(merchant, "slow_processing", text="就是系统慢")
    assert walked(merchant)[1] == "slow_processing"


def test_after_three_numbers_that_are_none_of_theirs_a_person_takes_over(merchant: Talker) -> None:
    machine(merchant, OLD)
    machine(merchant, NEW)
    for number in ("99999991", "99999992", "99999993"):
        blame(merchant, "hardware_fault", Entity("terminal_no", number, number))
    assert merchant.case().status is CaseStatus.HANDED_OVER


def test_a_label_is_written_instead_of_tapped(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    blame(merchant, "bank_rules")
    merchant.say("nlu_fallback", text=TEXTS("cause_bank_rules"))
    assert walked(merchant)[1] == "bank_rules"


def test_a_trouble_that_two_machines_have_is_asked_apart_once_it_is_chosen(
    merchant: Talker,
) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW, **SIM)
    blame(merchant, "bank_rules")
    replies = merchant.say("nlu_fallback", text=TEXTS("cause_network_communication"))
    assert button_ids(replies) == ["fault:0", "fault:1", "person"]
    merchant.tap("fault:1")
    assert walked(merchant) == ("network_communication", "sim_card", NEW)


def test_many_machines_are_not_all_listed(merchant: Talker) -> None:
    for number in range(10):
        machine(merchant, f"3200000{number}")
    nowhere = Entity("terminal_no", "99999999", "99999999")
    replies = merchant.say(
        "report_fault", nowhere, text="刷不了", causes=(("hardware_fault", 0.8),)
    )
    assert len(button_ids(replies)) <= 5


@pytest.mark.parametrize("text", ["不是，就是31000001这台", "对，31000001"])
def test_the_machine_in_hand_named_again_goes_on_where_it_was(merchant: Talker, text: str) -> None:
    machine(merchant, OLD)
    machine(merchant, NEW)
    one = Entity("terminal_no", OLD, OLD)
    blame(merchant, "hardware_fault", one)
    merchant.tap("step:failed")
    before = State.from_json(merchant.case().playbook_state or "")
    merchant.say("deny", one, text=text)
    after = State.from_json(merchant.case().playbook_state or "")
    assert (after.step, after.tried) == (before.step, before.tried)


def test_a_machine_that_is_denied_by_its_number_is_left(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW)
    blame(merchant, "network_communication")
    merchant.say("deny", text="不是尾号0001那个")
    assert walked(merchant)[2] == NEW


def test_an_unknown_number_in_a_walk_is_said_and_the_walk_stays(merchant: Talker) -> None:
    machine(merchant, OLD)
    blame(merchant, "hardware_fault")
    merchant.tap("step:failed")
    before = State.from_json(merchant.case().playbook_state or "")
    nowhere = Entity("terminal_no", "99999999", "99999999")
    replies = merchant.say("say_correct", nowhere, text="不对，是99999999")
    assert replies[0].text.startswith(TEXTS("machine_unknown", tid="99999999"))
    assert State.from_json(merchant.case().playbook_state or "").tried == before.tried


def test_another_machine_is_named_by_the_end_of_its_number(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW)
    machine(merchant, "31000003")
    blame(merchant, "network_communication")
    card = Entity("card_last4", "0003", "0003")
    merchant.say("say_correct", card, text="不对，是尾号0003的")
    assert walked(merchant)[2] == "31000003"


def test_what_a_walk_passed_on_to_is_no_other_complaint(merchant: Talker) -> None:
    machine(merchant, OLD)
    blame(merchant, "network_communication")
    merchant.tap("step:failed")
    assert walked(merchant)[1] == "hardware_fault"
    blame(merchant, "hardware_fault", text="机器坏了")
    with merchant.sessions() as session:
        assert session.scalars(select(Case)).one()


def test_slow_clearing_is_no_matter_of_a_machine(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    blame(merchant, "clearing_delay", text="清算太慢")
    assert walked(merchant)[1] == "clearing_delay"


@pytest.mark.parametrize("text", ["我的钱怎么还没到", "哪几笔没到"])
def test_money_asked_about_during_a_machines_walk_is_looked_up(merchant: Talker, text: str) -> None:
    machine(merchant, OLD, **SIM)
    blame(merchant, "hardware_fault")
    replies = merchant.say("report_delay", text=text)
    assert merchant.case().status is CaseStatus.CLARIFYING
    assert any(one.startswith("resume:") for one in button_ids(replies))


def test_a_fee_that_has_not_arrived_is_no_money_of_theirs(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    blame(merchant, "hardware_fault")
    merchant.say("report_delay", text="续费还没到账")
    assert merchant.case().status is CaseStatus.WALKING


def test_staff_read_which_machine_it_is(merchant: Talker) -> None:
    machine(merchant, OLD)
    blame(merchant, "hardware_fault")
    merchant.say("ask_human", text="转人工")
    with merchant.sessions() as session:
        assert any(OLD in line for line in session.scalars(select(Ticket)).one().summary)


def test_a_machine_that_is_named_is_taken(merchant: Talker) -> None:
    machine(merchant, OLD, **SIM)
    machine(merchant, NEW)
    machine(merchant, "31000003")
    blame(merchant, "network_communication")
    three = Entity("terminal_no", "31000003", "31000003")
    merchant.say("say_correct", three, text="不对，是31000003")
    assert walked(merchant)[2] == "31000003"
