"""Disturbances that touch a payment: of its bank, its channel, its region or the platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.payment import Payment
from daozhang.ledger.models import Incident
from daozhang.ledger.words import IncidentScope, PayoutState

__all__ = ["AFTERMATH", "incident_row", "incidents_on"]

AFTERMATH = timedelta(hours=4)
"""How long after its end money may still queue before somebody has to look (DOMAIN.md §4.10)."""

_UNDER_WAY = {PayoutState.CREATED, PayoutState.PAYING}


def incidents_on(payment: Payment, *, early: bool = False) -> Iterator[Incident]:
    """The disturbances that can keep this money waiting.

    One that has ended counts only while a payout that was under way during it has no answer.
    `early` asks before the due time: then only money that has set out can be touched. A bad
    version of the terminals' program keeps no money waiting.
    """
    merchant, payout = payment.around.merchant, payment.payout
    under_way = payout is not None and payout.state in _UNDER_WAY
    if early and not under_way:
        return
    targets = {
        IncidentScope.BANK: payout.account_bank if payout else merchant.account_bank,
        IncidentScope.CHANNEL: payment.txn.channel.value,
        IncidentScope.REGION: merchant.region,
        IncidentScope.VERSION: "",
    }
    for incident in payment.around.incidents:
        if targets.get(incident.scope, incident.target) != incident.target:
            continue
        over = incident.until is not None and incident.until <= payment.around.now
        if over and not (
            under_way and payout and payout.created_at <= (incident.until or payout.created_at)
        ):
            continue
        yield incident


def incident_row(incident: Incident) -> Evidence:
    span = (
        f"{incident.since:%F %R}-{incident.until:%R}"
        if incident.until
        else f"{incident.since:%F %R}-"
    )
    return Evidence("incidents", str(incident.id), f"{incident.scope} {incident.target} {span}")
