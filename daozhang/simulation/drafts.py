"""What the simulation thinks in before it writes rows: shops, deals and what befalls them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from daozhang.ledger.models import Merchant, Terminal
from daozhang.ledger.words import (
    CardType,
    Channel,
    HoldKind,
    HoldState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)
from daozhang.simulation.town import Plant, Trade

__all__ = ["Deal", "Event", "Fault", "HoldDraft", "Mishap", "MishapKind", "Shop"]


class MishapKind(StrEnum):
    """What goes wrong with the payout that carries a deal, or keeps the deal out of one."""

    REFUSED = "refused"
    """The receiving bank refuses the payout."""
    RETURNED = "returned"
    """The bank takes it and sends it back (退票); a successor is made."""
    STUCK = "stuck"
    """The bank never answers."""
    MISSING = "missing"
    """Cleared, but no payout is made."""
    NOT_IN_FILE = "not_in_file"
    """The clearing house's file does not hold the deal."""
    SHORTENED = "shortened"
    """A part of the payout is kept back."""
    UNCONFIRMED = "unconfirmed"
    """Paid by the payer's word, not yet entered by the receiving bank."""
    OLD_ACCOUNT = "old_account"
    """The payout goes to the account that counted before; `text` is its last four digits."""
    SHORT = "short"
    """Approved here, and absent from the clearing house's file for good (短款)."""
    LONG = "long"
    """In the clearing house's file, while nobody here knows the result (长款)."""
    SLOW_CARD = "slow_card"
    """A card that an instant product pays in the ordinary cycle."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """`text` is the bank's own words, `part` the fen that are kept back."""

    kind: MishapKind
    text: str = ""
    part: int = 0


@dataclass(slots=True, eq=False)
class HoldDraft:
    """A hold on one deal, or on all that a merchant is paid after `since` when `deal` is None."""

    kind: HoldKind
    state: HoldState
    since: datetime
    review_due: datetime
    materials: list[str]
    deal: Deal | None = None
    id: int = 0


@dataclass(slots=True, eq=False)
class Deal:
    """A transaction in the making; its numbers are given out when all deals are known."""

    tid: str
    channel: Channel
    kind: TxnKind
    amount: int
    local_at: datetime
    host_at: datetime | None
    state: TxnState = TxnState.APPROVED
    response_code: str | None = "00"
    card_last4: str | None = None
    card_type: CardType | None = None
    issuer: str | None = None
    original: Deal | None = None
    reversal_at: datetime | None = None
    reversal_code: str | None = None
    mishap: Mishap | None = None
    hold: HoldDraft | None = None
    planted: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a terminal did."""

    tid: str
    at: datetime
    kind: TerminalEventKind
    detail: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """A planted complaint before its words are found."""

    fault: str
    outcome: str
    cause: str | None
    deal: Deal | None = None
    amount: int | None = None
    tid: str | None = None
    note: str = ""


@dataclass(slots=True, eq=False)
class Shop:
    """A merchant with its machines and everything that happens to it in the month."""

    merchant: Merchant
    terminals: list[Terminal]
    trade: Trade
    credit_clock: time
    plants: tuple[Plant, ...]
    deals: list[Deal] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    holds: list[HoldDraft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    closed_days: set[date] = field(default_factory=set)
    """Days on which nothing but what is planted happens."""

    @property
    def mid(self) -> str:
        return self.merchant.mid
