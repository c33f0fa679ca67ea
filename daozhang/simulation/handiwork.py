"""The simulated merchant's hands: what doing a step changes in the ledger, as it would for real.

Each function is named after the check that looks for its trace. What cannot work changes nothing:
a terminal without a paid SIM stays offline, an unknown result is not reversed from the counter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daozhang.clock import local_date
from daozhang.ledger.models import Hold, Merchant, Payout, Terminal, TerminalEvent, Txn
from daozhang.ledger.words import (
    AccountClass,
    AccountState,
    Channel,
    HoldState,
    PayoutState,
    SimState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)
from daozhang.simulation.simulated_terminal import Action, press

__all__ = ["HANDIWORK", "Hands"]

_REFUSED = {PayoutState.FAILED, PayoutState.RETURNED}


@dataclass(frozen=True, slots=True)
class Hands:
    """Somebody in the shop at `now`, with the machine and the payment that the talk is about."""

    session: Session
    merchant: Merchant
    terminal: Terminal | None
    txn: Txn | None
    now: datetime

    def do(self, check: str) -> None:
        """Do what a step with that check asks for; nothing where no hand can do it."""
        act = HANDIWORK.get(check)
        if act is not None:
            act(self)
            self.session.flush()

    def press(self, *keys: Action) -> None:
        """Press keys of the machine, if there is one."""
        for key in keys if self.terminal else ():
            press(self.session, self.terminal.tid if self.terminal else "", key, self.now)

    def took(self, tid: str | None, channel: Channel) -> None:
        """Take a small payment."""
        self.session.add(
            Txn(
                mid=self.merchant.mid,
                tid=tid,
                channel=channel,
                kind=TxnKind.SALE,
                amount=100,
                local_at=self.now,
                state=TxnState.APPROVED,
                response_code="00",
            )
        )


def _online(hands: Hands) -> None:
    hands.press(Action.RESTART, Action.RESEAT_SIM)


def _sign_on(hands: Hands) -> None:
    hands.press(Action.SIGN_ON)


def _inquire(hands: Hands) -> None:
    hands.press(Action.BALANCE_INQUIRY)


def _collect(hands: Hands) -> None:
    hands.took(None, Channel.WECHAT)


def _upload(hands: Hands) -> None:
    if hands.terminal is None or hands.terminal.sim_state is not SimState.OK:
        return
    for stored in _of_terminal(hands, TxnState.OFFLINE_STORED):
        stored.state, stored.response_code = TxnState.APPROVED, "00"


def _of_terminal(hands: Hands, state: TxnState) -> Sequence[Txn]:
    tid = hands.terminal.tid if hands.terminal else None
    wanted = select(Txn).where(Txn.mid == hands.merchant.mid, Txn.tid == tid, Txn.state == state)
    return hands.session.scalars(wanted).all()


def _close_batch(hands: Hands) -> None:
    if hands.terminal is not None:
        kind = TerminalEventKind.BATCH_CLOSED
        hands.session.add(TerminalEvent(tid=hands.terminal.tid, at=hands.now, kind=kind))


def _update(hands: Hands) -> None:
    if hands.terminal is not None:
        hands.terminal.app_version = hands.terminal.latest_version


def _pay_for_sim(hands: Hands) -> None:
    if hands.terminal is not None:
        hands.terminal.sim_state = SimState.OK
        hands.terminal.sim_expires_on = local_date(hands.now) + timedelta(days=365)


def _bind(hands: Hands) -> None:
    if hands.terminal is not None:
        hands.terminal.bound = True


def _complete(hands: Hands) -> None:
    if hands.txn is not None and hands.txn.state is TxnState.PREAUTH_OPEN:
        hands.txn.state = TxnState.APPROVED


def _undo(hands: Hands) -> None:
    txn = hands.txn
    if txn is None or txn.state not in {TxnState.APPROVED, TxnState.PREAUTH_OPEN}:
        return
    today = local_date(txn.local_at) == local_date(hands.now)
    txn.state = TxnState.VOIDED if today else TxnState.REFUNDED
    hands.session.add(
        Txn(
            mid=txn.mid,
            tid=txn.tid,
            channel=txn.channel,
            kind=TxnKind.VOID if today else TxnKind.REFUND,
            amount=txn.amount,
            local_at=hands.now,
            state=TxnState.APPROVED,
            original_id=txn.id,
        )
    )


def _change_account(hands: Hands) -> None:
    hands.merchant.account_bank, hands.merchant.account_last4 = "招商银行", "7788"
    hands.merchant.account_class = AccountClass.I
    hands.merchant.account_state = AccountState.VERIFIED


def _pay_anew(hands: Hands) -> None:
    """The provider pays again once the account is in order; a hand in the shop only waits."""
    item = hands.txn.item if hands.txn else None
    old = item.payout if item else None
    if old is None or old.state not in _REFUSED:
        return
    if hands.merchant.account_state is not AccountState.VERIFIED:
        return
    known = select(func.count()).select_from(Payout).where(Payout.previous_no == old.no)
    if hands.session.scalar(known):
        return
    hands.session.add(
        Payout(
            no=f"{old.no}R",
            mid=old.mid,
            state=PayoutState.PAYING,
            plan_amount=old.plan_amount,
            due_at=hands.now + timedelta(days=1),
            created_at=hands.now,
            submitted_at=hands.now,
            bank_channel=old.bank_channel,
            account_bank=hands.merchant.account_bank,
            account_last4=hands.merchant.account_last4,
            previous_no=old.no,
        )
    )


def _fill_up(hands: Hands) -> None:
    hands.merchant.balance = max(hands.merchant.balance, 0)


def _hand_in(hands: Hands) -> None:
    wanted = select(Hold).where(Hold.mid == hands.merchant.mid, Hold.state == HoldState.OPEN)
    for hold in hands.session.scalars(wanted):
        hold.state = HoldState.REVIEWING


def _renew_papers(hands: Hands) -> None:
    hands.merchant.kyc_valid_until = local_date(hands.now) + timedelta(days=5 * 365)
    _hand_in(hands)


HANDIWORK: Mapping[str, Callable[[Hands], None]] = {
    "terminal_online": _online,
    "signed_on": _sign_on,
    "signed_on_again": _sign_on,
    "reversal_out": _inquire,
    "trade_ok": _inquire,
    "collected": _collect,
    "offline_uploaded": _upload,
    "batch_closed": _close_batch,
    "version_current": _update,
    "sim_ok": _pay_for_sim,
    "terminal_bound": _bind,
    "preauth_completed": _complete,
    "undone": _undo,
    "account_verified": _change_account,
    "new_payout": _pay_anew,
    "balance_filled": _fill_up,
    "hold_in_review": _hand_in,
    "papers_valid": _renew_papers,
}
"""By check. `paid_out` and `incident_over` are nobody's to do: one waits."""
