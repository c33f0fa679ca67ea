"""“不对，是昨天那单”: the payment told of, or walked for, was not the one that was meant."""

from __future__ import annotations

from daozhang.cases.asking import ask_detail, ask_which
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.questions import Asked, PickQuestion
from daozhang.cases.search import asked_of, search
from daozhang.cases.talk import Talk
from daozhang.cases.telling import FOLLOWS_ON, OPTIONS, look_up
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Reply

__all__ = ["corrected"]

_CORRECTABLE = {CaseStatus.INFORMED, CaseStatus.WALKING}


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
        return _which(talk, case) if case.txn_ids else []
    asked = _together(talk, case, said)
    found = search(investigation, asked, talk.now).verdicts
    same = [one.subject.ids for one in found if one.subject] == [tuple(case.txn_ids)]
    if same and case.status is CaseStatus.WALKING:
        return talk.walk(case).go_on(Input(Kind.REPEAT))
    return look_up(talk, case, asked)


def _together(talk: Talk, case: Case, said: Asked) -> Asked:
    """The correction on top of what was known; alone where nothing fits both."""
    investigation = talk.investigation
    if case.asked is None or investigation is None:
        return said
    merged = asked_of(talk.understood, Asked.model_validate(case.asked))
    found = search(investigation, merged, talk.now)
    return merged if found.verdicts and not found.relaxed else said


def _which(talk: Talk, case: Case) -> list[Reply]:
    """All that it can be, the one told of first; with no other, its amount is asked for."""
    missing = talk.investigation.missing() if talk.investigation else []
    told = tuple(case.txn_ids)
    others = [one.subject.ids for one in missing if one.subject and one.subject.ids != told]
    if not others:
        return ask_detail(talk, case, Asked())
    options = [told, *others] if told else others
    return ask_which(talk, case, PickQuestion(options=tuple(options[:OPTIONS]), asked=Asked()))
