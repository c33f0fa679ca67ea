"""Bills mean the same in both databases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from daozhang.database import Base, Sessions, connect
from daozhang.errors import ImportRejected
from daozhang.ledger.importers import ImportReport, import_file
from daozhang.ledger.models import Payout, SettleItem
from tests.ledger.conftest import StoppedClock
from tests.ledger.kit import FIXTURES, bad_lines, open_shop, txns
from tests.worlds import MID

SHOPS = (MID, "1900012301", "1765312920", "2088421021710001", "777290058110048", "9505209088")


def everything(sessions: Sessions) -> Sequence[ImportReport | str]:
    """All the bills that there are, twice."""
    for mid in SHOPS:
        open_shop(sessions, mid)
    reports: list[ImportReport | str] = []
    for path in [*sorted(FIXTURES.iterdir())] * 2:
        try:
            reports.append(import_file(sessions, path, clock=StoppedClock()))
        except ImportRejected as error:
            reports.append(str(error))
    return reports


def what_it_holds(sessions: Sessions) -> object:
    with sessions() as session:
        owed = session.execute(
            select(SettleItem.state, func.count(), func.sum(SettleItem.net))
            .group_by(SettleItem.state)
            .order_by(SettleItem.state)
        ).tuples()
        paid = session.execute(
            select(Payout.no, Payout.state, Payout.due_at, Payout.previous_no).order_by(Payout.no)
        ).tuples()
        return (
            [(state, count, int(net)) for state, count, net in owed],
            list(paid),
            [(txn.mid, txn.order_no, txn.state, txn.local_at) for txn in txns(sessions)],
            sorted(bad_lines(sessions)),
        )


def test_every_bill_gives_the_same_ledger(ledger: Sessions, postgres_url: str) -> None:
    engine, on_postgres = connect(postgres_url)
    Base.metadata.create_all(engine)
    try:
        assert everything(on_postgres) == everything(ledger)
        assert what_it_holds(on_postgres) == what_it_holds(ledger)
    finally:
        engine.dispose()
