"""The doors by which a message comes in, one for each custom action of the bot."""

from __future__ import annotations

import re
from datetime import timedelta

from daozhang.cases.asking import ask_again, ask_intent
from daozhang.cases.changes import tell_changed
from daozhang.cases.clarifying import clarified, tapped
from daozhang.cases.correcting import corrected, other_machine
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.parking import resume_last, second_complaint
from daozhang.cases.questions import IntentQuestion
from daozhang.cases.search import asked_of, search
from daozhang.cases.talk import KNOWLEDGE, MONEY, PERSON, SMALLTALK, Talk, led
from daozhang.cases.telling import look_up, tell_again, tell_verdict, walk_on
from daozhang.cases.walk import outcome_told, step_input
from daozhang.diagnosis.verdict import Outcome, Verdict
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Reply

__all__ = ["AWAY", "answer", "ask_back", "diagnose", "go_on", "hand_over", "smalltalk"]

AWAY = timedelta(minutes=30)
"""Whoever says nothing in particular after this has come back: the step is looked at afresh."""


_STILL = re.compile("还是?没|还不|仍|依然|依旧|怎么还|还在等")
_NOT_THIS = re.compile("不是(?:这|那)一?(?:笔|单|个)")
_MAY_BE_OWN = {"ask_arrival_time", "ask_cause", "ask_risk_hold"}


def diagnose(talk: Talk) -> list[Reply]:
    """A complaint, or a wish to know how a payment stands.

    "Still not there", soon after a verdict and without a detail, is about the same payment.
    """
    if _STILL.search(talk.understood.text) and (again := tell_again(talk)):
        return again
    return look_up(talk, talk.fresh_case(), asked_of(talk.understood))


def answer(talk: Talk) -> list[Reply]:
    """A question of general knowledge, unless it turns out to be about the merchant's own money.

    "When" and "what can I do" may follow on a payment that was told of.
    """
    intent = talk.understood.intent
    if intent == "ask_arrival_time" and (again := tell_again(talk)):
        return again
    if intent == "ask_fix" and (steps := walk_on(talk)):
        return steps
    return _about_own_money(talk) or talk.know(intent) or ask_back(talk)


def hand_over(talk: Talk) -> list[Reply]:
    """A person is asked for, or anger says that it is time for one.

    Anger about a payment that is found hears first where the money is, then the ticket.
    """
    if talk.understood.intent != "complain_anger":
        return talk.hand_over("asked")
    verdict = _named_in_anger(talk)
    if verdict is None:
        return talk.hand_over("anger")
    told = tell_verdict(talk, talk.fresh_case(), verdict)
    first = told[0].model_copy(update={"buttons": ()})
    return [first, *talk.hand_over("anger")]


def _named_in_anger(talk: Talk) -> Verdict | None:
    asked = asked_of(talk.understood)
    if talk.investigation is None or not asked.names_any:
        return None
    return search(talk.investigation, asked, talk.now).only


def smalltalk(talk: Talk) -> list[Reply]:
    """Greetings, thanks and turns that mean nothing without an open case.

    "Still not there", said after a verdict, asks how the same payment stands now.
    """
    intent = talk.understood.intent
    if intent == "step_failed" and (again := tell_again(talk)):
        return again
    if (intent == "say_correct" or _denies_payment(talk)) and (anew := corrected(talk)):
        return anew
    if intent == "say_back" and (back := resume_last(talk)):
        return back
    return talk.says(intent if intent in talk.texts else "not_understood")


def _denies_payment(talk: Talk) -> bool:
    """ "不是这笔" after a verdict: another payment was meant."""
    return talk.understood.intent == "deny" and bool(_NOT_THIS.search(talk.understood.text))


def ask_back(talk: Talk) -> list[Reply]:
    """Not sure what was meant: offer the two likeliest readings, or ask for other words.

    Whoever names an amount or a number means a payment, whatever the sentence was.
    """
    talk.unclear = True
    asked = asked_of(talk.understood)
    if asked.query.names_one:
        return diagnose(talk)
    case = talk.case if talk.case and talk.case.status.is_open else talk.fresh_case()
    if talk.missed(case):
        return talk.hand_over("misses")
    names = (name for name, _ in talk.understood.ranking if f"intent_{name}" in talk.texts)
    question = IntentQuestion(options=tuple(names)[:2], text=talk.understood.text, asked=asked)
    return ask_intent(talk, case, question)


def go_on(talk: Talk) -> list[Reply]:
    """The next turn of an open case, or the tap of a button."""
    choice, case = talk.understood.choice, talk.case
    if choice is not None and not choice.startswith("step:"):
        return tapped(talk, choice)
    if case is not None and case.status is CaseStatus.WALKING:
        return _step(talk, case)
    if choice is not None:
        again = ask_again(talk, case) if case and case.status.is_open else []
        return led(talk.texts("pick_gone"), again)
    told = clarified(talk, case) if case and case.status.is_open else None
    return _by_intent(talk) if told is None else told


def _about_own_money(talk: Talk) -> list[Reply]:
    """The verdict, where a general question names a payment that is there, or fits one that hangs.

    "Why is my money frozen" is about the hold; "is it the network" about what is stuck.
    """
    investigation, intent = talk.investigation, talk.understood.intent
    if investigation is None or intent not in _MAY_BE_OWN:
        return []
    asked = asked_of(talk.understood)
    if asked.names_any:
        found = search(investigation, asked, talk.now)
        return diagnose(talk) if found.verdicts and not found.relaxed else []
    missing = investigation.missing()
    held = any(one.outcome is Outcome.HELD for one in missing)
    blamed = asked.cause is not None and any(one.anomalous for one in missing)
    hangs = held if intent == "ask_risk_hold" else intent == "ask_cause" and blamed
    return diagnose(talk) if hangs else []


def _by_intent(talk: Talk) -> list[Reply]:
    """What the message would have got without an open case."""
    intent = talk.understood.intent
    if intent in MONEY:
        return diagnose(talk)
    if intent in PERSON:
        return hand_over(talk)
    if intent in KNOWLEDGE:
        return answer(talk)
    return ask_back(talk) if intent == "nlu_fallback" else smalltalk(talk)


def _step(talk: Talk, case: Case) -> list[Reply]:
    """A turn at a step: what has changed, something else in between, or what became of the step."""
    given = step_input(talk.understood)
    if given.kind not in {Kind.PERSON, Kind.STOP} and (changed := tell_changed(talk, case)):
        return changed
    if talk.understood.choice is None and (aside := _in_between(talk, case)):
        return aside
    back = given.kind is Kind.UNCLEAR and _was_away(talk, case)
    return talk.walk(case).go_on(Input(Kind.TICK) if back else given)


def _was_away(talk: Talk, case: Case) -> bool:
    return talk.now - case.changed_at >= AWAY


def _in_between(talk: Talk, case: Case) -> list[Reply]:
    """Another complaint, a question or a pleasantry; after the latter two the step stands again.

    Nothing of that is what tells how the step went, whatever it says besides of no other payment.
    """
    intent, walk = talk.understood.intent, talk.walk(case)
    if other := other_machine(talk, case):
        return other
    if outcome_told(talk.understood.text) is not None and not asked_of(talk.understood).names_any:
        return []
    if intent == "say_correct" and (anew := corrected(talk)):
        return anew
    if second := second_complaint(talk, case):
        return second
    if intent in SMALLTALK | {"thank"}:
        if _was_away(talk, case):
            return walk.go_on(Input(Kind.TICK))
        return [*talk.says(intent), *walk.go_on(Input(Kind.REPEAT))]
    if intent != "ask_fix" and (knowledge := talk.know(intent)):
        return [*knowledge[:2], *walk.go_on(Input(Kind.REPEAT))]
    return []
