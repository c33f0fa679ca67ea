"""Small questions to a ledger that bills were taken into."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from daozhang.database import Sessions
from daozhang.ledger.models import Payout, QuarantinedLine, Txn
from daozhang.ledger.words import TxnKind
from tests.worlds import a_merchant

__all__ = ["FIXTURES", "bad_lines", "edited", "open_shop", "payout", "payouts", "txn", "txns"]

FIXTURES = Path(__file__).parent / "fixtures"


def open_shop(ledger: Sessions, mid: str, **changes: object) -> None:
    with ledger.begin() as session:
        a_merchant(session, mid, **changes)


def txns(ledger: Sessions) -> Sequence[Txn]:
    wanted = select(Txn).options(joinedload(Txn.clearing), joinedload(Txn.item)).order_by(Txn.id)
    with ledger() as session:
        return session.scalars(wanted).all()


def txn(ledger: Sessions, order_no: str, kind: TxnKind = TxnKind.SALE) -> Txn:
    found = [one for one in txns(ledger) if (one.order_no, one.kind) == (order_no, kind)]
    assert len(found) == 1
    return found[0]


def payouts(ledger: Sessions) -> Sequence[Payout]:
    with ledger() as session:
        return session.scalars(select(Payout).order_by(Payout.no)).all()


def payout(ledger: Sessions, no: str) -> Payout:
    return next(one for one in payouts(ledger) if one.no == no)


def bad_lines(ledger: Sessions) -> list[tuple[int, str]]:
    with ledger() as session:
        found = session.scalars(select(QuarantinedLine).order_by(QuarantinedLine.line_no))
        return [(line.line_no, line.reason) for line in found]


def edited(path: Path, folder: Path, old: str, new: str, encoding: str = "utf-8") -> Path:
    """A copy of a bill with one thing changed, under the same name."""
    text = path.read_bytes().decode(encoding)
    assert old in text
    copy = folder / path.name
    copy.write_bytes(text.replace(old, new, 1).encode(encoding))
    return copy
