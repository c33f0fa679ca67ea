"""The rows that a walk can be about: one payment, its terminal, its payout and what holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daozhang.clock import local_date
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.machine import in_use
from daozhang.ledger.lookups import MerchantLedger, TxnQuery
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
from daozhang.ledger.words import (
    HoldState,
    IncidentScope,
    PayoutState,
    SignState,
    SimState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)

__all__ = ["DOUBTFUL", "HEARTBEAT_EVERY", "Scene", "look", "worst_off"]

HEARTBEAT_EVERY = timedelta(minutes=10)
"""A terminal that has been silent for longer is taken to be offline."""
DOUBTFUL = frozenset({TxnState.UNKNOWN, TxnState.REVERSAL_PENDING, TxnState.REVERSAL_FAILED})

_EVENTS = timedelta(days=30)
"""How far back the terminal's events tell how it is used."""
_INCIDENTS = timedelta(hours=24)
"""For how long a disturbance that has ended is still worth telling."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the ledger shows at `now`; the merchant stands at a step entered at `since`."""

    now: datetime
    since: datetime
    merchant: Merchant
    txn: Txn | None
    terminal: Terminal | None
    events: Sequence[TerminalEvent]
    """The terminal's events of the last weeks, oldest first."""
    collected: Sequence[Txn]
    """Payments that the shop took since the step began, on a terminal or by its own code."""
    stored: bool
    """Whether the terminal holds offline payments."""
    due_at: datetime | None
    """When the payment's money is due; None while it is not owed, or the terms are a guess."""
    owed: int
    """Net fen due by now, or with the payment, and in no payout; asked only under a minimum."""
    follow_ups: Sequence[Txn]
    refused: Payout | None
    """The payment's payout when it failed or was returned."""
    payout: Payout | None
    """The newest payout that carries the payment."""
    hold: Hold | None
    """The hold on the payment or the merchant; a released one only while the money is awaited."""
    incidents: Sequence[Incident]
    """Disturbances that touch this merchant's money, running or ended within a day."""
    notice: Notice | None
    reminder_on: bool
    """Whether the merchant is told when their balance runs low."""

    @property
    def awaited(self) -> bool:
        """Whether the payment was taken and its money has not been credited."""
        if self.txn is None or self.txn.state is not TxnState.APPROVED:
            return False
        return self.payout is None or self.payout.credited_at is None

    @property
    def running(self) -> Sequence[Incident]:
        return [one for one in self.incidents if one.until is None or one.until > self.now]

    def last(self, kind: TerminalEventKind) -> datetime | None:
        """When the terminal did this last, within the last weeks."""
        return max((one.at for one in self.events if one.kind is kind), default=None)

    def happened(self, kind: TerminalEventKind, after: datetime) -> datetime | None:
        """When the terminal did this, at `after` or later."""
        at = self.last(kind)
        return at if at is not None and at >= after else None


def look(
    investigation: Investigation,
    txn_ids: Sequence[int],
    since: datetime,
    *,
    tid: str | None,
    reminder_on: bool,
) -> Scene:
    """Read everything once. Of several payments the newest is looked at; there may be none."""
    ledger, merchant, now = investigation.ledger, investigation.merchant, investigation.now
    txn = next(iter(ledger.txns(txn_ids)), None)
    named = (txn.tid if txn else None) or tid
    terminal = ledger.terminal(named) if named else worst_off(ledger, now)
    tid = terminal.tid if terminal else None
    own = txn.item.payout if txn and txn.item else None
    newest = (ledger.successor_of(own.no) or own) if own else None
    refused = own if own and own.state in {PayoutState.FAILED, PayoutState.RETURNED} else None
    return Scene(
        now=now,
        since=since,
        merchant=merchant,
        txn=txn,
        terminal=terminal,
        events=ledger.terminal_events(tid, now - _EVENTS) if tid else (),
        collected=[
            one
            for one in ledger.find(TxnQuery(since=since))
            if one.state is TxnState.APPROVED and one.kind is TxnKind.SALE
        ],
        stored=bool(tid) and _stores(ledger, tid),
        due_at=investigation.due_at(txn) if txn else None,
        owed=ledger.owed(max(txn.item.due_at, now))
        if txn and txn.item and merchant.min_payout
        else 0,
        follow_ups=ledger.follow_ups(txn.id) if txn else (),
        refused=refused,
        payout=newest,
        hold=_hold(ledger, txn, newest),
        incidents=[
            one
            for one in ledger.incidents(now, after=now - _INCIDENTS)
            if _touches(one, merchant, txn)
        ],
        notice=next(iter(ledger.notices(local_date(now))), None),
        reminder_on=reminder_on,
    )


def worst_off(ledger: MerchantLedger, now: datetime) -> Terminal | None:
    """The terminal that most needs help; one that lies unused only where there is no other."""

    def well(one: Terminal) -> tuple[bool, ...]:
        heard = one.last_heartbeat_at
        return (
            not in_use(one, now),
            one.sign_state is not SignState.LOCKED,
            one.bound,
            one.sim_state is SimState.OK,
            heard is not None and now - heard <= HEARTBEAT_EVERY,
            one.sign_state is SignState.SIGNED_ON,
            one.app_version == one.latest_version,
        )

    return min(ledger.terminals(), key=well, default=None)


def _stores(ledger: MerchantLedger, tid: str | None) -> bool:
    return any(txn.state is TxnState.OFFLINE_STORED for txn in ledger.find(TxnQuery(tid=tid)))


def _hold(ledger: MerchantLedger, txn: Txn | None, payout: Payout | None) -> Hold | None:
    own = txn.item.hold if txn and txn.item else None
    if own is not None and own.state is not HoldState.RELEASED:
        return own
    whole = next(iter(ledger.merchant_holds()), None)
    if whole is not None and whole.state is not HoldState.RELEASED:
        return whole
    paid = txn is None or (payout is not None and payout.credited_at is not None)
    return None if paid else own or whole


def _touches(incident: Incident, merchant: Merchant, txn: Txn | None) -> bool:
    """Whether a disturbance can be why: of the settlement bank, the channel, region, platform.

    A payment that was not taken can also be due to the customer's bank.
    """
    match incident.scope:
        case IncidentScope.PLATFORM:
            return True
        case IncidentScope.REGION:
            return incident.target == merchant.region
        case IncidentScope.CHANNEL:
            return txn is not None and incident.target == txn.channel.value
        case IncidentScope.BANK:
            issuer = txn.issuer if txn and txn.state is not TxnState.APPROVED else None
            return incident.target in {merchant.account_bank, issuer}
        case IncidentScope.VERSION:
            return False
