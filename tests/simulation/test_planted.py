"""What is planted is there, in every world, and the rows bear it out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.ledger.models import Hold, Incident, Merchant, Payout, SettleItem, Terminal, Txn
from daozhang.ledger.words import (
    ItemState,
    PayoutState,
    SimState,
    TxnKind,
    TxnState,
)
from daozhang.simulation.truth import PlantedFault

_OUTCOMES = {
    "not_found",
    "declined",
    "outcome_unknown",
    "not_yet_due",
    "held",
    "payout_failed",
    "credited",
    "overdue",
}
_FEATURED = {
    "not_yet_due", "after_cutoff", "outcome_unknown", "payout_failed", "several_unpaid", "held",
    "credited", "not_found", "payout_returned", "overdue", "declined", "over_instant_cap",
    "bank_incident", "negative_balance", "partial", "sim_over_quota", "preauth_open", "voided",
    "offline_stored", "refunded", "new_merchant", "kyc_expired",
}  # fmt: skip


def planted(world: Session, fault: str) -> PlantedFault:
    """The featured shop's fault of that key, the first one planted."""
    found = world.scalars(
        select(PlantedFault).where(PlantedFault.fault == fault).order_by(PlantedFault.id)
    ).first()
    assert found is not None
    return found


def payment(world: Session, fault: str) -> Txn:
    return world.get_one(Txn, planted(world, fault).txn_id)


def payout_of(txn: Txn) -> Payout:
    assert txn.item is not None
    assert txn.item.payout is not None
    return txn.item.payout


def test_every_outcome_of_the_gate_is_planted(world: Session) -> None:
    faults = world.scalars(select(PlantedFault)).all()
    assert {fault.outcome for fault in faults} == _OUTCOMES
    assert {fault.fault for fault in faults} >= _FEATURED
    assert all(fault.complaint for fault in faults)


def test_chance_shops_have_every_outcome_too(world: Session) -> None:
    mids = sorted(set(world.scalars(select(PlantedFault.mid))))
    chance = [mid for mid in mids if int(mid[-4:]) > 100]
    outcomes = world.scalars(select(PlantedFault.outcome).where(PlantedFault.mid.in_(chance)))
    assert set(outcomes) == _OUTCOMES


def test_the_afternoon_sale_is_approved_and_not_yet_due(world: Session, now: datetime) -> None:
    txn = payment(world, "not_yet_due")
    assert (txn.amount, txn.state) == (300_000, TxnState.APPROVED)
    assert f"{txn.local_at:%H:%M}" == "15:10"
    assert txn.item is not None
    assert txn.item.due_at > now
    assert txn.item.state is not ItemState.PAID


def test_the_amount_of_a_planted_payment_means_that_payment(world: Session) -> None:
    for fault in ("not_yet_due", "outcome_unknown", "payout_failed", "held"):
        txn = payment(world, fault)
        same = select(Txn).where(Txn.mid == txn.mid, Txn.amount == txn.amount)
        assert world.scalars(same).all() == [txn]


def test_the_friday_night_sale_is_told_as_it_stands(world: Session, now: datetime) -> None:
    fault, txn = planted(world, "after_cutoff"), payment(world, "after_cutoff")
    assert f"{txn.local_at:%a %H:%M}" == "Fri 23:12"
    assert txn.item is not None
    assert (fault.outcome == "credited") == (txn.item.state is ItemState.PAID)
    assert fault.outcome == "credited" or txn.item.due_at > now


def test_the_unknown_payment_waits_on_a_terminal_without_link(world: Session) -> None:
    txn = payment(world, "outcome_unknown")
    assert (txn.state, txn.response_code) == (TxnState.REVERSAL_PENDING, "68")
    terminal = world.get_one(Terminal, txn.tid)
    assert terminal.signal == 1
    assert terminal.last_heartbeat_at is not None
    assert terminal.last_heartbeat_at < txn.local_at
    later = world.scalars(select(Txn).where(Txn.tid == txn.tid, Txn.local_at > txn.local_at))
    assert later.all() == []


def test_the_refused_payout_names_the_account_limit(world: Session) -> None:
    txn = payment(world, "payout_failed")
    assert txn.clearing is not None
    payout = payout_of(txn)
    assert (payout.state, payout.fail_text) == (PayoutState.FAILED, "II类卡当日超限")
    assert payout.plan_amount > 1_000_000
    paid = world.scalars(
        select(Payout).where(Payout.mid == txn.mid, Payout.state == PayoutState.CREDITED)
    )
    assert all(one.plan_amount <= 1_000_000 for one in paid)


def test_the_returned_payout_has_a_successor_under_way(world: Session) -> None:
    payout = payout_of(payment(world, "payout_returned"))
    assert (payout.state, payout.fail_text) == (PayoutState.RETURNED, "户名不符")
    successor = world.scalars(select(Payout).where(Payout.previous_no == payout.no)).one()
    assert successor.state in {PayoutState.CREATED, PayoutState.PAYING}


def test_credited_money_has_reached_the_bank(world: Session) -> None:
    assert payout_of(payment(world, "credited")).state is PayoutState.CREDITED


def test_overdue_money_has_no_answer_from_the_bank(world: Session, now: datetime) -> None:
    txn = payment(world, "overdue")
    assert txn.item is not None
    assert txn.item.due_at < now
    assert payout_of(txn).state is PayoutState.PAYING


def test_held_money_has_a_hold_with_materials(world: Session, now: datetime) -> None:
    txn = payment(world, "held")
    assert txn.item is not None
    assert txn.item.state is ItemState.HELD
    hold = txn.item.hold
    assert hold is not None
    assert hold.materials
    assert hold.review_due is not None
    assert hold.since < now < hold.review_due


def test_a_lapsed_licence_holds_the_whole_settlement(world: Session, now: datetime) -> None:
    fault = planted(world, "kyc_expired")
    merchant = world.get_one(Merchant, fault.mid)
    assert merchant.kyc_valid_until is not None
    assert merchant.kyc_valid_until < now.date()
    hold = world.scalars(select(Hold).where(Hold.mid == fault.mid, Hold.txn_id.is_(None))).one()
    assert world.scalars(select(SettleItem).where(SettleItem.hold_id == hold.id)).first()


def test_refunds_above_the_takings_leave_a_negative_balance(world: Session) -> None:
    fault = planted(world, "negative_balance")
    assert world.get_one(Merchant, fault.mid).balance < 0


def test_a_shortened_payout_lacks_exactly_the_sum_complained_of(world: Session) -> None:
    fault = planted(world, "partial")
    payout = payout_of(payment(world, "partial"))
    assert payout.plan_amount - payout.real_amount == fault.amount


def test_a_sale_over_the_instant_cap_goes_the_ordinary_way(world: Session, now: datetime) -> None:
    txn = payment(world, "over_instant_cap")
    merchant = world.get_one(Merchant, txn.mid)
    assert merchant.instant_cap_single is not None
    assert txn.amount > merchant.instant_cap_single
    assert txn.item is not None
    assert txn.item.due_at > now


def test_the_bank_that_is_down_keeps_payouts_without_answer(world: Session, now: datetime) -> None:
    txn = payment(world, "bank_incident")
    payout = payout_of(txn)
    assert payout.state is PayoutState.PAYING
    incident = world.scalars(select(Incident).where(Incident.target == payout.account_bank)).one()
    assert incident.until is not None
    assert incident.since < payout.created_at < now < incident.until


def test_several_unpaid_are_exactly_three(world: Session) -> None:
    mid = planted(world, "several_unpaid").mid
    doubtful = {TxnState.PREAUTH_OPEN, TxnState.UNKNOWN, TxnState.REVERSAL_PENDING}
    txns = world.scalars(
        select(Txn).where(Txn.mid == mid, Txn.kind.in_((TxnKind.SALE, TxnKind.PREAUTH)))
    ).all()
    unpaid = [
        txn
        for txn in txns
        if txn.state in doubtful
        or (txn.state is TxnState.APPROVED and txn.item and txn.item.state is not ItemState.PAID)
    ]
    assert len(unpaid) == 3
    complained = world.scalars(select(PlantedFault.txn_id).where(PlantedFault.mid == mid)).all()
    assert {txn.id for txn in unpaid} == set(complained)


def test_the_amount_that_is_not_there_is_not_there(world: Session) -> None:
    fault = planted(world, "not_found")
    assert fault.amount is not None
    near = select(Txn).where(
        Txn.mid == fault.mid, Txn.amount.between(fault.amount * 0.95, fault.amount * 1.05)
    )
    assert world.scalars(near).all() == []


def test_the_sim_over_quota_has_timed_out_nine_times(world: Session) -> None:
    mid = planted(world, "sim_over_quota").mid
    terminal = world.scalars(select(Terminal).where(Terminal.mid == mid)).one()
    assert terminal.sim_state is SimState.OVER_QUOTA
    timed_out = select(Txn).where(
        Txn.tid == terminal.tid, Txn.state == TxnState.REVERSED, Txn.response_code == "98"
    )
    assert len(world.scalars(timed_out).all()) >= 9


def test_undone_payments_name_what_undid_them(world: Session) -> None:
    for fault, kind in (("voided", TxnKind.VOID), ("refunded", TxnKind.REFUND)):
        txn = payment(world, fault)
        undone = world.scalars(select(Txn).where(Txn.original_id == txn.id)).one()
        assert (undone.kind, undone.amount) == (kind, txn.amount)


def test_four_payments_are_still_stored_offline(world: Session) -> None:
    mid = planted(world, "offline_stored").mid
    stored = select(Txn).where(Txn.mid == mid, Txn.state == TxnState.OFFLINE_STORED)
    assert len(world.scalars(stored).all()) == 4
