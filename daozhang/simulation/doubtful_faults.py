"""Faults that leave a payment's result open, or undo it (DOMAIN.md §4.1, §5).

For payments that the proof plants besides the town's own `counter_faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from daozhang.ledger.words import TerminalEventKind, TxnState
from daozhang.simulation.drafts import Mishap, MishapKind
from daozhang.simulation.plot import Plot

__all__ = ["DOUBTFUL_FAULTS"]


def _no_answer(plot: Plot) -> None:
    """No final result; the plant's code tells whose answer was missing, if any came at all."""
    code = plot.plant.code or None
    deal = plot.sale(
        plot.in_hours(timedelta(minutes=35)), state=TxnState.UNKNOWN, code=code, answered=False
    )
    if not code:
        plot.happened(deal.local_at - timedelta(seconds=20), TerminalEventKind.HEARTBEAT_LOST)
        plot.happened(deal.local_at + timedelta(minutes=7), TerminalEventKind.HEARTBEAT_BACK)
    plot.record("outcome_unknown", deal=deal, note=plot.plant.code)


def _nothing_printed(plot: Plot) -> None:
    """The slip jammed, and the machine forgot what the host had said."""
    moment = plot.in_hours(timedelta(minutes=35))
    deal = plot.sale(moment, state=TxnState.UNKNOWN, code=None)
    plot.happened(moment + timedelta(seconds=9), TerminalEventKind.PRINT_FAILED)
    plot.record("outcome_unknown", "hardware_fault", deal=deal)


def _one_sided(plot: Plot) -> None:
    """Charged without a slip and in nobody's file: the customer gets it back."""
    moment = plot.before(plot.now - timedelta(days=3))
    if moment is not None:
        deal = plot.sale(moment, state=TxnState.UNKNOWN, code=None, answered=False)
        plot.record("outcome_unknown", deal=deal)


def _long_in_file(plot: Plot) -> None:
    moment = plot.before(plot.now - timedelta(days=2))
    if moment is not None:
        deal = plot.sale(
            moment,
            state=TxnState.UNKNOWN,
            code="68",
            answered=False,
            mishap=Mishap(MishapKind.LONG),
        )
        plot.record("outcome_unknown", "clearing_delay", deal=deal)


def _reversed(plot: Plot) -> None:
    moment = plot.in_hours(timedelta(minutes=50))
    deal = plot.sale(moment, state=TxnState.REVERSED, code="98", answered=False)
    deal.reversal_at, deal.reversal_code = moment + timedelta(minutes=4), "00"
    plot.record("declined", deal=deal)


def _defective_success(plot: Plot) -> None:
    """Approved with a flaw: the issuer enters it days later, and nobody is paid before."""
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is not None:
        deal = plot.sale(moment, code=plot.plant.code, mishap=Mishap(MishapKind.MISSING))
        plot.record("overdue", "clearing_delay", deal=deal)


DOUBTFUL_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    "no_answer": _no_answer,
    "nothing_printed": _nothing_printed,
    "one_sided": _one_sided,
    "long_in_file": _long_in_file,
    "reversed": _reversed,
    "defective_success": _defective_success,
}
"""How each of them is planted, by its key."""
