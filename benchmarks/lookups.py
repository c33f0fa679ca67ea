"""How long look-ups and verdicts take as the ledger grows, and which indexes they use.

python benchmarks/lookups.py [--rows 10000 100000] [--url postgresql+psycopg://…]

Builds a ledger of each size (in a temporary SQLite file, or in a schema of its own at --url, which
is dropped again), prints the times next to their goals and to those of the smallest size, and the
query plans. Fails when a goal is missed or a big table is read from end to end.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kit.big_ledger import BUSY_SHOP, DAYS, FIRST_DAY, NOW, PER_DAY, fill, mid_of, shops_in
from sqlalchemy import Engine, create_engine, event, make_url, select, text
from sqlalchemy.orm import Session

from daozhang.database import Sessions, connect
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.ledger.lookups import MerchantLedger, TxnQuery
from daozhang.ledger.models import Txn
from daozhang.settlement.calendar import WorkCalendar

CALENDAR = WorkCalendar.load()
GROWTH = 2.0
"""How many times the smallest ledger's median a bigger one's may be."""
SCANNED = re.compile(
    r"(?:Seq Scan on|^SCAN) (?:txns|clearings|settle_items|payouts)(?! USING COVERING)"
)


class Goal(NamedTuple):
    name: str
    percentile: int
    at_most: float
    """Milliseconds."""
    times: int


GOALS = (
    Goal("look-up by amount and time", 99, 10.0, 500),
    Goal("full verdict", 95, 30.0, 300),
    Goal("all that is missing", 95, 30.0, 300),
    Goal(f"a day of {PER_DAY} payments", 95, 150.0, 40),
)


def look_up(session: Session, shop: str, txn: Txn) -> None:
    found = MerchantLedger(session, shop).find(_meant(txn))
    if txn.id not in {one.id for one in found}:
        raise SystemExit(f"payment {txn.id} was not found")


def full_verdict(session: Session, shop: str, txn: Txn) -> None:
    """From the merchant's number to the sentences that are sent."""
    investigation = Investigation(session, shop, CALENDAR, NOW)
    for verdict in investigation.fitting(_meant(txn)):
        tell(verdict, NOW)


def all_missing(session: Session, shop: str, _txn: Txn) -> None:
    """What "没到账" alone asks: the last days' payments that the merchant cannot have yet."""
    if not Investigation(session, shop, CALENDAR, NOW).missing():
        raise SystemExit(f"nothing is missing for {shop}")


def whole_day(session: Session, shop: str, txn: Txn) -> None:
    midnight = txn.local_at.replace(hour=0, minute=0, second=0)
    day = TxnQuery(since=midnight, until=midnight + timedelta(days=1))
    overview = Investigation(session, shop, CALENDAR, NOW).overview(day)
    if overview.total.count != PER_DAY:
        raise SystemExit(f"{overview.total.count} payments instead of {PER_DAY}")


def _meant(txn: Txn) -> TxnQuery:
    """What a merchant says: the sum, and that it was on that day."""
    midnight = txn.local_at.replace(hour=0, minute=0, second=0)
    return TxnQuery(
        amount_low=txn.amount,
        amount_high=txn.amount,
        since=midnight,
        until=midnight + timedelta(days=1),
    )


type Ask = Callable[[Session, str, Txn], None]
ASKS: Sequence[Ask] = (look_up, full_verdict, all_missing, whole_day)


class Times(NamedTuple):
    """Milliseconds of each call, in order of size."""

    whole: list[float]
    processor: list[float]
    """What this process computed: a machine with other work makes only the whole time longer."""


def measure(sessions: Sessions, rows: int) -> list[Times]:
    """The times for each goal; each call has a session of its own."""
    chance = random.Random(7)
    found = []
    for goal, ask in zip(GOALS, ASKS, strict=True):
        whole, processor = [], []
        for number in range(goal.times + 20):
            busy = ask is whole_day
            shop = mid_of(BUSY_SHOP if busy else chance.randint(1, shops_in(rows)))
            with sessions() as session:
                txn = _any_txn(session, shop, chance.randrange(DAYS))
            with sessions() as session:
                began, computing = time.perf_counter(), time.process_time()
                ask(session, shop, txn)
                seconds = time.perf_counter() - began, time.process_time() - computing
            if number >= 20:  # the first ones compile the statements
                whole.append(seconds[0] * 1000)
                processor.append(seconds[1] * 1000)
        found.append(Times(sorted(whole), sorted(processor)))
    return found


def _any_txn(session: Session, shop: str, day: int) -> Txn:
    midnight = FIRST_DAY + timedelta(days=day)
    wanted = select(Txn).where(Txn.mid == shop, Txn.local_at >= midnight).order_by(Txn.local_at)
    return session.scalars(wanted.limit(1)).one()


def plans(engine: Engine, sessions: Sessions) -> Iterator[str]:
    """How the database reads its tables for each statement of these calls."""
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.setdefault(statement, values)

    shop = mid_of(BUSY_SHOP)
    with sessions() as session:
        txn = _any_txn(session, shop, 3)
        event.listen(engine, "before_cursor_execute", note)
        for ask in ASKS:
            ask(session, shop, txn)
            session.expunge_all()
        event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        for statement, values in asked.items():
            for row in connection.exec_driver_sql(f"{explain} {statement}", values):
                line = str(row[-1]).strip(" ->")
                if re.match(r"SCAN|SEARCH|.*(Scan|Index Cond)", line):
                    yield re.sub(r"\s+\(cost.*", "", line)[:110]


@contextmanager
def empty_store(url: str | None) -> Iterator[tuple[Engine, Sessions]]:
    if url is None:
        with tempfile.TemporaryDirectory() as folder:
            engine, sessions = connect(f"sqlite:///{folder}/ledger.sqlite3")
            yield engine, sessions
            engine.dispose()
        return
    schema = f"bench_{uuid4().hex[:12]}"
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    inside = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    engine, sessions = connect(inside.render_as_string(hide_password=False))
    try:
        yield engine, sessions
    finally:
        engine.dispose()
        with owner.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        owner.dispose()


def at(took: Sequence[float], percentile: int) -> float:
    return took[min(len(took) - 1, len(took) * percentile // 100)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--url", help="a PostgreSQL; without it a temporary SQLite file is used")
    said = parser.parse_args()
    gc.collect()
    gc.freeze()  # as the action server does
    smallest: list[float] = []
    missed: list[str] = []
    for rows in sorted(said.rows):
        with empty_store(said.url) as (engine, sessions):
            began = time.perf_counter()
            fill(engine, rows)
            built = time.perf_counter() - began
            print(f"{rows:,} payments in {engine.dialect.name}, built in {built:.0f} s")
            found = measure(sessions, rows)
            smallest = smallest or [at(took.whole, 50) for took in found]
            for goal, took, least in zip(GOALS, found, smallest, strict=True):
                median, slow = at(took.whole, 50), at(took.whole, goal.percentile)
                computed = at(took.processor, goal.percentile)
                print(
                    f"  {goal.name:<28}p50 {median:6.1f} ms   p{goal.percentile} {slow:6.1f} ms"
                    f" (goal {goal.at_most:.0f}; computing {computed:.1f} ms)"
                    f"   {median / least:4.2f} x the smallest"
                )
                if slow > goal.at_most or median > least * GROWTH:
                    missed.append(f"{goal.name} at {rows:,}")
            lines = list(dict.fromkeys(plans(engine, sessions)))
    print("plans at the largest size:", *lines, sep="\n  ")
    missed.extend(line for line in lines if SCANNED.search(line))
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
