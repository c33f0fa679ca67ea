"""Faults on the way to the merchant's bank: not due, held, refused, returned, late, short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from daozhang.ledger.words import AccountState, HoldKind, TxnKind, TxnState
from daozhang.settlement.due import Due, Reason
from daozhang.simulation.drafts import Mishap, MishapKind
from daozhang.simulation.plot import Plot
from daozhang.simulation.settling import returned_after
from daozhang.texts import load_texts

__all__ = ["PAYOUT_FAULTS"]

_FRIDAY = 5


def _on_its_way(plot: Plot, cause: str | None = None) -> None:
    def comes(moment: datetime) -> bool:
        return min(plot.due(moment).due_at, plot.payday(moment).credited_at) > plot.now

    newest = plot.in_hours(timedelta(minutes=10))
    moment = plot.latest(comes, yesterday_first=True) or (newest if comes(newest) else None)
    if moment is not None:
        cause = cause or _rule_behind(plot.due(moment))
        plot.record("not_yet_due", cause, deal=plot.sale(moment))


def _rule_behind(due: Due) -> str | None:
    """The cause that makes an ordinary due time a long one (DOMAIN.md §4.3, LANGUAGE.md)."""
    if {Reason.AFTER_CUTOFF, Reason.HOLIDAY} & set(due.reasons):
        return "clearing_delay"
    return "bank_rules" if Reason.WEEKEND in due.reasons else None


def _over_instant_cap(plot: Plot) -> None:
    _on_its_way(plot, "platform_restriction")


def _new_merchant(plot: Plot) -> None:
    _on_its_way(plot, "bank_rules")


def _after_cutoff(plot: Plot) -> None:
    """Last Friday night: due on Monday, or credited when that is over."""
    moment = plot.latest(lambda one: one.isoweekday() == _FRIDAY)
    if moment is None:
        return
    deal = plot.sale(moment)
    if plot.payday(moment).credited_at <= plot.now:
        plot.record("credited", deal=deal)
    else:
        plot.record("not_yet_due", "clearing_delay", deal=deal)


def _credited(plot: Plot) -> None:
    moment = plot.latest(lambda one: plot.payday(one).credited_at < plot.now)
    if moment is not None:
        plot.record("credited", deal=plot.sale(moment))


def _partial(plot: Plot) -> None:
    moment = plot.latest(lambda one: plot.payday(one).credited_at < plot.now)
    if moment is None:
        return
    deal = plot.sale(moment, mishap=Mishap(MishapKind.SHORTENED, part=plot.plant.part))
    plot.record("credited", "insufficient_balance", deal=deal, amount=plot.plant.part)


def _payout_failed(plot: Plot) -> None:
    moment = plot.latest(lambda one: plot.payday(one).result_at < plot.now)
    if moment is None:
        return
    deal = plot.sale(moment, mishap=Mishap(MishapKind.REFUSED, plot.plant.text))
    plot.record("payout_failed", deal=deal, note=plot.plant.text)


def _payout_returned(plot: Plot) -> None:
    moment = plot.latest(lambda one: returned_after(plot.due(one).due_day) < plot.now)
    if moment is None:
        return
    plot.shop.merchant.account_state = AccountState.FAILED
    deal = plot.sale(moment, mishap=Mishap(MishapKind.RETURNED, plot.plant.text))
    plot.record("payout_failed", deal=deal, note=plot.plant.text)


def _overdue(plot: Plot) -> None:
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is not None:
        deal = plot.sale(moment, mishap=Mishap(MishapKind(plot.plant.how)))
        plot.record("overdue", deal=deal, note=plot.plant.how)


def _held(plot: Plot) -> None:
    moment = plot.before(plot.now - timedelta(hours=20))
    if moment is None:
        return
    deal = plot.sale(moment)
    kind = HoldKind(plot.plant.how or HoldKind.DOCUMENT_REQUEST)
    materials = load_texts("simulation")("materials_of_sale")
    plot.hold(kind, moment + timedelta(minutes=24), materials, deal)
    plot.record("held", "platform_restriction", deal=deal, note=kind)


def _kyc_expired(plot: Plot) -> None:
    """The licence ran out, so the whole settlement was suspended."""
    plot.shop.merchant.kyc_valid_until = plot.today - timedelta(days=24)
    plot.suspend(16, load_texts("simulation")("materials_of_kyc"), "regulation_change")


def _negative_balance(plot: Plot) -> None:
    """A refund larger than several days' takings: nothing is paid out until they fill it."""
    moment = plot.latest(lambda one: plot.due(one).due_at < plot.now)
    if moment is None:
        return
    deal = plot.sale(moment)
    sold = plot.sale(
        moment - timedelta(days=12, minutes=90),
        amount=plot.plant.part,
        state=TxnState.REFUNDED,
    )
    plot.sale(
        moment - timedelta(minutes=47),
        amount=plot.plant.part,
        kind=TxnKind.REFUND,
        original=sold,
    )
    plot.record("overdue", "insufficient_balance", deal=deal)


def _bank_incident(plot: Plot) -> None:
    """The bank that is down has the payout and does not answer; the due time is over."""

    def waits(moment: datetime) -> bool:
        payday = plot.payday(moment)
        return payday.submitted_at < plot.now < payday.result_at

    overdue = plot.latest(lambda one: waits(one) and plot.due(one).due_at < plot.now)
    moment = overdue or plot.latest(waits)
    if moment is not None:
        outcome = "overdue" if overdue else "not_yet_due"
        plot.record(outcome, "bank_outage", deal=plot.sale(moment))


def _several_unpaid(plot: Plot) -> None:
    """Exactly three payments that have not come, each for another reason."""
    shop, scene = plot.shop, plot.scene

    def unpaid(moment: datetime) -> bool:
        return plot.payday(moment).credited_at > plot.now

    plot.drop(
        lambda deal: (
            scene.payday(
                shop, scene.due(shop, deal.channel, deal.local_at, deal.amount), deal.local_at
            ).credited_at
            > plot.now
        )
    )
    _on_its_way(plot)
    late = plot.latest(lambda one: plot.due(one).due_at < plot.now, "11:30")
    if late is not None:
        deal = plot.sale(late, amount=428_000, mishap=Mishap(MishapKind.MISSING))
        plot.record("overdue", deal=deal)
    deposit = plot.before(plot.now - timedelta(days=2), "11:05")
    if deposit is not None:
        deal = plot.sale(deposit, amount=200_000, kind=TxnKind.PREAUTH, state=TxnState.PREAUTH_OPEN)
        plot.record("not_yet_due", "procedure_not_followed", deal=deal)


PAYOUT_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    "not_yet_due": _on_its_way,
    "over_instant_cap": _over_instant_cap,
    "new_merchant": _new_merchant,
    "after_cutoff": _after_cutoff,
    "credited": _credited,
    "partial": _partial,
    "payout_failed": _payout_failed,
    "payout_returned": _payout_returned,
    "overdue": _overdue,
    "held": _held,
    "kyc_expired": _kyc_expired,
    "negative_balance": _negative_balance,
    "bank_incident": _bank_incident,
    "several_unpaid": _several_unpaid,
}
"""How each fault on the way of the money is planted, by its key."""
