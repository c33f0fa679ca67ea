"""The merchant's words choose what to look into, also where the records point elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import yaml
from pydantic import TypeAdapter, ValidationError

from daozhang.cases.faults import help_with_fault
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.parking import set_aside
from daozhang.cases.questions import Asked, DetailQuestion
from daozhang.cases.search import asked_of
from daozhang.cases.talk import PERSON, Talk, led
from daozhang.cases.telling import FOLLOWS_ON
from daozhang.cases.walk import outcome_told
from daozhang.causes import Cause
from daozhang.errors import ConfigError
from daozhang.replies import Reply
from daozhang.settings import ROOT

__all__ = ["choose", "load_choices"]

_WANTS = re.compile(
    "(?:(?:带我|帮我|教我|陪我|想先|[我就]先|我要|我想).{0,8}?|还是[^不没了过，,。；;！!\\s]{0,8}?)"
    "(?:弄|修|查|看|试)(?!过|不[了到好出开])"
)
"""Not "还是看不到信号", nor "还是不行，试过了": that tells how something went."""
_MONEY = re.compile("[钱账帐款笔]")
"""Who wants to have money looked at means a payment."""


def choose(talk: Talk) -> list[Reply]:
    """The walk for the cause that they want to look into: what is checked, why, and its first step.

    What the records point to is not lost: it waits, and is offered again. Nothing when the message
    chooses nothing, or what is in hand already.
    """
    cause, investigation = _chosen(talk), talk.investigation
    if cause is None or investigation is None:
        return []
    case = talk.case
    if case is not None and case.status is CaseStatus.WALKING:
        in_hand = cause in {case.cause, case.playbook}
        if in_hand or outcome_told(talk.understood.text) is not None:
            return []
    opening = talk.texts(f"choose_{cause}")
    if case is not None and _points_elsewhere(talk, case, cause):
        case.status, case.changed_at = CaseStatus.PARKED, talk.now
        asked = Asked.model_validate(case.asked or {})
        case.question = DetailQuestion(asked=asked).model_dump(mode="json")
        opening += talk.texts("choose_then")
    set_aside(talk)
    talk.case = talk.new_case(CaseStatus.CLARIFYING)
    asked = Asked(cause=cause, cause_confidence=1.0)
    help_ = help_with_fault(talk, talk.case, investigation, asked, cause, chosen=True)
    return led(opening, help_)


def _chosen(talk: Talk) -> Cause | None:
    said = talk.understood
    if said.choice is not None or said.intent in PERSON:
        return None
    if not _WANTS.search(said.text) or _MONEY.search(said.text):
        return None
    asked = asked_of(said)
    return None if asked.names_any else asked.cause or _named_in(said.text)


def _named_in(text: str) -> Cause | None:
    """The cause one of whose words is said."""
    words = load_choices()
    return next((cause for cause in words if any(one in text for one in words[cause])), None)


@cache
def load_choices() -> Mapping[Cause, list[str]]:
    """`data/facts/choices.yml` from its top. Raises ConfigError when it is wrong."""
    path = ROOT / "data" / "facts" / "choices.yml"
    try:
        return _TABLE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"data/facts/{path.name} 不对：{error}") from None


def _points_elsewhere(talk: Talk, case: Case, cause: Cause) -> bool:
    """Whether the verdict that was just told is about something else that is still to be done."""
    recent = talk.now - case.changed_at <= FOLLOWS_ON
    told = case.status is CaseStatus.INFORMED and case.playbook is None and bool(case.txn_ids)
    return told and recent and case.cause != cause


_TABLE = TypeAdapter(dict[Cause, list[str]])
