"""法律法规变动 (DOMAIN.md §4.12, §6): papers that ran out, machines that are not where they belong.

Confirmed by expired papers, a serial number that is not bound to the merchant and a machine used
outside its area, together with the notice in force; refuted by papers that are valid.
"""

from __future__ import annotations

from collections.abc import Iterator

from daozhang.causes import Cause
from daozhang.clock import local_date
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine, event_rows
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.rules.codes import by_code
from daozhang.diagnosis.rules.platform_restriction import hold_row
from daozhang.diagnosis.rules.rule import Ground, Rule, waits
from daozhang.diagnosis.verdict import Finding
from daozhang.ledger.words import HoldKind, TerminalEventKind

__all__ = ["RULE"]

_CAUSE = Cause.REGULATION_CHANGE
_BARRED = {"03", "58", "97"}


def confirms(payment: Payment, finding: Finding) -> Iterator[Ground]:
    yield from by_code(payment, finding, _CAUSE)
    around, hold = payment.around, payment.hold
    if around.papers_expired:
        rows = (*_papers(payment), *_notice(payment))
        if finding is Finding.HELD and hold and hold.kind is HoldKind.SETTLEMENT_SUSPENDED:
            yield Ground(_CAUSE, Circumstance.PAPERS_EXPIRED, 0.95, (hold_row(hold), *rows))
        elif finding is Finding.OVERDUE or (waits(finding) and payment.payout is None):
            weight = 0.95 if finding is Finding.OVERDUE else 0.5
            yield Ground(_CAUSE, Circumstance.PAPERS_EXPIRED, weight, rows)
    if finding is Finding.DECLINED and payment.txn.response_code in _BARRED:
        yield from _out_of_place(payment)


def refutes(payment: Payment) -> tuple[Evidence, ...]:
    valid = payment.around.merchant.kyc_valid_until is not None
    bound = payment.terminal is None or payment.terminal.bound
    return _papers(payment) if valid and bound and not payment.around.papers_expired else ()


def troubles(machine: Machine) -> Iterator[Ground]:
    if not machine.terminal.bound:
        row = Evidence("terminals", machine.terminal.tid, "not bound")
        yield Ground(_CAUSE, Circumstance.UNBOUND, 0.93, (row,))
    moved = machine.happened(TerminalEventKind.MOVED)
    if moved:
        yield Ground(_CAUSE, Circumstance.MOVED, 0.8, (machine.row, *event_rows(moved)))


def _out_of_place(payment: Payment) -> Iterator[Ground]:
    terminal = payment.terminal
    if terminal is not None and not terminal.bound:
        row = Evidence("terminals", terminal.tid, "not bound")
        yield Ground(_CAUSE, Circumstance.UNBOUND, 0.95, (payment.row, row))
    moved = [one for one in payment.events() if one.kind is TerminalEventKind.MOVED]
    if moved:
        yield Ground(_CAUSE, Circumstance.MOVED, 0.94, (payment.row, *event_rows(moved)))


def _papers(payment: Payment) -> tuple[Evidence, ...]:
    merchant = payment.around.merchant
    if merchant.kyc_valid_until is None:
        return ()
    return (Evidence("merchants", merchant.mid, f"papers until {merchant.kyc_valid_until:%F}"),)


def _notice(payment: Payment) -> tuple[Evidence, ...]:
    today = local_date(payment.around.now)
    return tuple(
        Evidence("notices", str(one.id), f"{one.title} {one.effective_on:%F}")
        for one in payment.around.notices[:1]
        if one.effective_on <= today
    )


RULE = Rule(_CAUSE, confirms, refutes, troubles)
