"""What has changed in the records while a playbook is walked: said at the next turn."""

from __future__ import annotations

from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.playbooks import offer_for
from daozhang.cases.talk import Talk, led
from daozhang.cases.telling import tell_verdict
from daozhang.cases.walk import keep_verdict
from daozhang.diagnosis.render import tell
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Reply

__all__ = ["tell_changed"]


def tell_changed(talk: Talk, case: Case) -> list[Reply]:
    """What the records show anew of the walk's payments; nothing when nothing has changed.

    A step that waits for just this goes on. A walk that still fits hears the news and stays where
    it is; one that the change has made moot ends with the new verdict.
    """
    investigation = talk.investigation
    verdict = talk.verdict(case) if case.txn_ids else None
    if investigation is None or verdict is None or verdict.finding == case.finding:
        return []
    walk, offer, opening = talk.walk(case), offer_for(verdict), talk.texts("step_moot")
    if walk.answered():
        keep_verdict(case, verdict)
        return walk.go_on(Input(Kind.TICK))
    if offer is not None and offer.playbook == case.playbook:
        keep_verdict(case, verdict)
        news = tell(verdict, talk.now)
        return led(opening, [news[0], *walk.go_on(Input(Kind.REPEAT))])
    told = led(opening, tell_verdict(talk, case, verdict))
    if verdict.settled and case.status is CaseStatus.INFORMED:
        case.status = CaseStatus.SOLVED
    return told
