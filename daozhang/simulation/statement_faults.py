"""What a merchant finds on a bank statement, or does not, after the payout: DOMAIN.md §4.4, §5."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from daozhang.ledger.words import Channel, TxnKind
from daozhang.money import fee_for
from daozhang.settlement.due import Due
from daozhang.simulation.drafts import Mishap, MishapKind
from daozhang.simulation.plot import Plot

__all__ = ["STATEMENT_FAULTS"]


def _unconfirmed(plot: Plot) -> None:
    """Paid out, and the other bank has not entered it yet (§5 跨行入账慢)."""
    moment = plot.latest(lambda one: plot.payday(one).result_at < plot.now)
    if moment is not None:
        deal = plot.sale(moment, mishap=Mishap(MishapKind.UNCONFIRMED))
        plot.record("credited", deal=deal)


def _old_account(plot: Plot) -> None:
    """The card was changed after the payout was made (§5 打到旧卡)."""
    moment = plot.latest(lambda one: plot.payday(one).credited_at < plot.now)
    if moment is not None:
        last4 = f"{(int(plot.shop.merchant.account_last4) + 1357) % 10_000:04d}"
        deal = plot.sale(moment, mishap=Mishap(MishapKind.OLD_ACCOUNT, last4))
        plot.record("credited", deal=deal)


def _fee_only(plot: Plot) -> None:
    """The complaint names the fee of a whole payout (§5 手续费差额)."""
    moment = _undisturbed(plot)
    if moment is None:
        return
    deal = plot.sale(moment)
    due = plot.due(moment)
    fees = sum(
        fee_for(one.amount, plot.shop.merchant.fee_per_10k)
        for one in plot.shop.deals
        if _due(plot, one.channel, one.local_at, one.amount).due_day == due.due_day
        and one.kind is TxnKind.SALE
        and one.state == "approved"
    )
    plot.drop(lambda one: one.amount == fees)
    plot.record("credited", deal=deal, amount=fees)


def _refund_deducted(plot: Plot) -> None:
    """The complaint names what a refund in part took from a later payout (§4.4)."""
    moment = _undisturbed(plot)
    if moment is None:
        return
    plot.drop(lambda one: one.amount == plot.plant.part)
    deal = plot.sale(moment)
    sold = plot.sale(moment - timedelta(minutes=50), amount=plot.plant.part * 3)
    plot.sale(
        moment + timedelta(minutes=3), amount=plot.plant.part, kind=TxnKind.REFUND, original=sold
    )
    plot.record("credited", "insufficient_balance", deal=deal, amount=plot.plant.part)


def _chargeback(plot: Plot) -> None:
    """The issuer took arrived money back (§5 退单)."""
    moment = plot.latest(lambda one: plot.payday(one).credited_at < plot.now - timedelta(hours=6))
    if moment is None:
        return
    deal = plot.sale(moment)
    plot.sale(
        plot.now - timedelta(hours=5),
        kind=TxnKind.CHARGEBACK,
        code=plot.plant.code,
        original=deal,
    )
    plot.record("held", "insufficient_balance", deal=deal)


def _undisturbed(plot: Plot) -> datetime | None:
    """A moment whose money has come, in a shop without refunds."""
    moment = plot.latest(lambda one: plot.payday(one).credited_at < plot.now)
    plot.drop(lambda one: one.kind is TxnKind.REFUND)
    return moment


def _due(plot: Plot, channel: Channel, moment: datetime, amount: int) -> Due:
    return plot.scene.due(plot.shop, channel, moment, amount)


STATEMENT_FAULTS: Mapping[str, Callable[[Plot], None]] = {
    "unconfirmed": _unconfirmed,
    "old_account": _old_account,
    "fee_only": _fee_only,
    "refund_deducted": _refund_deducted,
    "chargeback": _chargeback,
}
"""How each of them is planted, by its key."""
