"""Words at which nothing else matters: fraud, distress, threats, complaints (DOMAIN.md §8).

They come before the case and before any step: one short answer, and a person sooner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from daozhang.cases.models import CaseStatus
from daozhang.cases.talk import Talk
from daozhang.cases.tickets import open_ticket, ticket_card
from daozhang.cases.walk import steps_tried
from daozhang.errors import ConfigError
from daozhang.replies import Reply
from daozhang.settings import ROOT

__all__ = ["Alarm", "alarm_in", "load_alarms", "sound_alarm"]


class Alarm(BaseModel):
    """One kind of alarm; a ticket with more `priority` is taken sooner, 0 being the usual."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = ""
    priority: int = Field(ge=1, le=9)
    patterns: tuple[re.Pattern[str], ...] = Field(min_length=1)


def sound_alarm(talk: Talk) -> list[Reply]:
    """The short answer and a ticket with priority; nothing where no such word was said."""
    alarm = None if talk.understood.choice else alarm_in(talk.understood.text)
    if alarm is None:
        return []
    done = talk.case is None or talk.case.status in {CaseStatus.SOLVED, CaseStatus.CLOSED}
    case = talk.fresh_case() if done or talk.case is None else talk.case
    notes = [*steps_tried(case), talk.texts("ticket_last_words", text=talk.understood.text)]
    ticket = open_ticket(talk.session, case, alarm.kind, talk.now, notes, alarm.priority)
    card = ticket_card(talk.session, ticket, talk.now)
    return [Reply(text=talk.texts(f"alarm_{alarm.kind}"), ticket=card)]


def alarm_in(text: str) -> Alarm | None:
    """The first kind of alarm that the words give cause for."""
    words = re.sub(r"\s", "", text)
    return next(
        (one for one in load_alarms() if any(pattern.search(words) for pattern in one.patterns)),
        None,
    )


@cache
def load_alarms() -> Sequence[Alarm]:
    """`data/facts/alarm_words.yml` from its top. Raises ConfigError when it is wrong."""
    path = ROOT / "data" / "facts" / "alarm_words.yml"
    try:
        table = _TABLE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"data/facts/{path.name} 不对：{error}") from None
    return [alarm.model_copy(update={"kind": kind}) for kind, alarm in table.items()]


_TABLE = TypeAdapter(dict[str, Alarm])
