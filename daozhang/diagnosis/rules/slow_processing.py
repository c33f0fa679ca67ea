"""服务器处理慢 (DOMAIN.md §4.2).

Confirmed by an unplanned disturbance of platform, channel or region while the payout is under
way, and by codes 09 and 96; refuted once the bank has answered the payout.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_code, payout_answered
from daozhang.diagnosis.rules.incidents import incident_row, incidents_on
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import IncidentScope

__all__ = ["RULE"]

_CAUSE = Cause.SLOW_PROCESSING


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    if not waits(finding):
        return
    for incident in incidents_on(payment, early=finding is Finding.BEFORE_DUE):
        if incident.scope is not IncidentScope.BANK and not incident.planned:
            rows = (*payment.payout_rows, incident_row(incident))
            yield Ground(_CAUSE, Circumstance.INCIDENT, 0.8, rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    return payment.payout_rows if payout_answered(payment) else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    slow = machine.answered({"09", "96"})
    if len(slow) > 1:
        fact = f"{len(slow)} answered 09 or 96 since {slow[-1].local_at:%F %R}"
        yield Ground(_CAUSE, None, 0.6, (Evidence("txns", str(slow[0].id), fact),))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
