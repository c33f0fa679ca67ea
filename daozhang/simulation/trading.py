"""A month of ordinary business: sales, the odd decline, void and refund, sign-on and batch end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import log
from random import Random

from daozhang.clock import at, local_date
from daozhang.ledger.words import (
    CardType,
    Channel,
    Product,
    SignState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)
from daozhang.simulation.drafts import Deal, Event, Shop
from daozhang.simulation.scene import Scene

__all__ = ["do_business", "pay_with"]

_WALLETS = (Channel.WECHAT,) * 12 + (Channel.ALIPAY,) * 7 + (Channel.UNIONPAY_QR,)
_ISSUERS = (
    ("中国工商银行",) * 5 + ("中国建设银行",) * 4 + ("中国农业银行",) * 4 + ("招商银行",) * 4
    + ("中国银行",) * 3 + ("交通银行",) * 2
    + ("中国邮政储蓄银行", "中信银行", "平安银行", "浦发银行", "兴业银行", "中国光大银行")
)  # fmt: skip
_DECLINES = ("51",) * 6 + ("61", "61", "55", "55", "54", "05", "14", "57")


def do_business(shop: Shop, scene: Scene) -> None:
    """Fill the shop's deals and terminal events from `scene.days` ago up to now."""
    today = local_date(scene.now)
    for back in range(scene.days - 1, -1, -1):
        day = today - timedelta(days=back)
        rng = scene.rng("day", shop.mid, day)
        _open_and_close(shop, scene, day, rng)
        weekend = shop.trade.weekend if day.isoweekday() > 5 else 1.0
        usual = shop.trade.per_day * weekend
        for _ in range(max(0, round(rng.gauss(usual, usual**0.5)))):
            _serve(shop, scene, _moment(shop, day, rng), rng)


def pay_with(deal: Deal, rng: Random, credit_share: float) -> None:
    """Give a card deal its card: the issuer, the last four digits and its type."""
    deal.card_last4 = f"{rng.randrange(10_000):04d}"
    deal.issuer = rng.choice(_ISSUERS)
    deal.card_type = CardType.CREDIT if rng.random() < credit_share else CardType.DEBIT


def _serve(shop: Shop, scene: Scene, moment: datetime, rng: Random) -> None:
    trade = shop.trade
    terminal = rng.choice(shop.terminals)
    channel = Channel.CARD if rng.random() < trade.card else rng.choice(_WALLETS)
    raw = rng.lognormvariate(log(trade.median), trade.spread)
    deal = Deal(
        tid=terminal.tid,
        channel=channel,
        kind=TxnKind.SALE,
        amount=max(1, round(raw / trade.step)) * trade.step,
        local_at=moment,
        host_at=moment + timedelta(seconds=rng.randrange(1, 5)),
    )
    if channel is Channel.CARD:
        pay_with(deal, rng, trade.credit)
    chance, delay = rng.random(), timedelta(seconds=rng.randrange(180, 14_000))
    if moment + timedelta(seconds=6) > scene.now:
        return
    shop.deals.append(deal)
    if channel is Channel.CARD and chance < 0.025:
        deal.state, deal.response_code = TxnState.DECLINED, rng.choice(_DECLINES)
    elif chance < 0.028:
        _undo_by_itself(deal, scene)
    elif chance < 0.031:
        _take_back(shop, scene, deal, TxnKind.VOID, moment + delay / 12)
    elif chance < 0.038 and trade.per_day >= 8 and deal.amount <= 2 * trade.median:
        _take_back(shop, scene, deal, TxnKind.REFUND, moment + delay)


def _undo_by_itself(deal: Deal, scene: Scene) -> None:
    """No answer came in time; the terminal reversed the deal with the next one."""
    sent = deal.local_at + timedelta(minutes=4)
    if sent < scene.now:
        deal.state, deal.response_code = TxnState.REVERSED, "98"
        deal.host_at, deal.reversal_at, deal.reversal_code = None, sent, "00"


def _take_back(shop: Shop, scene: Scene, deal: Deal, kind: TxnKind, moment: datetime) -> None:
    """Void or refund a deal in full, unless the shop is closed by then or pays out at once."""
    moment = moment.replace(microsecond=0)
    closing = _at_hour(local_date(deal.local_at), shop.trade.hours[-1][1])
    if shop.merchant.product is Product.S0 or moment > min(
        closing, scene.now - timedelta(seconds=6)
    ):
        return
    deal.state = TxnState.VOIDED if kind is TxnKind.VOID else TxnState.REFUNDED
    shop.deals.append(
        Deal(
            tid=deal.tid,
            channel=deal.channel,
            kind=kind,
            amount=deal.amount,
            local_at=moment,
            host_at=moment + timedelta(seconds=2),
            card_last4=deal.card_last4,
            card_type=deal.card_type,
            issuer=deal.issuer,
            original=deal,
        )
    )


def _open_and_close(shop: Shop, scene: Scene, day: date, rng: Random) -> None:
    opening = _at_hour(day, shop.trade.hours[0][0])
    closing = _at_hour(day, shop.trade.hours[-1][1])
    for terminal in shop.terminals:
        for moment, kind, state in (
            (
                opening - timedelta(seconds=rng.randrange(120, 900)),
                TerminalEventKind.SIGNED_ON,
                SignState.SIGNED_ON,
            ),
            (
                closing + timedelta(seconds=rng.randrange(120, 900)),
                TerminalEventKind.BATCH_CLOSED,
                SignState.SIGNED_OFF,
            ),
        ):
            if moment < scene.now:
                shop.events.append(Event(terminal.tid, moment, kind))
                terminal.sign_state = state


def _moment(shop: Shop, day: date, rng: Random) -> datetime:
    shifts = shop.trade.hours
    shift = shifts[0] if len(shifts) == 1 else rng.choices(shifts, [b - a for a, b in shifts])[0]
    return _at_hour(day, rng.triangular(*shift))


def _at_hour(day: date, hour: float) -> datetime:
    return at(day, time.min) + timedelta(seconds=int(hour * 3600))
