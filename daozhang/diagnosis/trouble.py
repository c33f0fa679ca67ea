"""What is wrong with a machine, where the complaint names no payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.judging import BEYOND_WORDS
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.rules import RULES
from daozhang.diagnosis.verdict import Claim

__all__ = ["Trouble", "troubles_of"]

_PRIOR = 0.3
"""What the merchant sees with their own eyes counts for more here, but the rows still lead."""
_FOR_A_PERSON = {Circumstance.LOCKED, Circumstance.UNBOUND}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One cause that a machine's own rows speak for."""

    tid: str
    cause: Cause
    circumstance: Circumstance | None
    confidence: float
    evidence: tuple[Evidence, ...]
    doubtful: int
    """How many payments of the week got no answer."""
    money_late: bool
    """Whether anything approved on this machine is overdue: mostly it is not, and that is news."""
    claim: Claim | None
    claim_fits: bool | None
    playbook: str | None
    needs_person: bool


def troubles_of(machine: Machine, claim: Claim | None, *, money_late: bool) -> Sequence[Trouble]:
    """The strongest ground of each cause. A claimed cause gains, and can win between equals."""
    best: dict[Cause, Trouble] = {}
    for cause, rule in RULES.items():
        for ground in rule.troubles(machine):
            prior = _PRIOR * claim.confidence if claim and claim.cause is cause else 0.0
            trouble = Trouble(
                machine.terminal.tid,
                cause,
                ground.circumstance,
                max(ground.weight, min(ground.weight + prior, BEYOND_WORDS)),
                ground.rows,
                len(machine.timed_out),
                money_late,
                claim,
                None if claim is None else claim.cause is cause,
                None if ground.circumstance in _FOR_A_PERSON else cause,
                _for_a_person(ground.circumstance, ground.rows),
            )
            known = best.get(cause)
            if known is None or trouble.confidence > known.confidence:
                best[cause] = trouble
    return list(best.values())


def _for_a_person(circumstance: Circumstance | None, rows: Sequence[Evidence]) -> bool:
    """A locked or unbound machine, and a version that fails on many machines."""
    crowd = any(row.table == "terminals" and "same codes" in row.fact for row in rows)
    return circumstance in _FOR_A_PERSON or crowd
