"""支付平台限制 (DOMAIN.md §4.11): maintenance, risk control, limits.

Confirmed by a hold, a planned disturbance of the platform, the instant caps and 03, 58 and 97;
refuted once the payout has left the platform. Why a hold was made is neither stored nor told.
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
from daozhang.ledger.models import Hold
from daozhang.ledger.words import IncidentScope
from daozhang.money import format_yuan
from daozhang.settlement.due import Reason

__all__ = ["RULE", "hold_row"]

_CAUSE = Cause.PLATFORM_RESTRICTION


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    hold, merchant = payment.hold, payment.around.merchant
    if finding is Finding.HELD and hold is not None:
        yield Ground(_CAUSE, Circumstance(hold.kind.value), 0.9, (hold_row(hold), payment.row))
    if not waits(finding):
        return
    if finding is Finding.BEFORE_DUE and Reason.OVER_INSTANT_CAP in payment.due.reasons:
        caps = (merchant.instant_cap_single, merchant.instant_cap_day)
        fact = ", ".join(f"cap {format_yuan(one)}" for one in caps if one is not None)
        row = Evidence("merchants", merchant.mid, fact)
        yield Ground(_CAUSE, Circumstance.OVER_INSTANT_CAP, 0.75, (row, payment.row))
    if finding is Finding.BEFORE_DUE and Reason.INSTANT_WINDOW_CLOSED in payment.due.reasons:
        yield Ground(_CAUSE, Circumstance.INSTANT_CLOSED, 0.73, (payment.row,))
    for incident in incidents_on(payment, early=finding is Finding.BEFORE_DUE):
        if incident.scope is not IncidentScope.BANK and incident.planned:
            rows = (*payment.payout_rows, incident_row(incident))
            yield Ground(_CAUSE, Circumstance.INCIDENT, 0.8, rows)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    return payment.payout_rows if payout_answered(payment) and payment.hold is None else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    barred = machine.answered({"03", "58"})
    if barred:
        fact = f"{barred[0].response_code} {barred[0].local_at:%F %R}"
        yield Ground(_CAUSE, None, 0.7, (Evidence("txns", str(barred[0].id), fact),))


def hold_row(hold: Hold) -> Evidence:
    return Evidence("holds", str(hold.id), f"{hold.kind} {hold.state} since {hold.since:%F %R}")


RULE = Rule(_CAUSE, confirms, refutes, troubles)
