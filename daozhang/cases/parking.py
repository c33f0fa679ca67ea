"""What waits while something else is in hand: walks set aside, complaints noted, the way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select

from daozhang.cases.changes import tell_changed
from daozhang.cases.faults import help_with_fault
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.questions import Asked, DetailQuestion, read_question
from daozhang.cases.search import asked_of, search
from daozhang.cases.strangers import first_prove
from daozhang.cases.talk import MONEY, Talk, led
from daozhang.cases.telling import look_up
from daozhang.playbook.rehearsals import load_walk
from daozhang.playbook.state import Input, Kind
from daozhang.playbook.turn import MAX_BUBBLES
from daozhang.replies import Button, Reply

__all__ = ["offer_return", "park", "resume", "resume_last", "second_complaint", "set_aside"]

_KEPT = timedelta(days=7)
"""For how long what waits is offered again."""
_OFFERED = 2
_QUOTED = 20
"""So many characters remind a merchant of what they said."""
_MONEY = re.compile("[钱款]|结算|入账|[几哪那这]笔")
"""Not 到账 alone: the fee for a SIM card may not be there yet either."""
_SURELY_ANOTHER = 0.6
"""How sure the bot must be of a cause before it counts as another fault than the one in hand."""


def park(talk: Talk, case: Case) -> None:
    """Set a walk aside as it stands; it is offered again when nothing else is in hand."""
    case.status, case.changed_at = CaseStatus.PARKED, talk.now


def set_aside(talk: Talk) -> None:
    """Make room for something else: a walk waits, a question is dropped."""
    if talk.case is not None and talk.case.status is CaseStatus.WALKING:
        park(talk, talk.case)
    elif talk.case is not None and talk.case.status is CaseStatus.CLARIFYING:
        talk.case.status, talk.case.question = CaseStatus.CLOSED, None


def second_complaint(talk: Talk, case: Case) -> list[Reply]:
    """Another complaint during a walk; nothing when the message is none.

    Another payment is looked at at once. Another fault without a payment is noted for afterwards.
    """
    intent, asked = talk.understood.intent, asked_of(talk.understood)
    if intent not in MONEY:
        return []
    if talk.investigation is None:
        unknown = first_prove(talk, talk.new_case(CaseStatus.PARKED), asked)
        return [*unknown, *talk.walk(case).go_on(Input(Kind.REPEAT))]
    timed = intent != "report_fault" and (asked.names_time or _fears_for_money(talk, case, asked))
    if asked.query.names_one or timed:
        if _is_in_hand(talk, case, asked):
            return talk.walk(case).go_on(Input(Kind.REPEAT))
        park(talk, case)
        return led(talk.texts("second_complaint"), look_up(talk, talk.fresh_case(), asked))
    other = asked.cause is not None and asked.cause not in talk.walk(case).about()
    if intent == "report_fault" and other and asked.cause_confidence >= _SURELY_ANOTHER:
        _note(talk, asked)
        return led(talk.texts("complaint_noted"), talk.walk(case).go_on(Input(Kind.REPEAT)))
    return []


def _fears_for_money(talk: Talk, case: Case, asked: Asked) -> bool:
    """Whether money is asked about, during a walk that is about a machine and no payment."""
    of_machine = case.tid is not None and not case.txn_ids
    return of_machine and asked.cause is None and _MONEY.search(talk.understood.text) is not None


def resume(talk: Talk, value: str) -> list[Reply]:
    """Back to the case with the id `value`, which moves here if it stands in another conversation.

    Nothing when it does not wait for this merchant.
    """
    waiting = next(
        (one for one in (*_parked(talk), *_elsewhere(talk)) if str(one.id) == value), None
    )
    if waiting is None:
        return []
    set_aside(talk)
    talk.case, waiting.conversation_id = waiting, talk.conversation_id
    if waiting.playbook_state is None:
        return _take_up(talk, waiting)
    waiting.status = CaseStatus.WALKING
    return tell_changed(talk, waiting) or talk.walk(waiting).go_on(Input(Kind.TICK))


def resume_last(talk: Talk) -> list[Reply]:
    """Back to what was set aside last, here or elsewhere, when they ask for it; else nothing."""
    waiting = [*_parked(talk), *_elsewhere(talk)]
    return resume(talk, str(waiting[0].id)) if waiting else []


def offer_return(talk: Talk, replies: Sequence[Reply]) -> list[Reply]:
    """The replies with the ways back to what waits, unless a step or a person has the word."""
    busy = talk.case is not None and talk.case.status is CaseStatus.WALKING
    if busy or any(reply.ticket for reply in replies):
        return list(replies)
    ways = tuple(_way_back(talk, one) for one in _parked(talk)[:_OFFERED])
    *before, last = replies
    ready = [*before, last.model_copy(update={"buttons": (*last.buttons, *ways)})]
    return _offer_move(talk, ready)


def _offer_move(talk: Talk, replies: Sequence[Reply]) -> list[Reply]:
    """Besides, once: to go on here with what the merchant began in another conversation.

    All buttons go under the last bubble, since newer ones take the place of older ones.
    """
    *before, last = replies
    asking = talk.case is not None and talk.case.status.is_open
    case = next((one for one in _elsewhere(talk) if one.offered_in != talk.conversation_id), None)
    if case is None or asking or len(replies) >= MAX_BUBBLES:
        return list(replies)
    case.offered_in = talk.conversation_id
    offer = Reply(text=_begun_elsewhere(talk, case), buttons=(*last.buttons, _way_back(talk, case)))
    return [*before, last.model_copy(update={"buttons": ()}), offer]


def _begun_elsewhere(talk: Talk, case: Case) -> str:
    if case.playbook is None:
        return talk.texts("noted_elsewhere", complaint=case.complaint[:_QUOTED])
    return talk.texts("walk_elsewhere", title=load_walk(case.playbook).title)


def _way_back(talk: Talk, case: Case) -> Button:
    label = talk.texts("button_resume" if case.playbook_state else "button_noted")
    return Button(id=f"resume:{case.id}", label=label)


def _parked(talk: Talk) -> Sequence[Case]:
    """What waits in this conversation, the newest first; a stranger's wishes wait for a proof."""
    return talk.session.scalars(
        _kept(talk).where(
            Case.conversation_id == talk.conversation_id,
            Case.status == CaseStatus.PARKED,
            Case.mid.is_not(None) | Case.playbook.is_not(None),
        )
    ).all()


def _elsewhere(talk: Talk) -> Sequence[Case]:
    """What this proven merchant has begun in other conversations, the newest first."""
    if talk.mid is None:
        return ()
    return talk.session.scalars(
        _kept(talk).where(
            Case.mid == talk.mid,
            Case.conversation_id != talk.conversation_id,
            Case.status.in_((CaseStatus.WALKING, CaseStatus.PARKED)),
        )
    ).all()


def _kept(talk: Talk) -> Select[tuple[Case]]:
    recent = select(Case).where(Case.changed_at >= talk.now - _KEPT)
    return recent.order_by(Case.changed_at.desc(), Case.id.desc())


def _is_in_hand(talk: Talk, case: Case, asked: Asked) -> bool:
    """Whether what was named can be the very payment that the walk is about."""
    investigation = talk.investigation
    found = search(investigation, asked, talk.now) if investigation else None
    if found is None or found.relaxed:
        return False
    return any(one.subject and set(one.subject.ids) & set(case.txn_ids) for one in found.verdicts)


def _note(talk: Talk, asked: Asked) -> None:
    """Keep a complaint for afterwards, each cause once."""
    if all(one.cause != asked.cause for one in _parked(talk)):
        noted = talk.new_case(CaseStatus.PARKED)
        noted.cause = asked.cause
        noted.question = DetailQuestion(asked=asked).model_dump(mode="json")


def _take_up(talk: Talk, case: Case) -> list[Reply]:
    """A complaint that was only noted: now it is its turn."""
    question = read_question(case.question)
    asked = question.asked if question else Asked()
    case.question, case.status = None, CaseStatus.CLARIFYING
    if talk.investigation is not None and asked.cause is not None and not case.txn_ids:
        return help_with_fault(talk, case, talk.investigation, asked, asked.cause)
    return look_up(talk, case, asked)
