"""Which playbook a verdict or a told fault leads to: playbooks say it themselves (`begins:`)."""

from __future__ import annotations

from dataclasses import dataclass

from daozhang.causes import Cause
from daozhang.diagnosis.verdict import Claim, Verdict
from daozhang.playbook.loader import load_all
from daozhang.playbook.model import Beginning
from daozhang.playbook.state import Facts

__all__ = ["Offer", "offer_for", "playbook_for_fault"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A playbook that fits, and whether it is begun without asking."""

    playbook: str
    at_once: bool


def offer_for(verdict: Verdict) -> Offer | None:
    """The playbook that the verdict leads to, the most particular one that fits.

    None where the merchant has nothing to do.
    """
    found = [
        (one.rank, key, one.at_once)
        for key, playbook in load_all().items()
        for one in playbook.begins
        if _fits(one, verdict)
    ]
    if not found:
        return None
    _, key, at_once = max(found)
    return Offer(key, at_once)


def playbook_for_fault(cause: Cause, facts: Facts) -> str:
    """The playbook for a fault told alone: the cause's own, or a narrower one that facts show."""
    narrower = (
        key
        for key, playbook in load_all().items()
        for one in playbook.begins
        if one.fault == cause and one.when.holds(facts.flags)
    )
    return next(narrower, cause.value)


def _fits(one: Beginning, verdict: Verdict) -> bool:
    refused_for = verdict.payout.fail_reason if verdict.payout else None
    return (
        one.finding == verdict.finding
        and one.cause in {"", verdict.cause}
        and one.reason in {"", refused_for}
        and one.code in {"", verdict.code}
        and (not one.told or verdict.claim == Claim(Cause(one.told), 1.0))
    )
