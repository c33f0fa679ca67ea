"""The one place where drafts become table rows: numbers are given out, then rows are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from typing import Any

from daozhang.clock import local_date
from daozhang.ledger.words import Channel, TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar
from daozhang.simulation.drafts import Deal, Event, HoldDraft, Shop
from daozhang.simulation.settling import Books, ClearingDraft, ItemDraft, PayoutDraft

__all__ = [
    "clearing_row",
    "event_row",
    "hold_row",
    "item_row",
    "number_payouts",
    "payout_row",
    "txn_rows",
]

type Row = dict[str, Any]

_STRIDE = 611_953_000_037
"""Shares no factor with the sizes below, so that numbers spread out and never repeat."""
_SMALL = 5_000_000
_SMALL_ON_REST_DAYS = 50_000_000
"""What the systems that never close carry here, in fen (DOMAIN.md §2.5)."""
_FIRST_BATCH = date(2024, 1, 1)


def txn_rows(shops: Sequence[Shop]) -> Iterator[Row]:
    """Rows of all deals in order of time; gives every deal its id and its numbers on the way."""
    dealt = sorted(
        ((deal, shop) for shop in shops for deal in shop.deals), key=lambda one: one[0].local_at
    )
    traces: dict[str, Iterator[int]] = {}
    for number, (deal, shop) in enumerate(dealt, start=1):
        deal.id = number
        trace = next(traces.setdefault(deal.tid, count(1 + int(deal.tid[-4:]))))
        yield _txn_row(deal, shop.mid, trace)


def _txn_row(deal: Deal, mid: str, trace: int) -> Row:
    host = deal.channel in {Channel.CARD, Channel.UNIONPAY_QR} and deal.host_at is not None
    authorised = deal.channel is Channel.CARD and host and deal.state is not TxnState.DECLINED
    wallet = deal.channel is not Channel.CARD
    day = local_date(deal.local_at)
    return {
        "id": deal.id,
        "mid": mid,
        "tid": deal.tid,
        "channel": deal.channel,
        "kind": deal.kind,
        "amount": deal.amount,
        "local_at": deal.local_at,
        "host_at": deal.host_at,
        "state": deal.state,
        "response_code": deal.response_code,
        "ruleset": "new" if deal.channel is Channel.CARD and deal.response_code else None,
        "card_last4": deal.card_last4,
        "card_type": deal.card_type,
        "issuer": deal.issuer,
        "ref_no": f"{_spread(deal.id, 12)}" if host else None,
        "trace_no": f"{trace % 10**6:06d}",
        "batch_no": f"{(day - _FIRST_BATCH).days % 10**6:06d}",
        "auth_code": _spread(deal.id, 6) if authorised and deal.kind is not TxnKind.VOID else None,
        "order_no": f"{deal.local_at:%Y%m%d%H%M%S}{deal.id:08d}" if wallet else None,
        "wallet_no": _wallet_no(deal, day),
        "original_id": deal.original.id if deal.original else None,
        "reversal_at": deal.reversal_at,
        "reversal_code": deal.reversal_code,
    }


def _wallet_no(deal: Deal, day: date) -> str | None:
    if deal.state is TxnState.DECLINED:
        return None
    if deal.channel is Channel.WECHAT:
        return f"42000{day:%Y%m%d}{_spread(deal.id, 15)}"
    if deal.channel is Channel.ALIPAY:
        return f"{day:%Y%m%d}2200{_spread(deal.id, 16)}"
    return None


def _spread(number: int, digits: int) -> str:
    return f"{number * _STRIDE % 10**digits:0{digits}d}"


def hold_row(hold: HoldDraft, shop: Shop) -> Row:
    return {
        "id": hold.id,
        "mid": shop.mid,
        "txn_id": hold.deal.id if hold.deal else None,
        "kind": hold.kind,
        "state": hold.state,
        "since": hold.since,
        "review_due": hold.review_due,
        "materials": hold.materials,
    }


def clearing_row(clearing: ClearingDraft) -> Row:
    return {
        "txn_id": clearing.deal.id,
        "clear_date": clearing.clear_date,
        "cleared_at": clearing.cleared_at,
        "recon_state": clearing.recon_state,
    }


def number_payouts(books: Sequence[Books]) -> list[PayoutDraft]:
    """All payouts in the order they were made, with their numbers; successors come later."""
    payouts = sorted(
        (payout for book in books for payout in book.payouts), key=lambda one: one.created_at
    )
    for number, payout in enumerate(payouts, start=1):
        payout.no = f"DF{payout.created_at:%y%m%d}T{number:06d}"
    return payouts


def payout_row(payout: PayoutDraft, calendar: WorkCalendar) -> Row:
    merchant = payout.shop.merchant
    working = calendar.working_day(local_date(payout.created_at)).working
    return {
        "no": payout.no,
        "mid": payout.shop.mid,
        "state": payout.state,
        "plan_amount": payout.plan,
        "suspended_amount": payout.suspended,
        "real_amount": payout.real,
        "due_at": payout.due_at,
        "created_at": payout.created_at,
        "submitted_at": payout.submitted_at,
        "result_at": payout.result_at,
        "credited_at": payout.credited_at,
        "bank_channel": _channel(payout.plan, working_day=working),
        "account_bank": merchant.account_bank,
        "account_last4": payout.account_last4 or merchant.account_last4,
        "fail_code": None,
        "fail_text": payout.fail_text,
        "previous_no": payout.previous.no if payout.previous else None,
    }


def _channel(plan: int, *, working_day: bool) -> str:
    """On days of rest the small-value system carries more, and the large-value one nothing."""
    if plan <= _SMALL:
        return "IBPS"
    return "BEPS" if not working_day and plan <= _SMALL_ON_REST_DAYS else "HVPS"


def item_row(item: ItemDraft, shop: Shop) -> Row:
    return {
        "txn_id": item.deal.id,
        "mid": shop.mid,
        "settle_date": item.due.settle_day,
        "due_at": item.due.due_at,
        "fee": item.fee,
        "deducted": item.deducted,
        "net": item.net,
        "state": item.state,
        "hold_id": item.hold.id if item.hold else None,
        "payout_no": item.payout.no if item.payout else None,
    }


def event_row(event: Event) -> Row:
    return {"tid": event.tid, "at": event.at, "kind": event.kind, "detail": event.detail}
