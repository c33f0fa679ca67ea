"""Faults of a machine that the merchant complains of as such (DOMAIN.md §4.1, §4.6, §4.7, §4.9).

The payment that is recorded with them is one that has arrived, or one that was declined; the
cause is the machine's, which the ranking of DOMAIN.md §4.13 never makes that of arrived money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from daozhang.clock import local_date
from daozhang.ledger.words import SignState, SimState, TerminalEventKind, TxnState
from daozhang.simulation.plot import Plot

__all__ = ["MACHINE_FAULTS", "OF_THE_MACHINE"]


def _sim_stopped(plot: Plot) -> None:
    plot.terminal.sim_state = SimState(plot.plant.how)
    plot.silence(plot.terminal, plot.in_hours(timedelta(hours=2)))
    _arrived(plot, "network_communication")


def _reader_broken(plot: Plot) -> None:
    for hours in (50, 26, 5):
        moment = plot.in_hours(timedelta(hours=hours))
        plot.happened(moment, TerminalEventKind.READ_FAILED)
    _arrived(plot, "hardware_fault")


def _tampered(plot: Plot) -> None:
    """Opened or dropped: it locked itself, and nothing was sold on it since."""
    moment = plot.in_hours(timedelta(hours=3))
    plot.silence(plot.terminal, moment)
    plot.terminal.signal = 3
    plot.terminal.last_heartbeat_at = plot.now - timedelta(minutes=2)
    plot.terminal.sign_state = SignState.LOCKED
    plot.happened(moment, TerminalEventKind.TAMPER)
    _arrived(plot, "hardware_fault")


def _not_signed_on(plot: Plot) -> None:
    """Nobody signed on today; every card is answered with 77."""
    tid, today = plot.terminal.tid, plot.today
    plot.terminal.sign_state = SignState.SIGNED_OFF
    plot.drop(lambda deal: deal.tid == tid and local_date(deal.local_at) == today)
    plot.shop.events[:] = [
        one for one in plot.shop.events if one.tid != tid or local_date(one.at) != today
    ]
    moment = plot.in_hours(timedelta(minutes=20))
    if local_date(moment) == today:
        _refused(plot, "77", moment)


def _after_update(plot: Plot) -> None:
    """Since the new version every second card is answered with the plant's code."""
    last = plot.in_hours(timedelta(minutes=40))
    updated = last - timedelta(minutes=55)
    plot.happened(updated, TerminalEventKind.UPDATED, plot.terminal.app_version)
    for ago in (34, 21):
        plot.sale(
            last - timedelta(minutes=ago),
            amount=plot.plant.amount + ago * 100,
            state=TxnState.DECLINED,
            code=plot.plant.code,
        )
    _refused(plot, plot.plant.code, last)


def _unbound(plot: Plot) -> None:
    """A machine whose serial number belongs to somebody else (§5 二清/换机)."""
    plot.terminal.bound = False
    _refused(plot, "97", plot.in_hours(timedelta(minutes=30)))


def _moved(plot: Plot) -> None:
    """Used outside its registered area (§5 移机)."""
    moment = plot.in_hours(timedelta(minutes=30))
    plot.happened(moment - timedelta(hours=3), TerminalEventKind.MOVED)
    _refused(plot, plot.plant.code, moment)


def _arrived(plot: Plot, cause: str) -> None:
    moment = plot.latest(lambda one: plot.payday(one).credited_at < plot.now)
    if moment is not None:
        plot.record("credited", cause, deal=plot.sale(moment))


def _refused(plot: Plot, code: str, moment: datetime) -> None:
    deal = plot.sale(moment, state=TxnState.DECLINED, code=code)
    plot.record("declined", deal=deal, note=code)


MACHINE_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    "sim_stopped": _sim_stopped,
    "reader_broken": _reader_broken,
    "tampered": _tampered,
    "not_signed_on": _not_signed_on,
    "after_update": _after_update,
    "unbound": _unbound,
    "moved": _moved,
}
"""How each of them is planted, by its key."""
OF_THE_MACHINE = frozenset({"sim_over_quota", "sim_stopped", "reader_broken", "tampered"})
"""Faults whose cause is found in the machine's rows, not in those of the recorded payment."""
