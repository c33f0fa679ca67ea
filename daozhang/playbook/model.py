"""A playbook: the steps of one fix and where each may lead. Plain data, made by the loader."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

__all__ = [
    "Beginning",
    "Check",
    "Condition",
    "Ending",
    "EndingKind",
    "Exit",
    "Labels",
    "Notice",
    "Playbook",
    "Step",
]


class EndingKind(StrEnum):
    """The ways in which a playbook may end. ELSEWHERE: the trouble is another playbook's."""

    SOLVED = "solved"
    PROMISE = "promise"
    HAND_OVER = "hand_over"
    ELSEWHERE = "elsewhere"


class Exit(StrEnum):
    """A way out of a step; also how a step went, as the case records it."""

    DONE = "done"
    FAILED = "failed"
    CANNOT = "cannot"
    CONFIRMED = "confirmed"
    UNSEEN = "unseen"
    TIMEOUT = "timeout"
    REFUTED = "refuted"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Condition:
    """When something applies: `only_if` a flag is up, `unless` another is. Both may be empty."""

    only_if: str = ""
    unless: str = ""

    def holds(self, flags: Collection[str]) -> bool:
        return (not self.only_if or self.only_if in flags) and self.unless not in flags


@dataclass(frozen=True, slots=True)
class Beginning:
    """What has to be so for a playbook to be the one; what is empty need not be.

    Either a `finding` of the records (with the verdict's cause, the bank's `reason` for a refusal,
    the response `code`, or what the merchant has `told` to have done), or a `fault`: a cause that
    is told without a payment. It is offered with a button, or begun `at_once` where waiting does
    harm: while a payment is in doubt the customer may be charged twice.
    """

    finding: str = ""
    cause: str = ""
    reason: str = ""
    code: str = ""
    told: str = ""
    at_once: bool = False
    fault: str = ""
    when: Condition = Condition()

    @property
    def rank(self) -> int:
        """Of several that fit, the more particular one counts: it has more."""
        return 8 * bool(self.code) + 4 * bool(self.told) + 2 * bool(self.reason) + bool(self.cause)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said once at the start, when its condition holds."""

    say: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Labels:
    """The words on a step's buttons, where they differ from the usual ones."""

    done: str = ""
    failed: str = ""
    cannot: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What the records must show after a step, and where each answer leads.

    The merchant may say "done" `tries` times before an unseen result leads to `on_unseen`; when
    `patience` has passed since the first "done", it leads to `on_timeout`.
    """

    name: str
    seen: str
    not_yet: str
    on_confirmed: str
    on_refuted: str
    on_unseen: str
    on_timeout: str
    tries: int
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `on_done` is empty where a check decides instead of the merchant's word.

    A step whose condition does not hold is passed over to `otherwise`, saying `skipped`.
    `on_terminals` says how it is done on kinds of terminal where that differs from `how_to`. A step
    that is asked `once` is not asked where a step of its name was, in a walk that passed on to this
    one: it has not helped, and leads on as failed.
    """

    id: str
    say: str
    why: str
    how_to: str
    worked: str
    on_failed: str
    on_cannot: str
    on_done: str = ""
    check: Check | None = None
    labels: Labels = Labels()
    when: Condition = Condition()
    otherwise: str = ""
    skipped: str = ""
    once: bool = False
    on_terminals: Mapping[str, str] = field(default_factory=dict)

    def how_to_on(self, terminal: str) -> str:
        """How it is done on a kind of terminal, '' for one that is not known."""
        return self.on_terminals.get(terminal, self.how_to)

    def exits(self) -> Mapping[Exit, str]:
        """Every way out that can really be taken, with the step or ending it leads to."""
        ways = {Exit.DONE: self.on_done, Exit.FAILED: self.on_failed, Exit.CANNOT: self.on_cannot}
        if self.check is not None:
            ways[Exit.CONFIRMED] = self.check.on_confirmed
            ways[Exit.REFUTED] = self.check.on_refuted
            ways[Exit.UNSEEN] = self.check.on_unseen
            if self.check.tries > 1:
                ways[Exit.TIMEOUT] = self.check.on_timeout
        ways[Exit.OTHERWISE] = self.otherwise
        return {way: target for way, target in ways.items() if target}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a playbook ends: what the merchant hears, and `note`, what the staff reads.

    `promise` is the kind of watch that is kept, and `to` the playbook that goes on, for endings of
    those kinds.
    """

    id: str
    kind: EndingKind
    say: str
    tip: str = ""
    note: str = ""
    promise: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Playbook:
    """A fix as a graph without circles from `start` to its endings."""

    key: str
    version: int
    title: str
    start: str
    steps: Mapping[str, Step]
    endings: Mapping[str, Ending]
    opening: tuple[Notice, ...] = ()
    begins: tuple[Beginning, ...] = ()
