"""What a hand-written world leaves out: ordinary terms, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from daozhang.clock import at, local_date
from daozhang.ledger.models import Clearing, Merchant, SettleItem
from daozhang.ledger.words import ItemState, Product, ReconState, TxnKind
from daozhang.ledger.worldfile import MerchantRow, TxnRow
from daozhang.money import fee_for
from daozhang.settlement.due import Due

__all__ = ["clearing_of", "item_of", "made_at", "merchant_of"]

_FILE_AT = time(23, 30)
"""When the clearing file of a day is taken to be in."""
_RUN_AT = time(4)
"""When the nightly payout run is taken to be made."""
_ORDINARY: Mapping[str, object] = {
    "cutoff": time(23),
    "window_start": time(10),
    "window_end": time(18),
    "instant_from": time(7),
    "instant_until": time(23),
    "instant_minutes": 30,
    "fallback": Product.T1,
}
"""The contract of a merchant whose row says nothing of it and names no provider."""
_TAKEN_BACK = {TxnKind.REFUND, TxnKind.CHARGEBACK}


def merchant_of(row: MerchantRow) -> Merchant:
    """Terms that are left out are the ordinary ones; with a provider named they are unknown."""
    said = row.model_dump()
    if row.provider is None:
        said |= {name: value for name, value in _ORDINARY.items() if said[name] is None}
    return Merchant(**said | {"provider": row.provider or ""})


def clearing_of(row: TxnRow, due: Due, now: datetime | None) -> Clearing | None:
    """None when it is only computed, and the file of that day is not in yet at `now`."""
    filed, said = at(due.settle_day, _FILE_AT), row.clearing
    if said is None:
        if now and filed > now:
            return None
        return Clearing(clear_date=due.settle_day, cleared_at=filed, recon_state=ReconState.MATCHED)
    cleared = filed if said.recon_state is ReconState.MATCHED else None
    return Clearing(
        clear_date=said.clear_date or due.settle_day,
        cleared_at=said.cleared_at or cleared,
        recon_state=said.recon_state,
    )


def item_of(row: TxnRow, merchant: Merchant, due: Due) -> SettleItem:
    """Net is amount less fee and deductions; what was taken back counts below zero."""
    said = row.item.model_dump(exclude_none=True) if row.item else {}
    back = row.kind in _TAKEN_BACK
    fee = said.get("fee", 0 if back else fee_for(row.amount, merchant.fee_per_10k))
    deducted = said.get("deducted", row.amount if back else 0)
    values = {
        "mid": merchant.mid,
        "settle_date": due.settle_day,
        "due_at": due.due_at,
        "fee": fee,
        "deducted": deducted,
        "net": (0 if back else row.amount) - fee - deducted,
        "state": ItemState.PENDING,
    }
    return SettleItem(**values | said)


def made_at(due_at: datetime, result_at: datetime | None) -> datetime:
    """When a payout was made: in the night before it is due, and before the bank answered."""
    run = at(local_date(due_at), _RUN_AT)
    return run if result_at is None or run <= result_at else result_at - timedelta(minutes=5)
