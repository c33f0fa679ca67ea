"""What the ledger says to a playbook: checks, flags and values for the step a walk is at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from daozhang.ledger.lookups import MerchantLedger, TxnQuery
from daozhang.ledger.models import Terminal, Txn
from daozhang.ledger.words import SignState, SimState, TerminalEventKind, TxnState
from daozhang.money import format_yuan
from daozhang.playbook.state import CheckResult, Facts, Outcome
from daozhang.wording import say_clock, say_day, say_moment

__all__ = ["HEARTBEAT_EVERY", "facts_for"]

HEARTBEAT_EVERY = timedelta(minutes=10)
"""A terminal that has been silent for longer is taken to be offline."""

_DOUBTFUL = {TxnState.UNKNOWN, TxnState.REVERSAL_PENDING, TxnState.REVERSAL_FAILED}


def facts_for(
    ledger: MerchantLedger, txn_ids: Sequence[int], since: datetime, now: datetime
) -> Facts:
    """The facts for a walk about these payments, whose present step was entered at `since`.

    The payments may be none: then it is about the merchant's first terminal.
    """
    txns = ledger.txns(txn_ids)
    txn = txns[0] if txns else None
    terminal = _terminal(ledger, txn)
    offline = bool(terminal and _offline(ledger, terminal.tid))
    checks: dict[str, CheckResult] = {
        "offline_uploaded": CheckResult(Outcome.NOT_YET if offline else Outcome.CONFIRMED)
    }
    flags: set[str] = {"offline_trades"} if offline else set()
    if txn is not None:
        checks["reversal_out"] = _reversal(txn, now)
        if txn.state in _DOUBTFUL:
            flags.add("reversal_pending")
    if terminal is not None:
        checks["terminal_online"] = _heartbeat(terminal, since)
        signed_on = terminal.sign_state is SignState.SIGNED_ON
        checks["signed_on"] = CheckResult(
            Outcome.CONFIRMED if signed_on else Outcome.NOT_YET,
            _signed_on_at(ledger, terminal, now),
        )
        flags |= {"signed_on"} if signed_on else set()
        if terminal.last_heartbeat_at and now - terminal.last_heartbeat_at <= HEARTBEAT_EVERY:
            flags.add("terminal_online")
        if terminal.sim_state is not SimState.OK:
            flags.add("sim_problem")
    return Facts(now, checks, _values(txn, terminal, now), frozenset(flags))


def _terminal(ledger: MerchantLedger, txn: Txn | None) -> Terminal | None:
    if txn is not None and txn.tid:
        return ledger.terminal(txn.tid)
    return next(iter(ledger.terminals()), None)


def _offline(ledger: MerchantLedger, tid: str) -> bool:
    stored = ledger.find(TxnQuery(tid=tid))
    return any(txn.state is TxnState.OFFLINE_STORED for txn in stored)


def _reversal(txn: Txn, now: datetime) -> CheckResult:
    if txn.state is TxnState.REVERSED:
        seen = say_clock(txn.reversal_at) if txn.reversal_at else ""
        return CheckResult(Outcome.CONFIRMED, seen)
    if txn.state in _DOUBTFUL - {TxnState.REVERSAL_FAILED}:
        return CheckResult(Outcome.NOT_YET)
    return CheckResult(Outcome.REFUTED)


def _heartbeat(terminal: Terminal, since: datetime) -> CheckResult:
    heard = terminal.last_heartbeat_at
    if heard is not None and heard >= since:
        return CheckResult(Outcome.CONFIRMED, say_clock(heard))
    return CheckResult(Outcome.NOT_YET, say_clock(heard) if heard else "")


def _signed_on_at(ledger: MerchantLedger, terminal: Terminal, now: datetime) -> str:
    today = now - timedelta(hours=24)
    events = ledger.terminal_events(terminal.tid, today)
    times = [one.at for one in events if one.kind is TerminalEventKind.SIGNED_ON]
    return say_clock(times[-1]) if times else ""


def _values(txn: Txn | None, terminal: Terminal | None, now: datetime) -> dict[str, str]:
    values: dict[str, str] = {}
    if txn is not None:
        values |= {"amount": format_yuan(txn.amount), "txn_time": say_moment(txn.local_at, now)}
        if txn.card_last4:
            values["card_last4"] = txn.card_last4
        if txn.ref_no:
            values["ref_no"] = txn.ref_no
    if terminal is not None:
        values |= {
            "tid": terminal.tid,
            "model": terminal.model,
            "signal": str(terminal.signal),
        }
        if terminal.sim_expires_on:
            values["sim_expires"] = say_day(terminal.sim_expires_on, now.date())
    return values
