"""A ledger of any size, made inside the database: thirty days, a thousand payments a shop.

Payments lie in the table in the order in which they were made, as they do in service, so that one
shop's rows are scattered over all of it. One busy shop makes 500 payments every day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import NamedTuple

from sqlalchemy import Connection, Engine, Index, insert, text

from daozhang.clock import SHANGHAI
from daozhang.database import Base
from daozhang.ledger.models import (
    Clearing,
    Merchant,
    Payout,
    SettleItem,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.words import (
    AccountClass,
    AccountState,
    Product,
    SignState,
    SimState,
    TerminalEventKind,
)

__all__ = ["BUSY_SHOP", "DAYS", "FIRST_DAY", "NOW", "PER_DAY", "fill", "mid_of", "shops_in"]

DAYS = 30
FIRST_DAY = datetime(2026, 10, 26, tzinfo=SHANGHAI)
NOW = FIRST_DAY + timedelta(days=DAYS - 1, hours=22)
"""The evening of the last day: of the days before, all is due."""
PER_DAY = 500
"""Payments that the busy shop makes on each day."""
BUSY_SHOP = 0
_PER_SHOP = 1_000

_SALES = """
WITH RECURSIVE n(i) AS (
    SELECT CAST(0 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {sales_made}
), sale AS (
    SELECT
        {first_id} + i AS id,
        CAST({first_mid} + i % {shops} AS varchar(32)) AS mid,
        substr(CAST({first_mid} + i % {shops} AS varchar(32)), 2) AS tid,
        i / {shops} AS turn,
        i * {days} / {sales_made} AS day,
        {begin} + i * {days} / {sales_made} * 86400
            + 32400 + i * {days} * 86400 / {sales_made} % 86400 / 2 AS at,
        100 + (i / {shops} * 7919 + i % {shops} * 104729) % 90000 AS amount,
        CASE i / {shops} % 50 WHEN 7 THEN 'declined' WHEN 11 THEN 'unknown' ELSE 'approved' END
            AS state
    FROM n
)
"""
_TXNS = """
INSERT INTO txns (
    id, mid, tid, channel, kind, amount, local_at, state, response_code, card_last4, ref_no
)
{sales}
SELECT
    id, mid, tid, 'card', 'sale', amount, {at}, state,
    CASE state WHEN 'declined' THEN '51' WHEN 'approved' THEN '00' END,
    substr(CAST(10000 + id * 7 % 10000 AS varchar(5)), 2),
    substr(CAST(1000000000000 + id AS varchar(13)), 2)
FROM sale ORDER BY id
"""
_CLEARINGS = """
INSERT INTO clearings (txn_id, clear_date, cleared_at, recon_state)
{sales}
SELECT id, {day}, {night}, 'matched' FROM sale WHERE state = 'approved' ORDER BY id
"""
_PAYOUTS = """
INSERT INTO payouts (
    no, mid, state, plan_amount, suspended_amount, real_amount, due_at, created_at, submitted_at,
    result_at, credited_at, bank_channel, account_bank, account_last4
)
{sales}
SELECT DISTINCT
    mid || '-' || CAST(day AS varchar(2)), mid, 'credited', 100000, 0, 100000, {due}, {morning},
    {morning}, {morning}, {morning}, 'BEPS', '工商银行', '4882'
FROM sale WHERE day < {days} - 1
"""
_ITEMS = """
INSERT INTO settle_items (
    txn_id, mid, settle_date, due_at, fee, deducted, net, state, payout_no
)
{sales}
SELECT
    id, mid, {day}, {due}, amount * 6 / 1000, 0, amount - amount * 6 / 1000,
    CASE WHEN day < {days} - 1 AND turn % 100 <> 3 THEN 'paid' ELSE 'due' END,
    CASE WHEN day < {days} - 1 AND turn % 100 <> 3 THEN mid || '-' || CAST(day AS varchar(2)) END
FROM sale WHERE state = 'approved' ORDER BY id
"""
_BIG = (Txn, Clearing, Payout, SettleItem)


class _Sales(NamedTuple):
    first_id: int
    first_mid: int
    shops: int
    sales_made: int


def shops_in(rows: int) -> int:
    """How many ordinary shops a ledger of `rows` payments has; the busy one is number 0."""
    return max(1, rows // _PER_SHOP)


def mid_of(shop: int) -> str:
    return str(100_000_000 + shop)


def fill(engine: Engine, rows: int) -> None:
    """Make the tables at `engine` and fill them with `rows` payments besides the busy shop's."""
    Base.metadata.create_all(engine)
    shops = shops_in(rows)
    busy = _Sales(1, int(mid_of(BUSY_SHOP)), 1, PER_DAY * DAYS)
    rest = _Sales(busy.sales_made + 1, int(mid_of(1)), shops, rows)
    indexes: Sequence[Index] = [index for kind in _BIG for index in kind.__table__.indexes]  # type: ignore[attr-defined]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
        _fill_shops(connection, shops + 1)
        for sales in (busy, rest):
            for statement in (_TXNS, _CLEARINGS, _PAYOUTS, _ITEMS):
                connection.execute(text(_written(statement, sales, connection.dialect.name)))
        for index in indexes:
            index.create(connection)
    if engine.dialect.name == "postgresql":  # which does so by itself in service
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _written(statement: str, sales: _Sales, dialect: str) -> str:
    begin = int(FIRST_DAY.timestamp())
    told = _SALES.format(**sales._asdict(), days=DAYS, begin=begin)
    local_day = f"({begin} + day * 86400)"
    if dialect == "sqlite":

        def moment(epoch: str) -> str:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {epoch}, 'unixepoch')"

        day = f"date({local_day} + 28800, 'unixepoch')"
    else:

        def moment(epoch: str) -> str:
            return f"to_timestamp({epoch})"

        day = f"CAST(to_timestamp({local_day}) AT TIME ZONE 'Asia/Shanghai' AS date)"
    return statement.format(
        sales=told,
        days=DAYS,
        day=day,
        at=moment("at"),
        night=moment(f"{local_day} + 84600"),
        morning=moment(f"{local_day} + 102600"),
        due=moment(f"{local_day} + 151200"),
    )


def _fill_shops(connection: Connection, shops: int) -> None:
    merchants = [
        {
            "mid": mid_of(shop),
            "name": "晨光五金店",
            "trade": "五金",
            "region": "上海",
            "opened_on": date(2024, 3, 1),
            "product": Product.D1,
            "cutoff": clock(23),
            "window_start": clock(10),
            "window_end": clock(18),
            "fee_per_10k": 60,
            "account_bank": "工商银行",
            "account_last4": "4882",
            "account_class": AccountClass.I,
            "account_state": AccountState.VERIFIED,
        }
        for shop in range(shops)
    ]
    terminals = [
        {
            "tid": mid_of(shop)[1:],
            "sn": f"SN{shop}",
            "mid": mid_of(shop),
            "model": "A90",
            "sim_state": SimState.OK,
            "signal": 3,
            "app_version": "3.2.1",
            "latest_version": "3.2.1",
            "sign_state": SignState.SIGNED_ON,
            "registered_area": "上海",
        }
        for shop in range(shops)
    ]
    events = [
        {
            "tid": mid_of(shop)[1:],
            "at": NOW - timedelta(days=number),
            "kind": TerminalEventKind.SIGNED_ON,
        }
        for shop in range(shops)
        for number in range(20)
    ]
    connection.execute(insert(Merchant), merchants)
    connection.execute(insert(Terminal), terminals)
    connection.execute(insert(TerminalEvent), events)
