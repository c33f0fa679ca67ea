"""网络通信 (DOMAIN.md §4.1).

Confirmed by results that never came back, gaps in the heartbeat and a SIM out of order; refuted
by an approval that is in the clearing file: the link has no influence on arrival any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine, event_rows
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_code, passed_the_host
from daozhang.diagnosis.rules.rule import Ground, Rule
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.models import Terminal
from daozhang.ledger.words import SimState, TerminalEventKind

__all__ = ["RULE"]

_CAUSE = Cause.NETWORK_COMMUNICATION
_AROUND = timedelta(hours=3)
_WEAK = 1
"""Bars of signal at which a machine is on the edge of its network."""
_SEVERAL = 3
_LOST = (TerminalEventKind.HEARTBEAT_LOST, TerminalEventKind.SIM_LOW)


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    if finding not in {Finding.REVERSAL_PENDING, Finding.RESULT_UNKNOWN}:
        return
    terminal = payment.terminal
    yield from by_code(payment, finding, _CAUSE, _link(terminal) or Circumstance.TIMED_OUT)
    lost = [one for one in payment.events(_AROUND) if one.kind in _LOST]
    rows = (payment.row, *_terminal_rows(terminal), *event_rows(lost))
    if finding is Finding.REVERSAL_PENDING:
        yield Ground(_CAUSE, _link(terminal) or Circumstance.TIMED_OUT, 0.95, rows)
    elif lost or _link(terminal):
        yield Ground(_CAUSE, _link(terminal) or Circumstance.TIMED_OUT, 0.7, rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    return (payment.row, *payment.clearing_rows) if passed_the_host(payment) else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    terminal, timed_out = machine.terminal, machine.timed_out
    lost = machine.happened(*_LOST)
    rows = (machine.row, *event_rows(lost), *_payments(machine))
    if terminal.sim_state is not SimState.OK or machine.happened(TerminalEventKind.SIM_LOW):
        yield Ground(_CAUSE, Circumstance.SIM, 0.9, rows)
    if timed_out and (lost or len(timed_out) >= _SEVERAL):
        together = any(abs(e.at - txn.local_at) <= _AROUND for e in lost for txn in timed_out)
        weight = 0.85 if together and len(timed_out) >= _SEVERAL else 0.7
        yield Ground(_CAUSE, Circumstance.TIMED_OUT, weight, rows)
    if terminal.signal <= _WEAK:
        yield Ground(_CAUSE, Circumstance.WEAK_SIGNAL, 0.6, rows)
    if machine.silent_for:
        yield Ground(_CAUSE, Circumstance.SILENT, 0.4, rows)


def _link(terminal: Terminal | None) -> Circumstance | None:
    if terminal is None:
        return None
    if terminal.sim_state is not SimState.OK:
        return Circumstance.SIM
    return Circumstance.WEAK_SIGNAL if terminal.signal <= _WEAK else None


def _terminal_rows(terminal: Terminal | None) -> tuple[Evidence, ...]:
    if terminal is None:
        return ()
    fact = f"sim {terminal.sim_state}, signal {terminal.signal}"
    return (Evidence("terminals", terminal.tid, fact),)


def _payments(machine: Machine) -> tuple[Evidence, ...]:
    found = machine.timed_out
    if not found:
        return ()
    span = f"{len(found)} without an answer since {found[-1].local_at:%F %R}"
    return (Evidence("txns", found[0].ref_no or str(found[0].id), span),)


RULE = Rule(_CAUSE, confirms, refutes, troubles)
