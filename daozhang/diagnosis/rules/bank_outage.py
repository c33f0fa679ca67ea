"""银行系统故障 (DOMAIN.md §4.10).

Confirmed by a disturbance of the very bank that is paid, by a bank that did not answer the payout
and by 06, 91, 92 and 98; refuted once that bank has answered with anything else.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_bank_text, by_code, payout_answered
from daozhang.diagnosis.rules.incidents import incident_row, incidents_on
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.facts import payout_failure
from daozhang.ledger.words import IncidentScope

__all__ = ["RULE"]

_CAUSE = Cause.BANK_OUTAGE


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    yield from by_bank_text(payment, finding, _CAUSE)
    if not waits(finding):
        return
    for incident in incidents_on(payment, early=finding is Finding.BEFORE_DUE):
        if incident.scope is IncidentScope.BANK:
            rows = (*payment.payout_rows, incident_row(incident))
            yield Ground(_CAUSE, Circumstance.INCIDENT, 0.9, rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    payout = payment.payout
    if payout is None or not payout_answered(payment):
        return ()
    silent = payout_failure(payout.fail_text or "").cause == _CAUSE
    return () if silent else payment.payout_rows


def troubles(machine: Machine) -> Iterator[Ground]:
    down = machine.answered({"06", "91", "92"})
    issuers = {one.issuer for one in down if one.issuer}
    if len(down) > 1 and len(issuers) == 1:
        fact = f"{len(down)} refused, all cards of {issuers.pop()}"
        yield Ground(_CAUSE, None, 0.75, (Evidence("txns", str(down[0].id), fact),))


RULE = Rule(_CAUSE, confirms, refutes, troubles)
