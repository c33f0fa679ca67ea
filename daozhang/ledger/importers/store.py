"""Take a bill into the ledger: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daozhang.clock import Clock, local_date
from daozhang.database import Sessions
from daozhang.errors import InputError
from daozhang.ledger.importers.desk import Outcome, Taken
from daozhang.ledger.importers.formats import detect, format_named
from daozhang.ledger.importers.masking import mask_cards
from daozhang.ledger.importers.payouts import PayoutDesk
from daozhang.ledger.importers.rows import About, BadLine, Line, PassedLine, PayoutRow, TradeRow
from daozhang.ledger.importers.sources import open_bill
from daozhang.ledger.importers.trades import TradeDesk
from daozhang.ledger.models import ImportedFile, Merchant, QuarantinedLine
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["ImportReport", "Progress", "import_file"]

type Progress = Callable[[int], None]
"""Is told, now and then, how many lines are done."""

BATCH = 1_000
"""Lines that are held in memory and written at once."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the detail lines of a file; lines = stored + known + quarantined + passed.

    `stored` are new transactions and payouts, and news of payouts; `passed` lines hold nothing
    that the ledger keeps, such as a sale in a fund bill.
    """

    lines: int
    stored: int
    known: int
    quarantined: int
    passed: int = 0


def import_file(
    sessions: Sessions,
    path: Path,
    *,
    fmt: str | None = None,
    clock: Clock,
    mid: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in the bill at `path`, which is in the format `fmt`, or the one it is recognised as.

    `mid` says whose bill it is where the bill itself does not. Lines that cannot be used are
    quarantined with number and reason. A file that was taken in before changes nothing, and a
    transaction that the ledger has already is left as it is. Raises ImportRejected when the file
    is refused, InputError when it cannot be read; then nothing is stored.
    """
    named = None if fmt is None else format_named(fmt)
    sha256 = _hash(path)
    with sessions.begin() as session:
        if (before := session.get(ImportedFile, sha256)) is not None:
            return _report_again(session, before)
        form = named or detect(path)
        now = clock.now()
        session.add(
            ImportedFile(
                sha256=sha256,
                name=path.name[:200],
                format=form.name,
                imported_at=now,
                lines=0,
                stored=0,
                known=0,
            )
        )
        session.flush()
        intake = _Intake(session, sha256, WorkCalendar.load())
        with open_bill(path) as bill:
            about = About(bill.name, local_date(now), mid)
            for batch in batched(form.read(bill.lines, about), BATCH):
                intake.take(batch)
                if progress is not None:
                    progress(intake.lines)
        return intake.finish()


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"读不到文件 {path.name}：{error.strerror}") from None


def _report_again(session: Session, before: ImportedFile) -> ImportReport:
    quarantined = session.scalar(
        select(func.count()).where(QuarantinedLine.sha256 == before.sha256)
    )
    known = before.stored + before.known
    passed = before.lines - known - (quarantined or 0)
    return ImportReport(before.lines, 0, known, quarantined or 0, passed)


class _Intake:
    """One file on its way into the ledger, batch by batch."""

    def __init__(self, session: Session, sha256: str, calendar: WorkCalendar) -> None:
        self._session = session
        self._sha256 = sha256
        self._trades = TradeDesk(session, calendar)
        self._payouts = PayoutDesk(session, calendar)
        self._stored = self._known = self._quarantined = self._passed = 0

    @property
    def lines(self) -> int:
        return self._stored + self._known + self._quarantined + self._passed

    def take(self, batch: Sequence[Line]) -> None:
        """Write a batch and forget it."""
        rows = [line for line in batch if isinstance(line, TradeRow | PayoutRow)]
        merchants = self._merchants({row.mid for row in rows})
        trades: list[TradeRow] = []
        payouts: list[PayoutRow] = []
        for line in batch:
            match line:
                case BadLine():
                    self._quarantine(line)
                case PassedLine():
                    self._passed += 1
                case _ if line.mid not in merchants:
                    self._refuse(line, f"账上没有商户 {line.mid}")
                case TradeRow():
                    trades.append(line)
                case PayoutRow():
                    payouts.append(line)
        if trades:
            self._count(trades, self._trades.take(trades, merchants))
        if payouts:
            self._count(payouts, self._payouts.take(payouts, merchants))
        self._session.flush()
        self._session.expunge_all()

    def finish(self) -> ImportReport:
        """Write the counts into the record of the file."""
        self._payouts.close()
        record = self._session.get_one(ImportedFile, self._sha256)
        record.lines, record.stored, record.known = self.lines, self._stored, self._known
        return ImportReport(self.lines, self._stored, self._known, self._quarantined, self._passed)

    def _merchants(self, mids: set[str]) -> dict[str, Merchant]:
        found = self._session.scalars(select(Merchant).where(Merchant.mid.in_(mids)))
        return {merchant.mid: merchant for merchant in found}

    def _count(self, rows: Iterable[TradeRow | PayoutRow], outcomes: Iterable[Outcome]) -> None:
        for row, outcome in zip(rows, outcomes, strict=True):
            if outcome is Taken.STORED:
                self._stored += 1
            elif outcome is Taken.KNOWN:
                self._known += 1
            else:
                self._refuse(row, outcome)

    def _refuse(self, row: TradeRow | PayoutRow, reason: str) -> None:
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
