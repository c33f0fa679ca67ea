"""Answers to an open question: which payment it is, or what was meant."""

from __future__ import annotations

import re

from daozhang.cases.asking import ask_again, ask_detail, ask_which
from daozhang.cases.faults import fault_meant, fault_named, machine_after_all
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.parking import resume
from daozhang.cases.questions import (
    Asked,
    DetailQuestion,
    FaultQuestion,
    IntentQuestion,
    PickQuestion,
    read_question,
)
from daozhang.cases.search import asked_of, search
from daozhang.cases.talk import MONEY, PERSON, SMALLTALK, Talk, led
from daozhang.cases.telling import (
    look_up,
    say_not_found,
    tell_more,
    tell_verdict,
    walk_offered,
    watch,
)
from daozhang.replies import Reply

__all__ = ["clarified", "tapped"]

_ENOUGH = {"say_stop", "goodbye", "thank", "say_later"}
_ORDINAL = re.compile(r"\s*(?:就?是)?第?([一二三四五1-5])[个笔单条项台]?[吧呢。.!！]?\s*")
_PLACES = {
    sign: place for place, signs in enumerate(("一1", "二2", "三3", "四4", "五5")) for sign in signs
}


def clarified(talk: Talk, case: Case) -> list[Reply] | None:
    """The answer to a message while a question is open; None when it is about something else."""
    understood = talk.understood
    question = read_question(case.question)
    if understood.intent in PERSON:
        return talk.hand_over("anger" if understood.intent == "complain_anger" else "asked")
    if isinstance(question, FaultQuestion) and (chosen := _chosen_fault(talk, case, question)):
        return chosen
    details = asked_of(understood)
    if details.names_any:
        merged = asked_of(understood, question.asked if question else None)
        sought = _that_fits(talk, merged, details)
        if isinstance(question, PickQuestion) and _is_nowhere(talk, sought):
            return _list_again(talk, case, question, sought)
        return look_up(talk, case, sought)
    if isinstance(question, PickQuestion) and (picked := _picked_in_words(talk, case, question)):
        return picked
    if isinstance(question, PickQuestion | DetailQuestion) and (
        machine := machine_after_all(talk, case, question.asked, details)
    ):
        return machine
    if isinstance(question, FaultQuestion) and understood.intent in MONEY - {"report_fault"}:
        return look_up(talk, case, details)
    if understood.intent in _ENOUGH:
        case.status, case.question = CaseStatus.CLOSED, None
        return talk.says("complaint_closed")
    if isinstance(question, IntentQuestion) and understood.intent != "nlu_fallback":
        return None
    if knowledge := talk.know(understood.intent):
        return [*knowledge[:2], *ask_again(talk, case)]
    if understood.intent in SMALLTALK:
        return [*talk.says(understood.intent), *ask_again(talk, case)]
    if talk.missed(case):
        return talk.hand_over("misses")
    key = "ask_fault_again" if isinstance(question, FaultQuestion) else "ask_again"
    return led(talk.texts(key), ask_again(talk, case))


def _that_fits(talk: Talk, merged: Asked, alone: Asked) -> Asked:
    """What is known together, or a new complaint's own details where only they lead anywhere."""
    if talk.investigation is None or talk.understood.intent not in MONEY:
        return merged
    together = search(talk.investigation, merged, talk.now)
    if together.verdicts and not together.relaxed:
        return merged
    by_itself = search(talk.investigation, alone, talk.now)
    return alone if by_itself.verdicts and not by_itself.relaxed else merged


def _is_nowhere(talk: Talk, sought: Asked) -> bool:
    investigation = talk.investigation
    return investigation is not None and not search(investigation, sought, talk.now).verdicts


def _list_again(talk: Talk, case: Case, question: PickQuestion, sought: Asked) -> list[Reply]:
    """That what was added to a list leads nowhere, and the list."""
    if talk.missed(case):
        return talk.hand_over("misses")
    return led(say_not_found(talk, sought), ask_which(talk, case, question))


def tapped(talk: Talk, choice: str) -> list[Reply]:
    """The tap of a button that is no step of a playbook; one of an earlier question is told."""
    kind, _, value = choice.partition(":")
    if kind == "person":
        return talk.hand_over("asked")
    case = talk.case
    question = read_question(case.question) if case else None
    if kind == "resume" and (resumed := resume(talk, value)):
        return resumed
    match kind, question:
        case "watch", None if case and case.txn_ids:
            return watch(talk, case)
        case "walk", None if case and case.txn_ids and not case.status.is_open:
            return walk_offered(talk, case, value)
        case "pick", PickQuestion() if case:
            if value == "none":
                return _none_of_these(talk, case, question)
            if value.isdecimal() and int(value) < len(question.options):
                return _picked(talk, case, question, int(value))
        case "fault", FaultQuestion() if case:
            if value.isdecimal() and int(value) < len(question.options):
                return fault_meant(talk, case, question, int(value))
        case "more", PickQuestion() if case:
            return tell_more(talk, case, question)
        case "intent", IntentQuestion() if case and value in question.options:
            return _meant(talk, case, question, value)
        case _:
            pass
    again = ask_again(talk, case) if case and case.status.is_open else []
    return led(talk.texts("pick_gone"), again)


def _picked_in_words(talk: Talk, case: Case, question: PickQuestion) -> list[Reply]:
    understood = talk.understood
    if ordinal := _ORDINAL.fullmatch(understood.text):
        place = _PLACES[ordinal.group(1)]
        if place < len(question.options):
            return _picked(talk, case, question, place)
    if understood.intent == "deny":
        return _none_of_these(talk, case, question)
    if understood.intent == "affirm" and len(question.options) == 1:
        return _picked(talk, case, question, 0)
    return []


def _chosen_fault(talk: Talk, case: Case, question: FaultQuestion) -> list[Reply]:
    """The walk for one of the troubles: by its place in the list, or as it is named."""
    if ordinal := _ORDINAL.fullmatch(talk.understood.text):
        place = _PLACES[ordinal.group(1)]
        return fault_meant(talk, case, question, place) if place < len(question.options) else []
    investigation = talk.investigation
    return fault_named(talk, case, question, investigation) if investigation else []


def _picked(talk: Talk, case: Case, question: PickQuestion, place: int) -> list[Reply]:
    investigation = talk.investigation
    ids, claim = question.options[place], question.asked.claim
    verdict = investigation.of(ids, claim) if investigation else None
    return tell_verdict(talk, case, verdict) if verdict else talk.says("pick_gone")


def _none_of_these(talk: Talk, case: Case, question: PickQuestion) -> list[Reply]:
    if machine := machine_after_all(talk, case, question.asked):
        return machine
    if talk.missed(case):
        return talk.hand_over("misses")
    return ask_detail(talk, case, question.asked)


def _meant(talk: Talk, case: Case, question: IntentQuestion, intent: str) -> list[Reply]:
    case.question = None
    if intent in MONEY:
        return look_up(talk, case, question.asked)
    if intent in PERSON:
        return talk.hand_over("asked")
    case.status = CaseStatus.CLOSED
    return talk.know(intent) or talk.says("not_understood")
