"""What the ledger says to a playbook: checks, flags and values for the step a walk is at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daozhang.cases.checks import CHECKS
from daozhang.cases.scene import Scene, look
from daozhang.cases.signs import FLAGS
from daozhang.cases.terminals import kind_of
from daozhang.clock import local_date
from daozhang.diagnosis.investigation import Investigation
from daozhang.ledger.models import Hold, Terminal, Txn
from daozhang.money import fee_for, format_yuan
from daozhang.playbook.state import Facts
from daozhang.texts import load_texts
from daozhang.wording import say_day, say_full_date, say_moment

__all__ = ["facts_for"]


def facts_for(
    investigation: Investigation,
    txn_ids: Sequence[int],
    since: datetime,
    *,
    tid: str | None = None,
    reminder_on: bool = False,
) -> Facts:
    """The facts for a walk about these payments, whose present step was entered at `since`.

    The payments may be none: then it is about the terminal `tid`, or the one that is worst off.
    """
    scene = look(investigation, txn_ids, since, tid=tid, reminder_on=reminder_on)
    checks = {name: result for name, check in CHECKS.items() if (result := check(scene))}
    flags = frozenset(name for name, holds in FLAGS.items() if holds(scene))
    terminal = kind_of(scene.terminal.model) if scene.terminal else ""
    return Facts(investigation.now, checks, _values(scene), flags, terminal)


def _values(scene: Scene) -> dict[str, str]:
    """What texts may name; empty where the ledger does not know it."""
    merchant, notice = scene.merchant, scene.notice
    values = {
        "bank": merchant.account_bank,
        "account_last4": merchant.account_last4,
        "balance": format_yuan(merchant.balance),
        "min_payout": format_yuan(merchant.min_payout) if merchant.min_payout else "",
    }
    if merchant.instant_cap_single is not None:
        values["instant_cap"] = format_yuan(merchant.instant_cap_single)
    if merchant.kyc_valid_until is not None:
        values["papers_until"] = say_full_date(merchant.kyc_valid_until)
    told = [one.public_text for one in scene.running if one.public_text]
    if told:
        values["incident_text"] = told[0]
    if notice is not None:
        day = say_full_date(notice.effective_on)
        values["notice"] = load_texts("words")("notice", title=notice.title, day=day)
    if scene.txn is not None:
        values |= _of_payment(scene, scene.txn)
    if scene.terminal is not None:
        values |= _of_terminal(scene.terminal, scene.now)
    if scene.hold is not None:
        values |= _of_hold(scene.hold, scene.now)
    return values


def _of_payment(scene: Scene, txn: Txn) -> dict[str, str]:
    item, payout = txn.item, scene.refused or scene.payout
    net = item.net if item else txn.amount - fee_for(txn.amount, scene.merchant.fee_per_10k)
    values = {
        "amount": format_yuan(txn.amount),
        "txn_time": say_moment(txn.local_at, scene.now),
        "card_last4": txn.card_last4 or "",
        "ref_no": txn.ref_no or "",
        "net": format_yuan(net),
        "due": say_moment(scene.due_at, scene.now, dated=True) if scene.due_at else "",
    }
    if payout is not None:
        values |= {"payout_no": payout.no, "fail_text": payout.fail_text or ""}
    return values


def _of_terminal(terminal: Terminal, now: datetime) -> dict[str, str]:
    expires = terminal.sim_expires_on
    return {
        "tid": terminal.tid,
        "model": terminal.model,
        "signal": str(terminal.signal),
        "sim_expires": say_day(expires, local_date(now)) if expires else "",
        "version": terminal.app_version,
        "latest": terminal.latest_version,
        "sn_last4": terminal.sn[-4:],
    }


def _of_hold(hold: Hold, now: datetime) -> dict[str, str]:
    words = load_texts("words")
    names = (
        words(f"material_{one}") if f"material_{one}" in words else one for one in hold.materials
    )
    return {
        "materials": words("list_separator").join(names),
        "review": say_moment(hold.review_due, now, dated=True) if hold.review_due else "",
    }
