"""硬件故障 (DOMAIN.md §4.6).

Confirmed by a machine that fell silent, locked itself, or failed to read or print; refuted when
the payment is approved and cleared: paper and power do not stop settlement.
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
from daozhang.ledger.words import SignState, SimState, TerminalEventKind

__all__ = ["RULE"]

_CAUSE = Cause.HARDWARE_FAULT
_MOMENTS = timedelta(minutes=5)
_AGAIN = 2
_PARTS = {
    TerminalEventKind.READ_FAILED: Circumstance.READER,
    TerminalEventKind.PRINT_FAILED: Circumstance.PRINTER,
}


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    if finding is Finding.RESULT_UNKNOWN:
        for event in payment.events(_MOMENTS):
            if event.kind is TerminalEventKind.PRINT_FAILED:
                rows = (payment.row, *event_rows([event]))
                yield Ground(_CAUSE, Circumstance.PRINTER, 0.6, rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    return (payment.row, *payment.clearing_rows) if passed_the_host(payment) else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    terminal = machine.terminal
    tampered = machine.happened(TerminalEventKind.TAMPER)
    if tampered or terminal.sign_state is SignState.LOCKED:
        yield Ground(_CAUSE, Circumstance.LOCKED, 0.95, (machine.row, *event_rows(tampered)))
    for kind, part in _PARTS.items():
        failed = machine.happened(kind)
        if len(failed) >= _AGAIN:
            yield Ground(_CAUSE, part, 0.8, (machine.row, *event_rows(failed)))
    linked = terminal.sim_state is SimState.OK and not machine.timed_out
    if machine.silent_for and linked:
        yield Ground(_CAUSE, Circumstance.SILENT, 0.5, (machine.row,))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
