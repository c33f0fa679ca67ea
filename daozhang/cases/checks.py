"""The checks of playbooks: what the records say to a step, each a function of the scene.

None means that the records have nothing to say about it, which the engine takes as not yet seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from daozhang.cases.scene import DOUBTFUL, Scene
from daozhang.clock import local_date
from daozhang.ledger.facts import payout_failure
from daozhang.ledger.words import (
    AccountClass,
    AccountState,
    HoldState,
    PayoutState,
    SignState,
    SimState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)
from daozhang.money import format_yuan
from daozhang.playbook.state import CheckResult, Outcome
from daozhang.texts import load_texts
from daozhang.wording import say_clock, say_full_date, say_moment

__all__ = ["CHECKS"]

_NOT_YET = CheckResult(Outcome.NOT_YET)
_PAID_OUT = {PayoutState.SUCCESS, PayoutState.CREDITED}
_NEVER_TAKEN = {TxnState.DECLINED, TxnState.REVERSED}


def _seen(detail: str = "") -> CheckResult:
    return CheckResult(Outcome.CONFIRMED, detail)


def _at(moment: datetime | None) -> CheckResult:
    return _seen(say_clock(moment)) if moment else _NOT_YET


def _terminal_online(scene: Scene) -> CheckResult | None:
    if scene.terminal is None:
        return None
    heard = scene.terminal.last_heartbeat_at
    if heard is not None and heard >= scene.since:
        return _seen(say_clock(heard))
    return CheckResult(Outcome.NOT_YET, say_clock(heard) if heard else "")


def _signed_on(scene: Scene) -> CheckResult | None:
    if scene.terminal is None:
        return None
    if scene.terminal.sign_state is not SignState.SIGNED_ON:
        return _NOT_YET
    at = scene.last(TerminalEventKind.SIGNED_ON)
    return _seen(say_moment(at, scene.now) if at else "")


def _signed_on_again(scene: Scene) -> CheckResult | None:
    return _at(scene.happened(TerminalEventKind.SIGNED_ON, scene.since))


def _reversal_out(scene: Scene) -> CheckResult | None:
    txn = scene.txn
    if txn is None:
        return None
    if txn.state is TxnState.REVERSED:
        return _seen(say_clock(txn.reversal_at) if txn.reversal_at else "")
    if txn.state in DOUBTFUL - {TxnState.REVERSAL_FAILED}:
        return _NOT_YET
    return CheckResult(Outcome.REFUTED)


def _offline_uploaded(scene: Scene) -> CheckResult | None:
    return _NOT_YET if scene.stored else _seen()


def _trade_ok(scene: Scene) -> CheckResult | None:
    asked = scene.happened(TerminalEventKind.BALANCE_INQUIRY, scene.since)
    tid = scene.terminal.tid if scene.terminal else None
    taken = max((one.local_at for one in scene.collected if one.tid == tid), default=None)
    return _at(max(filter(None, (asked, taken)), default=None))


def _collected(scene: Scene) -> CheckResult | None:
    return _at(max((one.local_at for one in scene.collected), default=None))


def _batch_closed(scene: Scene) -> CheckResult | None:
    after = scene.txn.local_at if scene.txn else scene.since
    at = scene.happened(TerminalEventKind.BATCH_CLOSED, after)
    return _seen(say_moment(at, scene.now)) if at else _NOT_YET


def _version_current(scene: Scene) -> CheckResult | None:
    terminal = scene.terminal
    if terminal is None:
        return None
    newest = terminal.app_version == terminal.latest_version
    return CheckResult(Outcome.CONFIRMED if newest else Outcome.NOT_YET, terminal.app_version)


def _sim_ok(scene: Scene) -> CheckResult | None:
    terminal = scene.terminal
    if terminal is None:
        return None
    until = terminal.sim_expires_on
    expired = until is not None and until < local_date(scene.now)
    return _NOT_YET if expired or terminal.sim_state is not SimState.OK else _seen()


def _terminal_bound(scene: Scene) -> CheckResult | None:
    if scene.terminal is None:
        return None
    return _seen() if scene.terminal.bound else _NOT_YET


def _preauth_completed(scene: Scene) -> CheckResult | None:
    txn = scene.txn
    if txn is None or txn.kind is not TxnKind.PREAUTH:
        return None
    for one in scene.follow_ups:
        if one.kind is TxnKind.PREAUTH_COMPLETION and one.state is TxnState.APPROVED:
            return _seen(format_yuan(one.amount))
    if txn.state is TxnState.APPROVED:
        return _seen(format_yuan(txn.amount))
    return _NOT_YET if txn.state is TxnState.PREAUTH_OPEN else CheckResult(Outcome.REFUTED)


def _undone(scene: Scene) -> CheckResult | None:
    if scene.txn is None:
        return None
    done = {one.kind for one in scene.follow_ups if one.state is TxnState.APPROVED}
    words = load_texts("words")
    if scene.txn.state is TxnState.VOIDED or TxnKind.VOID in done:
        return _seen(words("undone_voided"))
    if scene.txn.state is TxnState.REFUNDED or TxnKind.REFUND in done:
        return _seen(words("undone_refunded"))
    return CheckResult(Outcome.REFUTED) if scene.txn.state in _NEVER_TAKEN else _NOT_YET


def _account_verified(scene: Scene) -> CheckResult | None:
    """A refusal for the limit is cured by the class alone; any other needs another account."""
    merchant, refused, words = scene.merchant, scene.refused, load_texts("words")
    if merchant.account_state is AccountState.VERIFYING:
        return CheckResult(Outcome.NOT_YET, words("account_verifying"))
    if merchant.account_state is AccountState.FAILED:
        return CheckResult(Outcome.NOT_YET, words("account_failed"))
    if merchant.account_class not in {AccountClass.I, AccountClass.PUBLIC}:
        return CheckResult(Outcome.NOT_YET, words("account_class"))
    if refused is not None:
        same = (refused.account_bank, refused.account_last4) == (
            merchant.account_bank,
            merchant.account_last4,
        )
        if same and payout_failure(refused.fail_text or "").reason != "class_limit":
            return CheckResult(Outcome.NOT_YET, words("account_same"))
    account = words("account", bank=merchant.account_bank, last4=merchant.account_last4)
    return _seen(account)


def _new_payout(scene: Scene) -> CheckResult | None:
    payout, refused = scene.payout, scene.refused
    if payout is None or payout is refused:
        return None if payout is None else _NOT_YET
    if payout.state in {PayoutState.FAILED, PayoutState.RETURNED, PayoutState.FROZEN}:
        return CheckResult(Outcome.REFUTED)
    started_anew = refused is not None or payout.state in _PAID_OUT
    return _seen(payout.no) if started_anew else _NOT_YET


def _paid_out(scene: Scene) -> CheckResult | None:
    payout = scene.payout
    if payout is None or payout.state not in _PAID_OUT:
        return None if scene.txn is None else _NOT_YET
    at = payout.credited_at or payout.result_at
    return _seen(say_moment(at, scene.now) if at else "")


def _balance_filled(scene: Scene) -> CheckResult | None:
    balance = scene.merchant.balance
    return CheckResult(Outcome.CONFIRMED if balance >= 0 else Outcome.NOT_YET, format_yuan(balance))


def _hold_in_review(scene: Scene) -> CheckResult | None:
    hold = scene.hold
    if hold is None:
        return None
    word = load_texts("words")(f"hold_{hold.state}")
    return CheckResult(Outcome.NOT_YET if hold.state is HoldState.OPEN else Outcome.CONFIRMED, word)


def _papers_valid(scene: Scene) -> CheckResult | None:
    until = scene.merchant.kyc_valid_until
    if until is None:
        return None
    valid = until >= local_date(scene.now)
    return CheckResult(Outcome.CONFIRMED if valid else Outcome.NOT_YET, say_full_date(until))


def _incident_over(scene: Scene) -> CheckResult | None:
    if not scene.incidents:
        return None
    if scene.running:
        return _NOT_YET
    ended = max(one.until for one in scene.incidents if one.until)
    return _seen(say_moment(ended, scene.now))


CHECKS: Mapping[str, Callable[[Scene], CheckResult | None]] = {
    "terminal_online": _terminal_online,
    "signed_on": _signed_on,
    "reversal_out": _reversal_out,
    "offline_uploaded": _offline_uploaded,
    "signed_on_again": _signed_on_again,
    "trade_ok": _trade_ok,
    "collected": _collected,
    "batch_closed": _batch_closed,
    "version_current": _version_current,
    "sim_ok": _sim_ok,
    "terminal_bound": _terminal_bound,
    "preauth_completed": _preauth_completed,
    "undone": _undone,
    "account_verified": _account_verified,
    "new_payout": _new_payout,
    "paid_out": _paid_out,
    "balance_filled": _balance_filled,
    "hold_in_review": _hold_in_review,
    "papers_valid": _papers_valid,
    "incident_over": _incident_over,
}
"""Every name of `playbook.vocabulary.CHECKS`."""
