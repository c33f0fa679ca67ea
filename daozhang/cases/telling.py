"""Looking the merchant's money up and telling the verdict, with what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from daozhang.cases.asking import ask_detail, ask_of_days, ask_of_more, ask_which
from daozhang.cases.faults import fault_alone, help_with_fault, note_fault
from daozhang.cases.models import Case, CaseStatus, PromiseKind
from daozhang.cases.playbooks import offer_for
from daozhang.cases.promises import WATCHED_FOR, promise
from daozhang.cases.questions import Asked, PickQuestion
from daozhang.cases.search import Found, asked_of, search
from daozhang.cases.strangers import ask_who, first_prove
from daozhang.cases.talk import Talk, led
from daozhang.cases.walk import keep_verdict
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.render_overview import told_of
from daozhang.diagnosis.verdict import Finding, Outcome, Verdict
from daozhang.money import format_yuan
from daozhang.playbook.turn import MAX_BUBBLES
from daozhang.replies import Button, Reply
from daozhang.texts import load_texts
from daozhang.wording import say_day

__all__ = [
    "FOLLOWS_ON",
    "OPTIONS",
    "look_up",
    "say_not_found",
    "tell_again",
    "tell_more",
    "tell_verdict",
    "walk_offered",
    "walk_on",
    "watch",
]

OPTIONS = 5
"""How many payments are offered to choose from at a time."""
FOLLOWS_ON = timedelta(hours=24)
"""For how long a question without a subject is taken to be about the payment told of last."""

_WATCHED = {
    Finding.BEFORE_DUE,
    Finding.OVERDUE,
    Finding.HELD,
    Finding.PAYOUT_FAILED,
    Finding.PAYOUT_RETURNED,
    Finding.PAYOUT_REPLACED,
    Finding.PAID_UNCONFIRMED,
}


def look_up(talk: Talk, case: Case, asked: Asked) -> list[Reply]:
    """Find what is meant: tell the verdict on it, offer a list, or ask for what is missing."""
    investigation = talk.investigation
    if investigation is None:
        return first_prove(talk, case, asked)
    case.asked = asked.model_dump(mode="json")
    found = search(investigation, asked, talk.now)
    fault = fault_alone(talk, asked)
    if fault is not None and not any(one.anomalous for one in found.verdicts):
        return help_with_fault(talk, case, investigation, asked, fault)
    replies = _tell(talk, case, investigation, asked, found)
    if fault is not None:
        note_fault(talk, asked, case)
    return replies


def _tell(
    talk: Talk, case: Case, investigation: Investigation, asked: Asked, found: Found
) -> list[Reply]:
    """The verdict on what was found, a list to pick from, or the question for what is missing."""
    if not found.verdicts:
        return _none_found(talk, case, asked, investigation)
    if found.only is not None:
        return tell_verdict(talk, case, found.only)
    if not found.relaxed:
        case.misses = 0
    elif talk.missed(case):
        return talk.hand_over("misses")
    if found.whole_days is not None:
        channels = found.whole_days.channels
        asked = asked.model_copy(update={"channels": channels})
        overview = investigation.overview(asked.query)
        question = PickQuestion(options=_ids(told_of(overview)), asked=asked)
        return ask_of_days(talk, case, overview, question)
    options = _ids(found.verdicts[:OPTIONS])
    question = PickQuestion(options=options, asked=asked, relaxed=found.relaxed)
    return ask_which(talk, case, question)


def tell_more(talk: Talk, case: Case, question: PickQuestion) -> list[Reply]:
    """More of the payments of the days that were asked about, as they stand now."""
    if talk.investigation is None:
        return talk.says("unknown_merchant")
    overview = talk.investigation.overview(question.asked.query)
    now_tapped = question.model_copy(update={"options": _ids(told_of(overview))})
    return ask_of_more(talk, case, overview, now_tapped)


def _ids(verdicts: Sequence[Verdict]) -> tuple[tuple[int, ...], ...]:
    return tuple(one.subject.ids for one in verdicts if one.subject)


def tell_verdict(talk: Talk, case: Case, verdict: Verdict) -> list[Reply]:
    """Give the verdict and keep it; then the playbook, a person, or what else can be done."""
    investigation, subject = talk.investigation, verdict.subject
    if investigation is None or subject is None:
        return ask_who(talk)
    case.misses, case.question, case.status = 0, None, CaseStatus.INFORMED
    case.txn_ids, case.tid = list(subject.ids), None
    keep_verdict(case, verdict)
    bubbles = tell(verdict, talk.now)
    offer = None if verdict.needs_person else offer_for(verdict)
    if offer is not None and offer.at_once:
        return _sharing(bubbles[0], talk.walk(case).begin(offer.playbook))
    if verdict.needs_person:
        return [*bubbles[:2], *talk.hand_over("verdict")]
    *before, last = bubbles
    return [*before, last.model_copy(update={"buttons": _offers(talk, verdict)})]


def _sharing(told: Reply, walk: Sequence[Reply]) -> list[Reply]:
    """A verdict and the begin of its walk, which shares the verdict's bubble where it is full."""
    if len(walk) < MAX_BUBBLES:
        return [told, *walk]
    opening, *rest = walk
    return [told.model_copy(update={"text": told.text + opening.text}), *rest]


def tell_again(talk: Talk) -> list[Reply]:
    """The verdict as of now on the payment that was told of last, unless another is meant."""
    case, verdict = talk.case, _told_last(talk)
    return tell_verdict(talk, case, verdict) if case and verdict else []


def walk_on(talk: Talk) -> list[Reply]:
    """The walk for the payment that was told of last, when "what can I do" follows on it.

    Nothing when another payment or cause is meant, or there is nothing to do.
    """
    case, verdict = talk.case, _told_last(talk)
    named = {cause for cause, _ in talk.understood.causes}
    if case is None or verdict is None or (named and verdict.cause not in named):
        return []
    offer = offer_for(verdict)
    if offer is None:
        return []
    keep_verdict(case, verdict)
    return talk.walk(case).begin(offer.playbook)


def walk_offered(talk: Talk, case: Case, key: str) -> list[Reply]:
    """The walk that was offered; when the records have changed since, how they stand now."""
    verdict = talk.verdict(case)
    if verdict is None:
        return talk.says("pick_gone")
    offer = offer_for(verdict)
    if offer is None or offer.playbook != key:
        return led(talk.texts("step_moot"), tell_verdict(talk, case, verdict))
    keep_verdict(case, verdict)
    return talk.walk(case).begin(key)


def watch(talk: Talk, case: Case) -> list[Reply]:
    """Promise to write first when something happens to the case's payments."""
    verdict = talk.verdict(case)
    if verdict is None or verdict.finding not in _WATCHED:
        return talk.says("promise_settled")
    case.finding = verdict.finding
    made = promise(talk.session, case, PromiseKind.ARRIVAL, talk.now)
    if not made:
        return talk.says("promise_already")
    return [Reply(text=talk.texts("promise_arrival", days=WATCHED_FOR.days))]


def _told_last(talk: Talk) -> Verdict | None:
    """The verdict as of now on what was told of last, if the message can be about that."""
    case, details = talk.case, asked_of(talk.understood)
    if case is None or details.names_any:
        return None
    if case.status is not CaseStatus.INFORMED or talk.now - case.changed_at > FOLLOWS_ON:
        return None
    return talk.verdict(case)


def _none_found(talk: Talk, case: Case, asked: Asked, investigation: Investigation) -> list[Reply]:
    if not asked.names_any:
        last = investigation.last_arrival(asked.claim)
        if last is not None:
            return led(talk.texts("nothing_missing"), tell_verdict(talk, case, last))
    case.outcome = case.finding = Finding.NOT_FOUND
    if talk.missed(case):
        return talk.hand_over("misses")
    return led(say_not_found(talk, asked), ask_detail(talk, case, asked))


def say_not_found(talk: Talk, asked: Asked) -> str:
    """That no payment fits, and what it was looked for by."""
    verdicts = load_texts("verdicts")
    numbered = asked.ref_no or asked.order_no or asked.card_last4
    if numbered and asked.amount_low is not None:
        return verdicts("not_found_number_amount", amount=_amount(asked))
    if numbered:
        return verdicts("not_found_number")
    if asked.amount_low is not None:
        return verdicts("not_found_amount", amount=_amount(asked))
    if asked.since is not None:
        return verdicts("not_found_time", time=say_day(asked.since.date(), talk.now.date()))
    return verdicts("not_found_any")


def _amount(asked: Asked) -> str:
    low, high = asked.amount_low or 0, asked.amount_high
    if high is None or high == low:
        return format_yuan(low)
    return load_texts("words")("amounts", low=format_yuan(low), high=format_yuan(high))


def _offers(talk: Talk, verdict: Verdict) -> tuple[Button, ...]:
    buttons: list[Button] = []
    if offer := offer_for(verdict):
        label = talk.texts("button_walk")
        buttons.append(Button(id=f"walk:{offer.playbook}", label=label))
    if verdict.finding in _WATCHED:
        buttons.append(Button(id="watch", label=talk.texts("button_watch")))
    if buttons or verdict.outcome is not Outcome.DECLINED:
        buttons.append(talk.person_button)
    return tuple(buttons)
