"""From deals to money: clearing, settlement items and the nightly or instant payouts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from daozhang.clock import at, local_date
from daozhang.ledger.terms import terms_of
from daozhang.ledger.words import (
    Channel,
    ItemState,
    PayoutState,
    Product,
    ReconState,
    TxnKind,
    TxnState,
)
from daozhang.money import fee_for
from daozhang.settlement.due import Due, Reason, due_for
from daozhang.simulation.drafts import Deal, HoldDraft, Mishap, MishapKind, Shop
from daozhang.simulation.scene import Payday, Scene

__all__ = ["Books", "ClearingDraft", "ItemDraft", "PayoutDraft", "returned_after", "settle"]

_CARD_FILE = timedelta(hours=23, minutes=28)
_WALLET_FILE = timedelta(hours=24, minutes=36)
"""When the clearing house's file of a clearing day has been taken in, counted from its 00:00."""
_BACK = time(15, 40)
"""When a returned payout comes back, on the day it was made for; its successor follows."""
_SUCCESSOR = timedelta(minutes=50)
_SUCCESSOR_CREDITED = time(17, 20)
_OUT_OF_RUN = {MishapKind.MISSING, MishapKind.NOT_IN_FILE, MishapKind.SHORT}
_ABSENT = {
    MishapKind.NOT_IN_FILE: ReconState.NOT_IN_FILE,
    MishapKind.SHORT: ReconState.SHORT,
    MishapKind.LONG: ReconState.LONG,
}
_TAKEN_BACK = {TxnKind.REFUND, TxnKind.CHARGEBACK}
_MONEY = {TxnKind.SALE, TxnKind.PREAUTH_COMPLETION, *_TAKEN_BACK}
_GOOD = {TxnState.APPROVED, TxnState.REFUNDED}


@dataclass(slots=True, eq=False)
class ClearingDraft:
    deal: Deal
    clear_date: date
    cleared_at: datetime | None
    recon_state: ReconState


@dataclass(slots=True, eq=False)
class PayoutDraft:
    """A payout as it stands now; its number is given out when all are known."""

    shop: Shop
    state: PayoutState
    plan: int
    due_at: datetime
    created_at: datetime
    suspended: int = 0
    real: int = 0
    submitted_at: datetime | None = None
    result_at: datetime | None = None
    credited_at: datetime | None = None
    fail_text: str | None = None
    previous: PayoutDraft | None = None
    account_last4: str = ""
    """Of the account that was paid, where it is not the merchant's present one."""
    no: str = ""


@dataclass(slots=True, eq=False)
class ItemDraft:
    deal: Deal
    due: Due
    fee: int
    deducted: int
    net: int
    state: ItemState = ItemState.PENDING
    hold: HoldDraft | None = None
    payout: PayoutDraft | None = None


@dataclass(slots=True)
class Books:
    """What one shop's deals became. `carried` is what could not be paid out, below zero."""

    clearings: list[ClearingDraft] = field(default_factory=list)
    items: list[ItemDraft] = field(default_factory=list)
    payouts: list[PayoutDraft] = field(default_factory=list)
    carried: int = 0


def settle(shop: Shop, scene: Scene) -> Books:
    """Clear, itemise and pay the shop's deals as far as that has happened by now."""
    books = Books()
    runs: dict[date, list[ItemDraft]] = {}
    for deal in shop.deals:
        if deal.kind not in _MONEY:
            continue
        due = _due(shop, deal, scene)
        if deal.state not in _GOOD:
            books.clearings.extend(_one_sided(deal, due, scene.now))
            continue
        if clearing := _clear(deal, due, scene.now):
            books.clearings.append(clearing)
        item = _item(shop, deal, due)
        books.items.append(item)
        item.hold = deal.hold
        if Reason.INSTANT in due.reasons and item.hold is None:
            _pay(scene, books, shop, [item], scene.payday(shop, due, deal.local_at), due.due_at)
        else:
            runs.setdefault(due.due_day, []).append(item)
    _run_nights(scene, books, shop, runs)
    return books


def returned_after(due_day: date) -> datetime:
    """When the successor of a payout that was due on `due_day` and came back is made."""
    return at(due_day, _BACK) + _SUCCESSOR


def _due(shop: Shop, deal: Deal, scene: Scene) -> Due:
    if deal.mishap and deal.mishap.kind is MishapKind.SLOW_CARD:
        ordinary = replace(terms_of(shop.merchant, deal.channel), product=Product.T1)
        return due_for(ordinary, deal.local_at, calendar=scene.calendar)
    return scene.due(shop, deal.channel, deal.local_at, deal.amount)


def _one_sided(deal: Deal, due: Due, now: datetime) -> Iterator[ClearingDraft]:
    """What the file holds of a deal that did not succeed here: nothing, unless it is 长款."""
    if deal.mishap and deal.mishap.kind is MishapKind.LONG:
        clearing = _clear(deal, due, now)
        if clearing is not None:
            yield clearing


def _clear(deal: Deal, due: Due, now: datetime) -> ClearingDraft | None:
    offset = _CARD_FILE if deal.channel is Channel.CARD else _WALLET_FILE
    filed = at(due.settle_day, time.min) + offset
    if filed > now:
        return None
    if deal.mishap and deal.mishap.kind in _ABSENT:
        return ClearingDraft(deal, due.settle_day, None, _ABSENT[deal.mishap.kind])
    return ClearingDraft(deal, due.settle_day, filed, ReconState.MATCHED)


def _item(shop: Shop, deal: Deal, due: Due) -> ItemDraft:
    if deal.kind in _TAKEN_BACK:
        return ItemDraft(deal, due, fee=0, deducted=deal.amount, net=-deal.amount)
    fee = fee_for(deal.amount, shop.merchant.fee_per_10k)
    return ItemDraft(deal, due, fee=fee, deducted=0, net=deal.amount - fee)


def _run_nights(scene: Scene, books: Books, shop: Shop, runs: dict[date, list[ItemDraft]]) -> None:
    carried: list[ItemDraft] = []
    for day in sorted(runs):
        payday = scene.run(shop, day)
        if payday.created_at > scene.now:
            _hold_back(shop, runs[day], scene.now)
            continue
        payable = carried + list(_payable(shop, runs[day], payday.created_at))
        if sum(item.net for item in payable) <= max(0, shop.merchant.min_payout - 1):
            carried = payable
            continue
        carried = []
        _pay(scene, books, shop, payable, payday, max(item.due.due_at for item in runs[day]))
    books.carried = min(0, sum(item.net for item in carried))


def _payable(shop: Shop, items: Sequence[ItemDraft], created_at: datetime) -> Iterator[ItemDraft]:
    _hold_back(shop, items, created_at)
    for item in items:
        mishap = item.deal.mishap
        if mishap and mishap.kind in _OUT_OF_RUN:
            if mishap.kind is MishapKind.MISSING:
                item.state = ItemState.DUE
        elif item.hold is None:
            yield item


def _hold_back(shop: Shop, items: Sequence[ItemDraft], moment: datetime) -> None:
    """Mark what is held on its own, or because all of the merchant's settlement is."""
    whole = next((one for one in shop.holds if one.deal is None and one.since <= moment), None)
    for item in items:
        item.hold = item.hold or whole
        if item.hold is not None:
            item.state = ItemState.HELD


def _pay(
    scene: Scene,
    books: Books,
    shop: Shop,
    items: Sequence[ItemDraft],
    payday: Payday,
    due_at: datetime,
) -> None:
    if payday.created_at > scene.now:
        return
    mishap = next((item.deal.mishap for item in items if item.deal.mishap), None)
    plan = sum(item.net for item in items)
    payout = PayoutDraft(shop, PayoutState.CREATED, plan, due_at, payday.created_at)
    books.payouts.append(payout)
    successor = _advance(payout, payday, mishap, scene)
    if successor is not None:
        books.payouts.append(successor)
    arrived = payout.state in {PayoutState.SUCCESS, PayoutState.CREDITED}
    for item in items:
        item.payout = payout
        item.state = ItemState.PAID if arrived else ItemState.DUE


def _advance(
    payout: PayoutDraft, payday: Payday, mishap: Mishap | None, scene: Scene
) -> PayoutDraft | None:
    """Bring a payout to where it stands now; the successor of a returned one is handed back."""
    now, kind = scene.now, mishap.kind if mishap else None
    if mishap and kind is MishapKind.SHORTENED:
        payout.suspended = mishap.part
    if mishap and kind is MishapKind.OLD_ACCOUNT:
        payout.account_last4 = mishap.text
    if payday.submitted_at > now:
        return None
    payout.state, payout.submitted_at = PayoutState.PAYING, payday.submitted_at
    if kind is MishapKind.STUCK or payday.result_at > now:
        return None
    payout.result_at = payday.result_at
    if mishap and kind is MishapKind.REFUSED:
        payout.state, payout.fail_text = PayoutState.FAILED, mishap.text
        return None
    back = at(local_date(payout.due_at), _BACK)
    if mishap and kind is MishapKind.RETURNED and back <= now:
        payout.state, payout.fail_text, payout.result_at = PayoutState.RETURNED, mishap.text, back
        return _succeed(payout, scene)
    payout.state, payout.real = PayoutState.SUCCESS, payout.plan - payout.suspended
    if payday.credited_at <= now and kind is not MishapKind.UNCONFIRMED:
        payout.state, payout.credited_at = PayoutState.CREDITED, payday.credited_at
    return None


def _succeed(payout: PayoutDraft, scene: Scene) -> PayoutDraft | None:
    """The payout that is made in place of a returned one and goes with the next working run."""
    returned_on = local_date(payout.due_at)
    created = returned_after(returned_on)
    if created > scene.now:
        return None
    day = scene.calendar.next_working_day(returned_on)
    due_at = at(day, terms_of(payout.shop.merchant).window_end)
    credited = at(day, _SUCCESSOR_CREDITED)
    successor = PayoutDraft(
        payout.shop, PayoutState.CREATED, payout.plan, due_at, created, previous=payout
    )
    run = scene.run(payout.shop, day)
    kept = Payday(created, run.submitted_at, credited - timedelta(seconds=90), credited)
    _advance(successor, kept, None, scene)
    return successor
