"""软件故障 (DOMAIN.md §4.7).

Confirmed by 30, 63, 78, 99, A0 and A7 and by an update just before the first of them; stronger
when other machines of the version show the same; refuted by an approved and cleared payment.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine, event_rows
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_code, passed_the_host
from daozhang.diagnosis.rules.rule import Ground, Rule
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import TerminalEventKind

__all__ = ["RULE"]

_CAUSE = Cause.SOFTWARE_FAULT
_CODES = {"30", "63", "78", "99", "A0", "A7"}
_KEYS = {"63", "99", "A0", "A7"}
_AGAIN = 2


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    keys = payment.txn.response_code in _KEYS
    yield from by_code(payment, finding, _CAUSE, Circumstance.KEYS if keys else None)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    return (payment.row, *payment.clearing_rows) if passed_the_host(payment) else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    terminal, failed = machine.terminal, machine.answered(_CODES)
    behind = terminal.app_version != terminal.latest_version
    updates = machine.happened(TerminalEventKind.UPDATED)
    if len(failed) >= _AGAIN:
        first = failed[-1].local_at
        codes = ", ".join(sorted({one.response_code or "" for one in failed}))
        answers = Evidence(
            "txns", str(failed[0].id), f"{len(failed)} × {codes} since {first:%F %R}"
        )
        after = [one for one in updates if one.at <= first]
        others = machine.others_on_version(_CODES)
        crowd = Evidence("terminals", terminal.app_version, f"same codes on {others} terminals")
        version = bool(after or behind or others > 1)
        yield Ground(
            _CAUSE,
            Circumstance.VERSION if version else Circumstance.KEYS,
            0.92 if version else 0.75,
            (machine.row, answers, *event_rows(after), *((crowd,) if others > 1 else ())),
        )
    elif behind:
        fact = f"{terminal.app_version}, latest {terminal.latest_version}"
        row = Evidence("terminals", terminal.tid, fact)
        yield Ground(_CAUSE, Circumstance.VERSION, 0.35, (row,))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
