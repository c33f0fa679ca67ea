"""Faults that a rule, a limit or a disturbance makes (DOMAIN.md §2.4, §2.5, §4, §5).

For payments that the proof plants besides the town's own `payout_faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from daozhang.clock import at, local_date
from daozhang.ledger.words import (
    AccountState,
    SignState,
    TerminalEventKind,
)
from daozhang.settlement.due import Reason
from daozhang.simulation.drafts import Mishap, MishapKind
from daozhang.simulation.plot import Plot
from daozhang.texts import load_texts

__all__ = ["RULE_FAULTS"]

_LARGE_VALUE_OPENS = time(20, 30)
"""On the evening before a working day."""
_FROM_NEXT_PAYDAY = Mishap(MishapKind.MISSING)


def _instant_closed(plot: Plot) -> None:
    moment = plot.latest(lambda one: plot.due(one).due_at > plot.now)
    if moment is not None and Reason.INSTANT_WINDOW_CLOSED in plot.due(moment).reasons:
        plot.record("not_yet_due", "platform_restriction", deal=plot.sale(moment))


def _slow_card(plot: Plot) -> None:
    """A debit card at an instant shop: it comes with the ordinary cycle."""
    moment = plot.in_hours(timedelta(minutes=45))
    if Reason.INSTANT in plot.due(moment).reasons:
        deal = plot.sale(moment, mishap=Mishap(MishapKind.SLOW_CARD))
        plot.record("not_yet_due", "bank_rules", deal=deal)


def _large_waits(plot: Plot) -> None:
    """A payout of a day of rest, above the ceilings of the channels that are open then."""
    working_day = plot.scene.calendar.working_day
    if working_day(plot.today).working:
        return
    moment = plot.latest(
        lambda one: plot.due(one).due_day == plot.today and plot.payday(one).submitted_at < plot.now
    )
    works_tomorrow = working_day(plot.today + timedelta(days=1)).working
    if moment is not None and not (
        works_tomorrow and plot.now >= at(plot.today, _LARGE_VALUE_OPENS)
    ):
        deal = plot.sale(moment, mishap=Mishap(MishapKind.STUCK))
        plot.record("not_yet_due", "bank_rules", deal=deal)


def _disturbed(plot: Plot) -> None:
    """A disturbance of the scene has the payout wait; the plant's cause says of which kind."""

    def waits(moment: datetime) -> bool:
        payday = plot.payday(moment)
        return payday.submitted_at < plot.now < payday.result_at

    moment = plot.latest(waits)
    if moment is not None:
        outcome = "overdue" if plot.due(moment).due_at < plot.now else "not_yet_due"
        plot.record(outcome, deal=plot.sale(moment))


def _account_verifying(plot: Plot) -> None:
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is not None:
        plot.shop.merchant.account_state = AccountState.VERIFYING
        _stop_paying(plot, moment)
        plot.record("overdue", "bank_rules", deal=plot.sale(moment, mishap=_FROM_NEXT_PAYDAY))


def _papers_expired(plot: Plot) -> None:
    """The licence ran out and nothing was paid since, without a hold on record."""
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is not None:
        plot.shop.merchant.kyc_valid_until = local_date(moment) - timedelta(days=1)
        _stop_paying(plot, moment)
        deal = plot.sale(moment, mishap=_FROM_NEXT_PAYDAY)
        plot.record("overdue", "regulation_change", deal=deal)


def _suspended(plot: Plot) -> None:
    """The whole settlement is stopped while the papers are in order."""
    plot.suspend(5, load_texts("simulation")("materials_of_sale"), "platform_restriction")


def _below_minimum(plot: Plot) -> None:
    """One small sale after days without any: it accumulates until there is enough to pay."""
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is not None:
        plot.shop.merchant.min_payout = plot.plant.part
        first = plot.due(moment).due_day
        plot.drop(
            lambda deal: (
                plot.scene.due(plot.shop, deal.channel, deal.local_at, deal.amount).due_day >= first
            )
        )
        plot.record("not_yet_due", "insufficient_balance", deal=plot.sale(moment))


def _batch_open(plot: Plot) -> None:
    """The batch was last closed days ago, so that nothing since then is in the clearing file."""
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is None:
        return
    closed, terminal = at(local_date(moment) - timedelta(days=1), time(21)), plot.terminal
    plot.shop.events[:] = [
        one
        for one in plot.shop.events
        if one.tid != terminal.tid or one.kind is not TerminalEventKind.BATCH_CLOSED
    ]
    plot.happened(closed, TerminalEventKind.BATCH_CLOSED)
    terminal.sign_state = SignState.SIGNED_ON
    absent = Mishap(MishapKind.NOT_IN_FILE)
    for deal in plot.shop.deals:
        if deal.tid == terminal.tid and deal.local_at > closed and not deal.planted:
            deal.mishap = absent
    deal = plot.sale(moment, mishap=absent)
    plot.record("overdue", "procedure_not_followed", deal=deal)


def _mistyped(plot: Plot) -> None:
    """A card payment of today that the merchant says is wrong: it can still be voided."""
    moment = plot.in_hours(timedelta(minutes=15))
    closed = any(
        one.kind is TerminalEventKind.BATCH_CLOSED and one.at > moment for one in plot.shop.events
    )
    if local_date(moment) == plot.today and not closed and plot.due(moment).due_at > plot.now:
        plot.record("not_yet_due", "wrong_transaction_info", deal=plot.sale(moment))


def _stop_paying(plot: Plot, moment: datetime) -> None:
    """Nothing that is due with that moment's money or later has a payout."""
    scene, shop, first = plot.scene, plot.shop, plot.due(moment).due_day
    for deal in shop.deals:
        if scene.due(shop, deal.channel, deal.local_at, deal.amount).due_day >= first:
            deal.mishap = _FROM_NEXT_PAYDAY


RULE_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    "instant_closed": _instant_closed,
    "slow_card": _slow_card,
    "large_waits": _large_waits,
    "disturbed": _disturbed,
    "account_verifying": _account_verifying,
    "papers_expired": _papers_expired,
    "suspended": _suspended,
    "below_minimum": _below_minimum,
    "batch_open": _batch_open,
    "mistyped": _mistyped,
}
"""How each of them is planted, by its key."""
