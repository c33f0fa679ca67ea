"""Taking a world written by hand into the ledger, whole or not at all (docs/worlds.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daozhang.errors import InputError
from daozhang.ledger.facts import RULESET
from daozhang.ledger.lookups import MerchantLedger
from daozhang.ledger.models import (
    Hold,
    Incident,
    Merchant,
    Notice,
    Payout,
    SettleItem,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.settling import clearing_of, item_of, made_at, merchant_of
from daozhang.ledger.terms import due_of, taken_before, terms_of
from daozhang.ledger.words import ItemState, PayoutState, TxnState
from daozhang.ledger.worldfile import HoldRow, PayoutRow, TerminalRow, TxnRow, World
from daozhang.ledger.worldreading import read_world
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["LoadReport", "load_world", "store_world"]

_PAID = {PayoutState.SUCCESS, PayoutState.CREDITED}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was stored: rows by table, and the id that every keyed transaction got."""

    rows: Mapping[str, int]
    txn_ids: Mapping[str, int]


def load_world(session: Session, path: Path) -> LoadReport:
    """Store the world in `path`; committing is the caller's.

    Raises InputError in one line that names the file and the place, and stores nothing then.
    """
    try:
        with session.begin_nested():
            return store_world(session, read_world(path))
    except IntegrityError as error:
        raise InputError(f"{path.name} 里有账本里已经有的编号：{error.orig}") from None
    except InputError as error:
        mine = str(error).startswith(path.name)
        raise error if mine else InputError(f"{path.name} 的 {error}") from None


def store_world(session: Session, world: World) -> LoadReport:
    """Store rows of every table, referring ones after those they refer to."""
    loader = _Loader(session, world)
    loader.merchants_and_terminals()
    loader.payments()
    for index, payout in enumerate(world.payouts):
        loader.payout(payout, index)
    for index, hold in enumerate(world.holds):
        loader.hold(hold, f"holds[{index}]")
    session.add_all(Incident(**row.model_dump()) for row in world.incidents)
    session.add_all(Notice(**row.model_dump()) for row in world.notices)
    session.flush()
    session.expire_all()
    return LoadReport(
        {
            name: len(rows)
            for name in World.model_fields
            if isinstance(rows := getattr(world, name), tuple) and rows
        },
        {key: txn.id for key, txn in loader.txns.items()},
    )


class _Loader:
    def __init__(self, session: Session, world: World) -> None:
        self.session = session
        self.world = world
        self.calendar = WorkCalendar.load()
        self.merchants: dict[str, Merchant] = {}
        self.terminals: dict[str, Terminal] = {}
        self.txns: dict[str, Txn] = {}
        self.payouts: dict[str, Payout] = {}

    def merchants_and_terminals(self) -> None:
        for row in self.world.merchants:
            self.merchants[row.mid] = merchant_of(row)
        self.session.add_all(self.merchants.values())
        self.session.flush()
        for index, terminal in enumerate(self.world.terminals):
            place = f"terminals[{index}]"
            self.terminals[terminal.tid] = self._terminal(terminal, place)
        self.session.add_all(self.terminals.values())
        self.session.flush()
        for index, event in enumerate(self.world.terminal_events):
            tid = event.tid or self._only(self.terminals, f"terminal_events[{index}].tid")
            self.session.add(TerminalEvent(**event.model_dump() | {"tid": tid}))
        self.session.flush()

    def _terminal(self, row: TerminalRow, place: str) -> Terminal:
        merchant = self._merchant(row.mid, place)
        return Terminal(
            **row.model_dump()
            | {
                "mid": merchant.mid,
                "sn": row.sn or f"SN{row.tid}",
                "latest_version": row.latest_version or row.app_version,
                "registered_area": row.registered_area or merchant.region,
            }
        )

    def payments(self) -> None:
        for index, row in enumerate(self.world.txns):
            place = f"txns[{index}]"
            merchant = self._merchant(row.mid, place)
            txn = self._txn(row, merchant, place)
            self.session.add(txn)
            self.session.flush()
            self.txns[row.key or f"#{index}"] = txn
            sold = MerchantLedger(self.session, merchant.mid).sold
            terms = terms_of(merchant, txn.channel)
            taken = taken_before(terms, txn.local_at, sold)
            due = due_of(txn, terms, self.calendar, taken_today=taken)
            if row.clearing or row.settle:
                txn.clearing = clearing_of(row, due, self.world.now)
            if row.item or row.settle:
                txn.item = item_of(row, merchant, due)
            self.session.flush()

    def _txn(self, row: TxnRow, merchant: Merchant, place: str) -> Txn:
        own = [one.tid for one in self.terminals.values() if one.mid == merchant.mid]
        approved = row.state in {TxnState.APPROVED, TxnState.REFUNDED, TxnState.VOIDED}
        code = row.response_code or ("00" if approved else None)
        values = row.model_dump(exclude={"key", "original", "settle", "clearing", "item"})
        return Txn(
            **values
            | {
                "mid": merchant.mid,
                "tid": row.tid or (own[0] if len(own) == 1 else None),
                "response_code": code,
                "ruleset": row.ruleset or (RULESET if code else None),
                "original_id": self._ref(row.original, f"{place}.original"),
            }
        )

    def payout(self, row: PayoutRow, index: int) -> None:
        place = f"payouts[{index}]"
        merchant = self._merchant(row.mid, place)
        items = [self._item_of(key, f"{place}.carries") for key in row.carries]
        previous = self.payouts.get(row.previous) if row.previous else None
        if row.previous and previous is None:
            raise InputError(f"{place}.previous：前面没有出款单“{row.previous}”")
        plan = row.plan_amount
        if plan is None:
            plan = (
                sum(item.net for item in items) if items or not previous else previous.plan_amount
            )
        real = row.real_amount
        if real is None:
            real = plan - row.suspended_amount if row.state in _PAID else 0
        due_at = row.due_at or max((item.due_at for item in items), default=row.created_at)
        if due_at is None:
            raise InputError(f"{place}.due_at：没有带上交易时要写明应到时间")
        payout = Payout(
            **row.model_dump(exclude={"carries", "previous"})
            | {
                "no": row.no or f"P{index + 1:08d}",
                "mid": merchant.mid,
                "plan_amount": plan,
                "real_amount": real,
                "due_at": due_at,
                "created_at": row.created_at or row.submitted_at or made_at(due_at, row.result_at),
                "credited_at": row.credited_at
                or (row.result_at if row.state is PayoutState.CREDITED else None),
                "account_bank": row.account_bank or merchant.account_bank,
                "account_last4": row.account_last4 or merchant.account_last4,
                "previous_no": row.previous,
            }
        )
        self.session.add(payout)
        self.session.flush()
        self.payouts[payout.no] = payout
        for item in items:
            item.payout_no = payout.no
            item.state = ItemState.PAID if row.state in _PAID else ItemState.DUE
        self.session.flush()

    def hold(self, row: HoldRow, place: str) -> None:
        merchant = self._merchant(row.mid, place)
        hold = Hold(
            **row.model_dump(exclude={"txn", "materials"})
            | {
                "mid": merchant.mid,
                "txn_id": self._ref(row.txn, f"{place}.txn"),
                "materials": list(row.materials),
            }
        )
        self.session.add(hold)
        self.session.flush()
        item = self.txns[row.txn].item if row.txn else None
        if item is not None:
            item.hold_id, item.state = hold.id, ItemState.HELD

    def _merchant(self, mid: str | None, place: str) -> Merchant:
        chosen = mid or self._only(self.merchants, f"{place}.mid")
        if chosen not in self.merchants:
            raise InputError(f"{place}.mid：文件里没有商户“{chosen}”")
        return self.merchants[chosen]

    def _ref(self, key: str | None, place: str) -> int | None:
        if key is None:
            return None
        if key not in self.txns:
            raise InputError(f"{place}：前面没有叫“{key}”的交易")
        return self.txns[key].id

    def _item_of(self, key: str, place: str) -> SettleItem:
        self._ref(key, place)
        item = self.txns[key].item
        if item is None:
            raise InputError(f"{place}：交易“{key}”没有结算项，请写上 settle 或 item")
        return item

    @staticmethod
    def _only(known: Mapping[str, object], place: str) -> str:
        keys: Sequence[str] = list(known)
        if len(keys) != 1:
            raise InputError(f"{place}：有 {len(keys)} 个可选，请写明是哪一个")
        return keys[0]
