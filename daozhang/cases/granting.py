"""Granting a wish: a reminder is kept and what was open stands again, or a rehearsal begins."""

from __future__ import annotations

from daozhang.cases.asking import ask_again
from daozhang.cases.models import CaseStatus
from daozhang.cases.parking import resume_last, set_aside
from daozhang.cases.questions import Asked
from daozhang.cases.reminders import MOST, reminder_of, set_reminder, stop_reminder
from daozhang.cases.strangers import first_prove
from daozhang.cases.talk import Talk, led
from daozhang.cases.wishes import Wish, WishKind, wish_in
from daozhang.ledger.models import Merchant
from daozhang.money import format_yuan
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Reply

__all__ = ["REHEARSAL", "grant_wish"]

REHEARSAL = "counter"


def grant_wish(talk: Talk) -> list[Reply]:
    """What becomes of the wish; nothing when the message is none."""
    wish = wish_in(talk.understood)
    if wish is None:
        return []
    if wish.kind is WishKind.REHEARSE:
        return _rehearse(talk)
    if wish.kind is WishKind.GO_ON:
        return _go_on(talk)
    if talk.investigation is None:
        return first_prove(talk, talk.new_case(CaseStatus.PARKED), Asked())
    return led(_about_reminder(talk, wish, talk.investigation.merchant), _as_it_was(talk))


def _rehearse(talk: Talk) -> list[Reply]:
    """Begin a rehearsal; one that is going on stands again, a walk that is waits for its turn."""
    case = talk.case
    if case and case.status is CaseStatus.WALKING and case.playbook == REHEARSAL:
        return talk.walk(case).go_on(Input(Kind.REPEAT))
    set_aside(talk)
    talk.case = talk.new_case(CaseStatus.WALKING)
    return talk.walk(talk.case).begin(REHEARSAL)


def _go_on(talk: Talk) -> list[Reply]:
    """The step that is open, or what was set aside last; nothing when there is neither."""
    if talk.case is not None and talk.case.status is CaseStatus.WALKING:
        return talk.walk(talk.case).go_on(Input(Kind.TICK))
    return resume_last(talk)


def _about_reminder(talk: Talk, wish: Wish, merchant: Merchant) -> str:
    session, balance = talk.session, format_yuan(merchant.balance)
    match wish.kind:
        case WishKind.SET_REMINDER if wish.amount is not None:
            if not 0 < wish.amount <= MOST:
                return talk.texts("reminder_out", most=format_yuan(MOST))
            low = set_reminder(session, merchant, talk.conversation_id, wish.amount, talk.now)
            key = "reminder_set_low" if low else "reminder_set"
            return talk.texts(key, amount=format_yuan(wish.amount), balance=balance)
        case WishKind.STOP_REMINDER:
            stopped = stop_reminder(session, merchant.mid)
            return talk.texts("reminder_stopped" if stopped else "reminder_none")
        case WishKind.SHOW_REMINDER:
            below = reminder_of(session, merchant.mid)
            if below is None:
                return talk.texts("reminder_none")
            return talk.texts("reminder_shown", amount=format_yuan(below), balance=balance)
        case _:
            return talk.texts("reminder_how")


def _as_it_was(talk: Talk) -> list[Reply]:
    """The step or question that was open; a step that the wish has made needless is passed."""
    case = talk.case
    if case is None or not case.status.is_open:
        return []
    if case.status is CaseStatus.WALKING:
        return talk.walk(case).go_on(Input(Kind.TICK))
    return ask_again(talk, case)
