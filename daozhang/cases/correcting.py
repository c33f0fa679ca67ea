"""“不对，是昨天那单”: the payment or the machine told of was not the one that was meant."""

from __future__ import annotations

import re

from daozhang.cases.asking import ask_detail, ask_which
from daozhang.cases.faults import ask_machine, help_with_fault, machine_named
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.questions import Asked, PickQuestion
from daozhang.cases.search import asked_of, search
from daozhang.cases.talk import PERSON, Talk, led
from daozhang.cases.telling import FOLLOWS_ON, OPTIONS, look_up, say_not_found
from daozhang.causes import Cause
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Reply

__all__ = ["corrected", "other_machine"]

_CORRECTABLE = {CaseStatus.INFORMED, CaseStatus.WALKING}

_OTHER_MACHINE = re.compile(
    "不是(?:这|那|刚才那?)一?[台部](?!.{0,3}(?:问题|毛病|事))"
    "|[说指问]的?是?(?:另外?|别的?|其他的?)那?一?[台部]"
    "|^(?:不对|不是|应该)?[，,]?是?(?:另外?|别的|其他的?)那?一?[台部](?:机器)?的?[吧啊呀了。！!]*$"
)
"""Not "不是这台机器的问题", which tells of a cause, nor "另一台也不行", which tells of both."""


def corrected(talk: Talk) -> list[Reply]:
    """Look up anew what was corrected; without details ask which payment it is.

    Nothing when there is nothing to correct.
    """
    case, investigation = talk.case, talk.investigation
    if case is None or investigation is None or case.status not in _CORRECTABLE:
        return []
    if talk.now - case.changed_at > FOLLOWS_ON:
        return []
    said = asked_of(talk.understood)
    if not (said.names_any or said.channels):
        # A walk about a machine has no payment that could be the wrong one.
        return _which(talk, case, Asked()) if case.txn_ids else []
    asked = _together(talk, case, said)
    found = search(investigation, asked, talk.now).verdicts
    if not found:
        return talk.hand_over("misses") if talk.missed(case) else _which(talk, case, asked)
    same = [one.subject.ids for one in found if one.subject] == [tuple(case.txn_ids)]
    if same and case.status is CaseStatus.WALKING:
        return talk.walk(case).go_on(Input(Kind.REPEAT))
    return look_up(talk, case, asked)


def other_machine(talk: Talk, case: Case) -> list[Reply]:
    """“不是这台” in a walk: the one that is named, the only other one, or the question which.

    Of a payment it is known on which machine it was made: then another payment is meant. Nothing
    where no other machine is spoken of.
    """
    said, investigation = talk.understood, talk.investigation
    if said.intent in PERSON or investigation is None:
        return []
    own = [one.tid for one in investigation.ledger.terminals()]
    named, other = machine_named(talk, own), bool(_OTHER_MACHINE.search(said.text))
    if not (other or (named is not None and said.intent in {"say_correct", "deny"})):
        return []
    if case.txn_ids:
        return corrected(talk)
    if case.tid is None or case.cause is None:
        return []
    walk = talk.walk(case)
    if named == case.tid:
        if not (other or _denied(case.tid, said.text)):
            same = talk.texts("machine_same", tid=case.tid)
            return led(same, walk.go_on(Input(Kind.REPEAT)))
        named = None
    others = [tid for tid in own if tid != case.tid]
    unknown = talk.texts("machine_unknown", tid=named) if named and named not in own else ""
    if not others:
        alone = unknown + talk.texts("machine_alone", tid=case.tid)
        return led(alone, walk.go_on(Input(Kind.REPEAT)))
    asked = Asked.model_validate(case.asked or {})
    cause = asked.cause or Cause(case.cause)
    if unknown or (named is None and len(others) > 1):
        return led(unknown, ask_machine(talk, case, asked, cause, others))
    asked = asked.model_copy(update={"tid": named or others[0]})
    opening = talk.texts("machine_other", tid=asked.tid)
    return led(opening, help_with_fault(talk, case, investigation, asked, cause))


def _denied(tid: str, text: str) -> bool:
    """Whether it is this number that it is not ("不是尾号0001那台")."""
    return re.search(rf"不是[^，,。；;！!就]{{0,6}}?\d*{tid[-3:]}", text) is not None


def _together(talk: Talk, case: Case, said: Asked) -> Asked:
    """The correction on top of what was known; alone where nothing fits both."""
    investigation = talk.investigation
    if case.asked is None or investigation is None:
        return said
    merged = asked_of(talk.understood, Asked.model_validate(case.asked))
    found = search(investigation, merged, talk.now)
    return merged if found.verdicts and not found.relaxed else said


def _which(talk: Talk, case: Case, sought: Asked) -> list[Reply]:
    """All that it can be, the one told of first; with no other, a detail is asked for.

    What was `sought` in vain is said before.
    """
    opening = say_not_found(talk, sought) if sought.names_any else ""
    missing = talk.investigation.missing() if talk.investigation else []
    told = tuple(case.txn_ids)
    others = [one.subject.ids for one in missing if one.subject and one.subject.ids != told]
    if not others:
        return led(opening, ask_detail(talk, case, sought))
    options = [told, *others] if told else others
    question = PickQuestion(options=tuple(options[:OPTIONS]), asked=Asked())
    return led(opening, ask_which(talk, case, question))
