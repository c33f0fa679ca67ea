"""What a rule is: one cause, what confirms it and what refutes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.facts import Evidence
from daozhang.diagnosis.machine import Machine
from daozhang.diagnosis.payment import Payment
from daozhang.diagnosis.verdict import Finding

__all__ = ["Ground", "Rule", "waits"]

_WAITS = {Finding.BEFORE_DUE, Finding.OVERDUE}


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason that the rows give. `weight` is between 0 and 1: how strongly they speak.

    `cause` is None for a circumstance that belongs to no cause of the article.
    """

    cause: Cause | None
    circumstance: Circumstance | None
    weight: float
    rows: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A cause of the article. All three are pure functions over rows already read."""

    cause: Cause
    confirms: Callable[[Payment, Finding], Iterator[Ground]]
    """Why the payment stands where it stands."""
    refutes: Callable[[Payment], tuple[Evidence, ...]]
    """Rows which rule out that this cause has to do with the arrival; none when nothing does."""
    troubles: Callable[[Machine], Iterator[Ground]]
    """What the terminal's own rows say, without a payment."""


def waits(finding: Finding) -> bool:
    """Whether money is on its ordinary way, early or late."""
    return finding in _WAITS
