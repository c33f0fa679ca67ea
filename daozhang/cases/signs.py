"""The flags of playbooks: what is so at this moment, each a question to the scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from daozhang.cases.scene import DOUBTFUL, HEARTBEAT_EVERY, Scene
from daozhang.clock import local_date
from daozhang.ledger.facts import payout_failure
from daozhang.ledger.words import (
    Channel,
    HoldKind,
    HoldState,
    SignState,
    SimState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)

__all__ = ["FLAGS"]

_GRACE = timedelta(hours=2)
"""After the due time and this long a ticket goes to clearing (DOMAIN.md §4.3)."""
_OPEN_BATCH = timedelta(hours=24)
"""A batch that has been open for longer should have been closed (DOMAIN.md §4.9)."""


def _online(scene: Scene) -> bool:
    heard = scene.terminal.last_heartbeat_at if scene.terminal else None
    return heard is not None and scene.now - heard <= HEARTBEAT_EVERY


def _in_state(*states: TxnState) -> Callable[[Scene], bool]:
    return lambda scene: scene.txn is not None and scene.txn.state in states


def _not_due(scene: Scene) -> bool:
    return scene.awaited and scene.due_at is not None and scene.now <= scene.due_at


def _long_overdue(scene: Scene) -> bool:
    return scene.awaited and scene.due_at is not None and scene.now > scene.due_at + _GRACE


def _voidable(scene: Scene) -> bool:
    """Same day, same terminal, batch still open (DOMAIN.md §4.8)."""
    txn = scene.txn
    if txn is None or (txn.state, txn.kind) != (TxnState.APPROVED, TxnKind.SALE):
        return False
    today = local_date(txn.local_at) == local_date(scene.now)
    closed = scene.happened(TerminalEventKind.BATCH_CLOSED, txn.local_at)
    return txn.channel is Channel.CARD and today and closed is None


def _batch_open(scene: Scene) -> bool:
    """Only of terminals that close by hand, that is which have closed a batch lately."""
    closed = scene.last(TerminalEventKind.BATCH_CLOSED)
    if closed is None:
        return False
    began = scene.txn.local_at if scene.txn else closed
    return began >= closed and scene.now - began > _OPEN_BATCH


def _reader_failing(scene: Scene) -> bool:
    kinds = [one.kind for one in scene.events]
    reads = kinds.count(TerminalEventKind.READ_FAILED)
    return reads > kinds.count(TerminalEventKind.PRINT_FAILED)


def _refused_for(*reasons: str) -> Callable[[Scene], bool]:
    def refused(scene: Scene) -> bool:
        text = scene.refused.fail_text if scene.refused else None
        return text is not None and payout_failure(text).reason in reasons

    return refused


def _below_minimum(scene: Scene) -> bool:
    return scene.awaited and scene.payout is None and 0 <= scene.owed < scene.merchant.min_payout


def _held(scene: Scene) -> bool:
    hold = scene.hold
    if hold is None or hold.state is HoldState.RELEASED:
        return False
    return hold.kind is not HoldKind.JUDICIAL


def _over_cap(scene: Scene) -> bool:
    cap = scene.merchant.instant_cap_single
    return scene.txn is not None and cap is not None and scene.txn.amount > cap


def _papers_expired(scene: Scene) -> bool:
    until = scene.merchant.kyc_valid_until
    return until is not None and until < local_date(scene.now)


FLAGS: Mapping[str, Callable[[Scene], bool]] = {
    "reversal_pending": _in_state(*DOUBTFUL),
    "offline_trades": lambda scene: scene.stored,
    "terminal_online": _online,
    "signed_on": lambda scene: (
        scene.terminal is not None and scene.terminal.sign_state is SignState.SIGNED_ON
    ),
    "sim_problem": lambda scene: (
        scene.terminal is not None and scene.terminal.sim_state is not SimState.OK
    ),
    "payment_known": lambda scene: scene.txn is not None,
    "money_awaited": lambda scene: scene.awaited,
    "not_due": _not_due,
    "long_overdue": _long_overdue,
    "declined": _in_state(TxnState.DECLINED),
    "preauth_open": _in_state(TxnState.PREAUTH_OPEN),
    "voidable": _voidable,
    "batch_open": _batch_open,
    "update_waiting": lambda scene: (
        scene.terminal is not None and scene.terminal.app_version != scene.terminal.latest_version
    ),
    "locked": lambda scene: (
        scene.terminal is not None and scene.terminal.sign_state is SignState.LOCKED
    ),
    "reader_failing": _reader_failing,
    "terminal_unbound": lambda scene: scene.terminal is not None and not scene.terminal.bound,
    "name_refused": _refused_for("name_mismatch"),
    "bank_must_act": _refused_for("account_restricted", "not_enabled"),
    "negative_balance": lambda scene: scene.merchant.balance < 0,
    "below_minimum": _below_minimum,
    "reminder_on": lambda scene: scene.reminder_on,
    "held": _held,
    "over_cap": _over_cap,
    "incident": lambda scene: bool(scene.running),
    "incident_public": lambda scene: any(one.public_text for one in scene.running),
    "papers_expired": _papers_expired,
    "rule_notice": lambda scene: scene.notice is not None,
}
"""Every name of `playbook.vocabulary.FLAGS`."""
