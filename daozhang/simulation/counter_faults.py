"""Faults at the shop's counter: declined, doubtful, undone, not sent up, or never made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from daozhang.ledger.words import SimState, TerminalEventKind, TxnKind, TxnState
from daozhang.simulation.plot import Plot

__all__ = ["COUNTER_FAULTS"]

_NEAR = 0.05
"""Amounts that differ by less than this share might be meant by a merchant who rounds."""


def _not_found(plot: Plot) -> None:
    amount = plot.plant.amount
    plot.drop(lambda deal: abs(deal.amount - amount) <= amount * _NEAR)
    plot.record("not_found", amount=amount)


def _declined(plot: Plot) -> None:
    moment = plot.latest(lambda _: True, yesterday_first=True)
    if moment is not None:
        deal = plot.sale(moment, state=TxnState.DECLINED, code=plot.plant.code)
        plot.record("declined", deal=deal, note=plot.plant.code)


def _outcome_unknown(plot: Plot) -> None:
    """The link went away between approval and slip; the terminal still keeps the reversal."""
    moment = plot.in_hours(timedelta(minutes=25))
    plot.silence(plot.terminal, moment)
    for ago in (timedelta(minutes=160), timedelta(minutes=70)):
        plot.happened(moment - ago, TerminalEventKind.HEARTBEAT_LOST)
        plot.happened(moment - ago + timedelta(minutes=6), TerminalEventKind.HEARTBEAT_BACK)
    deal = plot.sale(moment, state=TxnState.REVERSAL_PENDING, code="68")
    deal.host_at = moment + timedelta(seconds=31)
    plot.happened(moment + timedelta(seconds=40), TerminalEventKind.HEARTBEAT_LOST)
    plot.happened(moment + timedelta(seconds=52), TerminalEventKind.PRINT_FAILED)
    plot.record("outcome_unknown", "network_communication", deal=deal)


def _sim_over_quota(plot: Plot) -> None:
    """Nine time-outs in a week, then the SIM's quota ran out; approved money came in time."""
    for number in range(9):
        newest = plot.now - timedelta(days=number % 7 + 1)
        moment = plot.before(newest, f"{11 + number}:{7 * number:02d}")
        if moment is None:
            continue
        deal = plot.sale(moment, state=TxnState.REVERSED, code="98", answered=False)
        deal.reversal_at, deal.reversal_code = moment + timedelta(minutes=7), "00"
        plot.happened(moment - timedelta(seconds=20), TerminalEventKind.HEARTBEAT_LOST)
        plot.happened(moment + timedelta(minutes=6), TerminalEventKind.HEARTBEAT_BACK)
    stopped = plot.in_hours(timedelta(minutes=90))
    plot.silence(plot.terminal, stopped)
    plot.happened(stopped, TerminalEventKind.HEARTBEAT_LOST)
    plot.terminal.sim_state = SimState.OVER_QUOTA
    credited = plot.latest(lambda one: plot.payday(one).credited_at < plot.now)
    if credited is not None:
        plot.record("credited", "network_communication", deal=plot.sale(credited))


def _refunded(plot: Plot) -> None:
    _taken_back(plot, TxnKind.REFUND, TxnState.REFUNDED, timedelta(minutes=64))


def _voided(plot: Plot) -> None:
    _taken_back(plot, TxnKind.VOID, TxnState.VOIDED, timedelta(minutes=8))


def _taken_back(plot: Plot, kind: TxnKind, state: TxnState, after: timedelta) -> None:
    moment = plot.latest(
        lambda one: one + after + timedelta(minutes=1) < plot.now, yesterday_first=True
    )
    if moment is not None:
        deal = plot.sale(moment, state=state)
        plot.sale(moment + after, kind=kind, original=deal)
        plot.record("declined", deal=deal)


def _preauth_open(plot: Plot) -> None:
    moment = plot.before(plot.now - timedelta(days=2))
    if moment is not None:
        deal = plot.sale(moment, kind=TxnKind.PREAUTH, state=TxnState.PREAUTH_OPEN)
        plot.record("not_yet_due", "procedure_not_followed", deal=deal)


def _offline_stored(plot: Plot) -> None:
    """Four payments taken while the link was down, and never sent up."""
    moment = plot.before(plot.now - timedelta(hours=1))
    if moment is None:
        return
    plot.happened(moment - timedelta(minutes=4), TerminalEventKind.HEARTBEAT_LOST)
    for number, extra in enumerate((0, 5_600, 12_400, 2_000)):
        deal = plot.sale(
            moment + timedelta(minutes=9 * number),
            amount=plot.plant.amount + extra,
            state=TxnState.OFFLINE_STORED,
            code=None,
            answered=False,
        )
        if number == 0:
            plot.record("outcome_unknown", "procedure_not_followed", deal=deal)
    plot.happened(moment + timedelta(minutes=38), TerminalEventKind.HEARTBEAT_BACK)


COUNTER_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    "not_found": _not_found,
    "declined": _declined,
    "outcome_unknown": _outcome_unknown,
    "sim_over_quota": _sim_over_quota,
    "refunded": _refunded,
    "voided": _voided,
    "preauth_open": _preauth_open,
    "offline_stored": _offline_stored,
}
"""How each fault at the counter is planted, by its key."""
