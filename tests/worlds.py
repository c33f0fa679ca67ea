"""Small worlds written by hand: one merchant and the rows that a test speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from daozhang.clock import SHANGHAI, local_date
from daozhang.database import Base, connect
from daozhang.ledger.models import Clearing, Merchant, Payout, SettleItem, Terminal, Txn
from daozhang.ledger.terms import due_of, terms_of
from daozhang.ledger.words import (
    AccountClass,
    AccountState,
    Channel,
    ItemState,
    PayoutState,
    Product,
    ReconState,
    SignState,
    SimState,
    TxnKind,
    TxnState,
)
from daozhang.money import fee_for
from daozhang.settlement.calendar import WorkCalendar

__all__ = [
    "CALENDAR",
    "MID",
    "a_merchant",
    "a_payout",
    "a_sale",
    "a_terminal",
    "moment",
    "world",
    "worlds_on",
]

_TABLES: ContextVar[Engine | None] = ContextVar("tables", default=None)
_COUNT_FROM_ONE = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
    " FROM pg_sequences WHERE schemaname = current_schema()"
)

MID = "898310058120001"
CALENDAR = WorkCalendar.load()


def moment(text: str) -> datetime:
    """'2026-11-21 15:10' as an aware moment in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@contextmanager
def world() -> Iterator[Session]:
    """A session on an empty store with every table: in memory, or what `worlds_on` says."""
    tables = _TABLES.get()
    with _in_memory() if tables is None else _rolled_back(tables) as session:
        yield session


@contextmanager
def worlds_on(tables: Engine) -> Iterator[None]:
    """Every world inside is made in these empty PostgreSQL tables, and nothing of it stays."""
    before = _TABLES.set(tables)
    yield
    _TABLES.reset(before)


@contextmanager
def _in_memory() -> Iterator[Session]:
    engine, sessions = connect("sqlite://")
    Base.metadata.create_all(engine)
    with sessions() as session:
        yield session
    engine.dispose()


@contextmanager
def _rolled_back(tables: Engine) -> Iterator[Session]:
    with tables.connect() as connection:
        transaction = connection.begin()
        connection.execute(_COUNT_FROM_ONE)
        with Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        transaction.rollback()


def a_merchant(session: Session, mid: str = MID, **changes: object) -> Merchant:
    terms: dict[str, object] = {
        "name": "晨光五金店",
        "trade": "五金",
        "region": "上海",
        "opened_on": date(2024, 3, 1),
        "product": Product.T1,
        "cutoff": time(23),
        "window_start": time(10),
        "window_end": time(18),
        "instant_from": time(7),
        "instant_until": time(23),
        "instant_minutes": 30,
        "fallback": Product.T1,
        "fee_per_10k": 60,
        "account_bank": "工商银行",
        "account_last4": "4882",
        "account_class": AccountClass.I,
        "account_state": AccountState.VERIFIED,
    }
    merchant = Merchant(mid=mid, **(terms | changes))
    session.add(merchant)
    session.flush()
    return merchant


def a_terminal(session: Session, tid: str = "31000001", mid: str = MID) -> Terminal:
    terminal = Terminal(
        tid=tid,
        sn=f"SN{tid}",
        mid=mid,
        model="A90",
        sim_state=SimState.OK,
        signal=3,
        app_version="3.2.1",
        latest_version="3.2.1",
        sign_state=SignState.SIGNED_ON,
        registered_area="上海",
    )
    session.add(terminal)
    session.flush()
    return terminal


def a_sale(session: Session, merchant: Merchant, amount: int, when: str, **changes: object) -> Txn:
    """A payment of `amount` fen; an approved one is cleared and has its settlement item."""
    facts: dict[str, object] = {
        "tid": "31000001",
        "channel": Channel.CARD,
        "kind": TxnKind.SALE,
        "state": TxnState.APPROVED,
        "response_code": "00",
        "card_last4": "6688",
        "ref_no": f"{session.query(Txn).count() + 1:012d}",
    }
    txn = Txn(mid=merchant.mid, amount=amount, local_at=moment(when), **(facts | changes))
    session.add(txn)
    session.flush()
    if txn.state is TxnState.APPROVED:
        due = due_of(txn, terms_of(merchant, txn.channel), CALENDAR)
        fee = fee_for(amount, merchant.fee_per_10k)
        txn.clearing = Clearing(
            clear_date=due.settle_day,
            cleared_at=moment(f"{due.settle_day} 23:30"),
            recon_state=ReconState.MATCHED,
        )
        txn.item = SettleItem(
            mid=merchant.mid,
            settle_date=due.settle_day,
            due_at=due.due_at,
            fee=fee,
            net=amount - fee,
            state=ItemState.DUE,
        )
        session.flush()
    return txn


def a_payout(
    session: Session, *txns: Txn, state: PayoutState, at: str | None = None, **changes: object
) -> Payout:
    """One payout for these payments; `at` is when the bank answered."""
    items = [txn.item for txn in txns if txn.item]
    answered = moment(at) if at else None
    total = sum(item.net for item in items)
    facts: dict[str, object] = {
        "no": f"P{session.query(Payout).count() + 1:08d}",
        "plan_amount": total,
        "real_amount": total if state in {PayoutState.SUCCESS, PayoutState.CREDITED} else 0,
        "due_at": items[0].due_at,
        "created_at": answered or items[0].due_at,
        "submitted_at": answered,
        "result_at": answered,
        "credited_at": answered if state is PayoutState.CREDITED else None,
        "bank_channel": "BEPS",
        "account_bank": "工商银行",
        "account_last4": "4882",
    }
    payout = Payout(mid=txns[0].mid, state=state, **(facts | changes))
    session.add(payout)
    session.flush()
    for item in items:
        item.payout_no = payout.no
        if state in {PayoutState.SUCCESS, PayoutState.CREDITED}:
            item.state = ItemState.PAID
    session.flush()
    session.expire_all()
    assert local_date(payout.due_at)
    return payout
