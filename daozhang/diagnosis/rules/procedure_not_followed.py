"""未遵循操作规程 (DOMAIN.md §4.9, §5 预授权, 离线).

Confirmed by 12, 22, 77, 79 and 94, a machine not signed on, payments stored offline, an open
pre-authorisation and a batch that was not closed; refuted by an approved and cleared payment.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine, batch_open_since, event_rows
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_code, passed_the_host
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import SignState, TerminalEventKind, TxnState

__all__ = ["RULE"]

_CAUSE = Cause.PROCEDURE_NOT_FOLLOWED
_SIGN_ON = "77"


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    sign_on = payment.txn.response_code == _SIGN_ON
    yield from by_code(payment, finding, _CAUSE, Circumstance.NOT_SIGNED_ON if sign_on else None)
    if finding is Finding.OFFLINE_STORED:
        yield Ground(_CAUSE, Circumstance.OFFLINE_STORED, 0.95, (payment.row,))
    if finding is Finding.PREAUTH_OPEN:
        yield Ground(_CAUSE, Circumstance.PREAUTH_OPEN, 0.95, (payment.row,))
    if waits(finding) and not payment.cleared and payment.txn.tid:
        events = payment.around.events_of(payment.txn.tid)
        last = batch_open_since(events, payment.around.now)
        if last is not None and last.at < payment.txn.local_at:
            rows = (payment.row, *event_rows([last]))
            yield Ground(_CAUSE, Circumstance.BATCH_OPEN, 0.88, rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    return (payment.row, *payment.clearing_rows) if passed_the_host(payment) else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    stored = [one for one in machine.txns if one.state is TxnState.OFFLINE_STORED]
    if stored:
        row = Evidence("txns", str(stored[0].id), f"{len(stored)} stored offline")
        yield Ground(_CAUSE, Circumstance.OFFLINE_STORED, 0.88, (row,))
    refused = machine.answered({_SIGN_ON})
    signed_off = machine.terminal.sign_state is SignState.SIGNED_OFF
    if refused or signed_off:
        today = [
            one
            for one in machine.happened(TerminalEventKind.SIGNED_ON)
            if local_date(one.at) == local_date(machine.now)
        ]
        tried = any(local_date(one.local_at) == local_date(machine.now) for one in machine.txns)
        weight = 0.9 if signed_off and tried and not today else 0.6 if refused else 0.4
        yield Ground(_CAUSE, Circumstance.NOT_SIGNED_ON, weight, (machine.row,))
    last = batch_open_since(machine.events, machine.now)
    if last is not None:
        yield Ground(_CAUSE, Circumstance.BATCH_OPEN, 0.7, event_rows([last]))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
