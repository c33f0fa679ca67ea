"""What the engine is given, what it keeps of a walk, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from daozhang.errors import PlaybookError

__all__ = [
    "Advance",
    "Ask",
    "CheckResult",
    "Effect",
    "Ended",
    "Facts",
    "HandOver",
    "Input",
    "Kind",
    "Outcome",
    "PassOn",
    "Promise",
    "Say",
    "Solved",
    "State",
]


class Kind(StrEnum):
    """What the merchant's turn amounts to. TICK is a look at the clock and the records without
    words: the worker's, or a merchant who comes back."""

    DONE = "done"
    FAILED = "failed"
    CANNOT = "cannot"
    YES = "yes"
    NO = "no"
    REPEAT = "repeat"
    BACK = "back"
    HOW = "how"
    WHY = "why"
    SKIP = "skip"
    STOP = "stop"
    PERSON = "person"
    LATER = "later"
    UNCLEAR = "unclear"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Input:
    """One turn; `comment` is what the merchant added to a yes, a no or a step's outcome."""

    kind: Kind
    comment: str = ""


class Outcome(StrEnum):
    """REFUTED only when the records prove that the step can no longer succeed."""

    CONFIRMED = "confirmed"
    NOT_YET = "not_yet"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the records say to a check; `detail` is a time or figure that the text can name."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The present moment and what the ledger shows, for the step that the merchant is at.

    A check that is missing is not yet seen, a value that is missing gets a neutral word. `terminal`
    is the kind of terminal (TERMINALS), empty when it is not known.
    """

    now: datetime
    checks: Mapping[str, CheckResult] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    terminal: str = ""


class Ended(StrEnum):
    """How a walk ended. STOPPED is the merchant's own wish; nothing was found out."""

    SOLVED = "solved"
    PROMISE = "promise"
    HAND_OVER = "hand_over"
    ELSEWHERE = "elsewhere"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class State:
    """Where one walk through one version of a playbook stands.

    `history` holds the steps that were shown before the present one, `tried` every step with how
    it went, `notes` what the merchant added to it. `tries` and `waiting_since` count the "done"s
    that the records do not show yet. `misses` counts turns in a row that were not understood.
    `passed` holds the playbooks that were walked before and passed on, `asked_before` their steps
    that were shown; `tried`, `notes` and `turns` go on from them.
    """

    playbook: str
    version: int
    step: str
    entered_at: datetime
    history: tuple[str, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    tries: int = 0
    waiting_since: datetime | None = None
    misses: int = 0
    turns: int = 0
    ended: Ended | None = None
    ending: str = ""
    passed: tuple[str, ...] = ()
    asked_before: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The state as JSON text; moments are ISO 8601 with their offset."""
        return json.dumps(asdict(self), ensure_ascii=False, default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The state that `to_json` wrote. Raises PlaybookError when the text is none."""
        try:
            kept = json.loads(text)
            since, ended = kept["waiting_since"], kept["ended"]
            moments = {
                "entered_at": datetime.fromisoformat(kept["entered_at"]),
                "waiting_since": None if since is None else datetime.fromisoformat(since),
            }
            pairs = {name: tuple((a, b) for a, b in kept[name]) for name in ("tried", "notes")}
            rest = {
                "history": tuple(kept["history"]),
                "passed": tuple(kept.get("passed", ())),
                "asked_before": tuple(kept.get("asked_before", ())),
                "ended": None if ended is None else Ended(ended),
            }
            return cls(**(kept | moments | pairs | rest))
        except (ValueError, KeyError, TypeError) as error:
            raise PlaybookError(f"存下的步骤状态读不出来（{error}），请转人工处理这一单") from None


@dataclass(frozen=True, slots=True)
class Say:
    """A bubble."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The bubble with the step to do; `buttons` are pairs of id and label."""

    step_id: str
    text: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """Ends the walk: something will be watched, and the merchant told (`kind`: PROMISES)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Ends the walk: a person takes over. `reason` is a key, `note` is for the staff."""

    reason: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Solved:
    """Ends the walk: the trouble is gone."""

    text: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """Ends the walk: the trouble is one that `playbook` is for, which is to be started now."""

    playbook: str
    text: str


type Effect = Say | Ask | Promise | HandOver | Solved | PassOn


@dataclass(frozen=True, slots=True)
class Advance:
    """The state after a turn and what to do, in order; one to three effects, each with a text."""

    state: State
    effects: tuple[Effect, ...]
