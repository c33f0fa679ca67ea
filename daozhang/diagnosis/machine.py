"""One terminal under investigation: its state, what it did and what it sold in the last week."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daozhang.clock import local_date
from daozhang.diagnosis.facts import Evidence
from daozhang.ledger.models import Terminal, TerminalEvent, Txn
from daozhang.ledger.words import TerminalEventKind, TxnState

__all__ = ["SILENT_AFTER", "Machine", "batch_open_since", "event_rows", "in_use"]

SILENT_AFTER = timedelta(minutes=30)
"""A terminal that was not heard of for longer is taken to be off or cut off (GK)."""
_LAID_BY = timedelta(days=7)
_BATCH_DAY = timedelta(days=1)
_TIME_OUTS = {"68", "98"}
_DOUBTFUL = {TxnState.UNKNOWN, TxnState.REVERSAL_PENDING, TxnState.REVERSAL_FAILED}


@dataclass(frozen=True, slots=True)
class Machine:
    """What the terminal-side rules look at; nothing in it belongs to another merchant."""

    terminal: Terminal
    events: Sequence[TerminalEvent]
    """Oldest first."""
    txns: Sequence[Txn]
    """Newest first."""
    now: datetime
    others_on_version: Callable[[Collection[str]], int]
    """On how many terminals of this version such codes were seen: a number, never rows."""

    def happened(self, *kinds: TerminalEventKind) -> Sequence[TerminalEvent]:
        return [one for one in self.events if one.kind in kinds]

    def answered(self, codes: Collection[str]) -> Sequence[Txn]:
        """Payments that ended with one of these codes."""
        return [txn for txn in self.txns if txn.response_code in codes]

    @property
    def timed_out(self) -> Sequence[Txn]:
        """Payments whose answer never came back to the machine."""
        return [
            txn
            for txn in self.txns
            if txn.state in _DOUBTFUL
            or (txn.state is TxnState.REVERSED and txn.response_code in _TIME_OUTS)
        ]

    @property
    def silent_for(self) -> timedelta | None:
        """How long nothing was heard of it, if it should have been heard of."""
        heard = self.terminal.last_heartbeat_at
        if heard is None or self.now - heard <= SILENT_AFTER:
            return None
        return self.now - heard

    @property
    def row(self) -> Evidence:
        one = self.terminal
        heard = f"{one.last_heartbeat_at:%F %R}" if one.last_heartbeat_at else "-"
        fact = (
            f"sim {one.sim_state}, signal {one.signal}, heard {heard}, "
            f"{one.sign_state}, version {one.app_version}"
        )
        return Evidence("terminals", one.tid, fact)


def in_use(terminal: Terminal, now: datetime) -> bool:
    """Whether it was heard of within a week; what lies in a drawer is not what is complained of."""
    heard = terminal.last_heartbeat_at
    return heard is not None and now - heard <= _LAID_BY


def event_rows(events: Sequence[TerminalEvent]) -> tuple[Evidence, ...]:
    """At most the last three: enough to see what happened."""
    return tuple(
        Evidence(
            "terminal_events",
            str(one.id),
            " ".join(filter(None, (one.kind, f"{one.at:%F %R}", one.detail))),
        )
        for one in events[-3:]
    )


def batch_open_since(events: Sequence[TerminalEvent], now: datetime) -> TerminalEvent | None:
    """The last close of a batch, when the machine closes by hand and has not for over a day.

    Only machines that were seen to close a batch count: others close by themselves.
    """
    closes = [one for one in events if one.kind is TerminalEventKind.BATCH_CLOSED]
    last = closes[-1] if closes else None
    if last is None or now - last.at <= _BATCH_DAY or local_date(last.at) == local_date(now):
        return None
    return last
