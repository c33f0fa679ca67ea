"""Take a bill into the ledger: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daozhang.clock import Clock
from daozhang.database import Sessions
from daozhang.errors import InputError
from daozhang.ledger.importers.booking import book, join_refunds, key_of_row, key_of_txn
from daozhang.ledger.importers.lines import read_lines
from daozhang.ledger.importers.masking import mask_cards
from daozhang.ledger.importers.wechat_trade import BadLine, TradeRow, read_bill
from daozhang.ledger.models import ImportedFile, Merchant, QuarantinedLine, Txn
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["FORMATS", "ImportReport", "import_file"]

type Reader = Callable[[Iterable[str]], Iterator[TradeRow | BadLine]]

FORMATS: Mapping[str, Reader] = {"wechat-trade": read_bill}
"""The formats that can be taken in, by the name they have on the command line."""

BATCH = 500
"""Lines that are held in memory and written at once."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the detail lines of a file; lines = stored + known + quarantined."""

    lines: int
    stored: int
    known: int
    quarantined: int


def import_file(sessions: Sessions, path: Path, *, fmt: str, clock: Clock) -> ImportReport:
    """Take in the bill at `path`, which is in the format `fmt`, one of FORMATS.

    Lines that cannot be used are quarantined with number and reason. A file that was taken in
    before changes nothing, and a transaction that the ledger has already is left as it is.
    Raises ImportRejected when the file is refused, InputError when it cannot be read; then
    nothing is stored.
    """
    if fmt not in FORMATS:
        raise InputError(f"不认识的账单格式“{fmt}”，可用：{'、'.join(FORMATS)}")
    try:
        with path.open("rb") as file, sessions.begin() as session:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if (before := session.get(ImportedFile, sha256)) is not None:
                return _report_again(session, before)
            file.seek(0)
            session.add(
                ImportedFile(
                    sha256=sha256,
                    name=path.name[:200],
                    format=fmt,
                    imported_at=clock.now(),
                    lines=0,
                    stored=0,
                    known=0,
                )
            )
            session.flush()
            intake = _Intake(session, sha256, WorkCalendar.load())
            for batch in batched(FORMATS[fmt](read_lines(file)), BATCH):
                intake.take(batch)
            return intake.finish()
    except OSError as error:
        raise InputError(f"读不到文件 {path.name}：{error.strerror}") from None


def _report_again(session: Session, before: ImportedFile) -> ImportReport:
    quarantined = session.scalar(
        select(func.count()).where(QuarantinedLine.sha256 == before.sha256)
    )
    return ImportReport(before.lines, 0, before.lines - (quarantined or 0), quarantined or 0)


class _Intake:
    """One file on its way into the ledger, batch by batch."""

    def __init__(self, session: Session, sha256: str, calendar: WorkCalendar) -> None:
        self._session = session
        self._sha256 = sha256
        self._calendar = calendar
        self._stored = self._known = self._quarantined = 0

    def take(self, batch: Sequence[TradeRow | BadLine]) -> None:
        """Write a batch and forget it."""
        rows = [line for line in batch if isinstance(line, TradeRow)]
        merchants = self._merchants({row.mid for row in rows})
        ledger = {key_of_txn(txn): txn for txn in self._txns(rows)}
        for line in batch:
            if isinstance(line, BadLine):
                self._quarantine(line)
            elif (merchant := merchants.get(line.mid)) is None:
                self._refuse(line, f"账上没有商户 {line.mid}")
            elif (known := ledger.get(key_of_row(line))) is None:
                txn = ledger[key_of_row(line)] = book(line, merchant, self._calendar)
                self._session.add(txn)
                self._stored += 1
            elif known.amount != line.amount:
                self._refuse(line, "账上已有这笔交易，但金额不同")
            else:
                self._known += 1
        self._session.flush()
        join_refunds(ledger.values())
        self._session.flush()
        self._session.expunge_all()

    def finish(self) -> ImportReport:
        """Write the counts into the record of the file."""
        lines = self._stored + self._known + self._quarantined
        record = self._session.get_one(ImportedFile, self._sha256)
        record.lines, record.stored, record.known = lines, self._stored, self._known
        return ImportReport(lines, self._stored, self._known, self._quarantined)

    def _merchants(self, mids: set[str]) -> dict[str, Merchant]:
        found = self._session.scalars(select(Merchant).where(Merchant.mid.in_(mids)))
        return {merchant.mid: merchant for merchant in found}

    def _txns(self, rows: Sequence[TradeRow]) -> Sequence[Txn]:
        """What the ledger has under the orders of `rows`: sales and all that was given back."""
        return self._session.scalars(
            select(Txn).where(
                Txn.mid.in_({row.mid for row in rows}),
                Txn.wallet_no.in_({row.wallet_no for row in rows}),
            )
        ).all()

    def _refuse(self, row: TradeRow, reason: str) -> None:
        self._quarantine(BadLine(row.line_no, reason, row.text))

    def _quarantine(self, line: BadLine) -> None:
        self._quarantined += 1
        self._session.add(
            QuarantinedLine(
                sha256=self._sha256,
                line_no=line.line_no,
                reason=mask_cards(line.reason)[:200],
                text=mask_cards(line.text)[:2000],
            )
        )
