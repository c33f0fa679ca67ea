"""One payment under investigation: its rows, its due time, and what surrounds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from daozhang.clock import local_date
from daozhang.diagnosis.facts import Evidence
from daozhang.ledger.facts import ResponseCode, response_code
from daozhang.ledger.models import (
    Hold,
    Incident,
    Merchant,
    Notice,
    Payout,
    Terminal,
    TerminalEvent,
    Txn,
)
from daozhang.ledger.terms import SoldBetween
from daozhang.ledger.words import Channel, HoldState, ReconState, TxnKind, TxnState
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, Reason
from daozhang.settlement.published import Published
from daozhang.settlement.terms import Terms

__all__ = ["Payment", "Surroundings"]

_LONG_AGO = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for every payment that is judged in one go. Look-ups are remembered."""

    merchant: Merchant
    merchant_hold: Hold | None
    incidents: Sequence[Incident]
    """Those that run, and those that ended so recently that money may still queue."""
    notices: Sequence[Notice]
    """Changes of rules in force, the newest first."""
    calendar: WorkCalendar
    now: datetime
    successor_of: Callable[[str], Payout | None]
    terminal: Callable[[str], Terminal | None]
    events_of: Callable[[str], Sequence[TerminalEvent]]
    """What a terminal did in the last week, oldest first."""
    owed_by: Callable[[datetime], int]
    """Net fen that are due by a moment and in no payout yet."""
    sold: SoldBetween
    terms: Callable[[Channel], Terms]
    """The merchant's terms for a way of paying."""
    guessed_from: Published | None
    """The published row that stands in for a part of the contract; None when it says it all."""
    undone: dict[int, list[Txn]] = field(default_factory=dict)
    """Refunds, voids and chargebacks by the id of the payment that they undo."""

    @property
    def papers_expired(self) -> bool:
        valid_until = self.merchant.kyc_valid_until
        return valid_until is not None and valid_until < local_date(self.now)


@dataclass(frozen=True)
class Payment:
    """The rows of one payment, asked in the words of the trade; every rule asks the same again."""

    txn: Txn
    due: Due
    around: Surroundings

    @cached_property
    def payout(self) -> Payout | None:
        return self.txn.item.payout if self.txn.item else None

    @cached_property
    def successor(self) -> Payout | None:
        """The payout made in place of a failed or returned one."""
        return self.around.successor_of(self.payout.no) if self.payout else None

    @cached_property
    def hold(self) -> Hold | None:
        """What stops the payment: its own hold, or the one on all of the merchant's money."""
        own = self.txn.item.hold if self.txn.item else None
        if own is not None and own.state is not HoldState.RELEASED:
            return own
        return self.around.merchant_hold

    @cached_property
    def chargeback(self) -> Txn | None:
        undone = self.around.undone.get(self.txn.id, [])
        return next((one for one in undone if one.kind is TxnKind.CHARGEBACK), None)

    @cached_property
    def approved(self) -> bool:
        return self.txn.state is TxnState.APPROVED

    @cached_property
    def cleared(self) -> bool:
        clearing = self.txn.clearing
        return clearing is not None and clearing.recon_state is ReconState.MATCHED

    @cached_property
    def waits_for_channel(self) -> bool:
        """Whether the payout lies with a system that has not opened since it was handed over."""
        opens = self.due.put_off_until
        closed = Reason.CHANNEL_CLOSED in self.due.reasons
        under_way = self.payout is not None and self.payout.result_at is None
        return closed and under_way and opens is not None and self.around.now < opens

    @cached_property
    def code(self) -> ResponseCode | None:
        return response_code(self.txn.response_code) if self.txn.response_code else None

    @cached_property
    def terminal(self) -> Terminal | None:
        return self.around.terminal(self.txn.tid) if self.txn.tid else None

    def events(self, within: timedelta = _LONG_AGO) -> Sequence[TerminalEvent]:
        """What its terminal did in the time around the payment."""
        if self.txn.tid is None:
            return ()
        at = self.txn.local_at
        return [one for one in self.around.events_of(self.txn.tid) if abs(one.at - at) <= within]

    @cached_property
    def row(self) -> Evidence:
        txn = self.txn
        key = txn.ref_no or txn.order_no or str(txn.id)
        return Evidence("txns", key, f"{txn.state} {txn.response_code or '-'} {txn.local_at:%F %R}")

    @cached_property
    def clearing_rows(self) -> tuple[Evidence, ...]:
        clearing = self.txn.clearing
        if clearing is None:
            return ()
        fact = f"{clearing.recon_state} {clearing.clear_date:%F}"
        return (Evidence("clearings", str(self.txn.id), fact),)

    @cached_property
    def payout_rows(self) -> tuple[Evidence, ...]:
        """The successor first: it is the one that counts."""
        both = (self.successor, self.payout)
        return tuple(
            Evidence("payouts", one.no, " ".join(filter(None, (one.state, one.fail_text))))
            for one in both
            if one is not None
        )
