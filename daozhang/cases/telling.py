"""Looking the merchant's money up and telling the verdict, with what can be done next."""

from __future__ import annotations

from datetime import timedelta

from daozhang.cases.answers import answer_for
from daozhang.cases.asking import ask_detail, ask_which
from daozhang.cases.models import Case, CaseStatus, PromiseKind
from daozhang.cases.promises import promise
from daozhang.cases.questions import Asked, PickQuestion
from daozhang.cases.search import asked_of, search
from daozhang.cases.talk import Talk, led
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.verdict import Finding, Outcome, Verdict
from daozhang.money import format_yuan
from daozhang.playbook.loader import load_all
from daozhang.replies import Button, Reply
from daozhang.texts import load_texts
from daozhang.wording import say_day

__all__ = ["FOLLOWS_ON", "OPTIONS", "look_up", "tell_again", "tell_verdict", "watch"]

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
        return talk.says("unknown_merchant")
    found = search(investigation, asked, talk.now)
    fault_alone = _is_fault_alone(talk, asked)
    if fault_alone and not any(one.anomalous for one in found.verdicts):
        return _help_with_fault(talk, case, asked)
    if not found.verdicts:
        return _none_found(talk, case, asked, investigation)
    if len(found.verdicts) == 1 and not found.relaxed:
        return tell_verdict(talk, case, found.verdicts[0])
    case.misses = 0
    options = tuple(one.subject.ids for one in found.verdicts[:OPTIONS] if one.subject)
    question = PickQuestion(options=options, asked=asked, relaxed=found.relaxed)
    return ask_which(talk, case, question)


def tell_verdict(talk: Talk, case: Case, verdict: Verdict) -> list[Reply]:
    """Give the verdict and keep it; then the playbook, a person, or what else can be done."""
    investigation, subject = talk.investigation, verdict.subject
    if investigation is None or subject is None:
        return talk.says("unknown_merchant")
    case.misses, case.question, case.status = 0, None, CaseStatus.INFORMED
    case.txn_ids = list(subject.ids)
    case.outcome, case.finding, case.cause = verdict.outcome, verdict.finding, verdict.cause
    case.evidence = [f"{row.table} {row.key}: {row.fact}" for row in verdict.evidence]
    terms = investigation.merchant
    bubbles = tell(verdict, talk.now, product=terms.product, cutoff=terms.cutoff)
    if verdict.playbook:
        return [bubbles[0], *talk.walk(case).begin(verdict.playbook)]
    if verdict.needs_person:
        return [*bubbles[:2], *talk.hand_over("verdict")]
    *before, last = bubbles
    return [*before, last.model_copy(update={"buttons": _offers(talk, verdict)})]


def tell_again(talk: Talk) -> list[Reply]:
    """The verdict as of now on the payment that was told of last, unless another is meant."""
    case, investigation = talk.case, talk.investigation
    details = asked_of(talk.understood)
    if case is None or investigation is None or details.query.names_one or details.names_time:
        return []
    if case.status is not CaseStatus.INFORMED or talk.now - case.changed_at > FOLLOWS_ON:
        return []
    verdict = investigation.of(case.txn_ids)
    return tell_verdict(talk, case, verdict) if verdict else []


def watch(talk: Talk, case: Case) -> list[Reply]:
    """Promise to write first when something happens to the case's payments."""
    investigation = talk.investigation
    verdict = investigation.of(case.txn_ids) if investigation else None
    if verdict is None or verdict.finding not in _WATCHED:
        return talk.says("promise_settled")
    case.finding = verdict.finding
    made = promise(talk.session, case, PromiseKind.ARRIVAL, talk.now)
    return talk.says("promise_arrival" if made else "promise_already")


def _is_fault_alone(talk: Talk, asked: Asked) -> bool:
    """A fault of the terminal told without a payment: there is nothing to look up."""
    if asked.query.names_one or asked.names_time or asked.cause is None:
        return False
    return talk.understood.intent == "report_fault"


def _help_with_fault(talk: Talk, case: Case, asked: Asked) -> list[Reply]:
    case.cause = asked.cause
    if asked.cause in load_all():
        return talk.walk(case).begin(str(asked.cause))
    case.status = CaseStatus.INFORMED
    return [Reply(text=text) for text in answer_for("ask_fix", asked.cause) or ()]


def _none_found(talk: Talk, case: Case, asked: Asked, investigation: Investigation) -> list[Reply]:
    if not asked.query.names_one and not asked.names_time:
        last = investigation.last_arrival(asked.claim)
        if last is not None:
            return led(talk.texts("nothing_missing"), tell_verdict(talk, case, last))
    case.outcome = case.finding = Finding.NOT_FOUND
    if talk.missed(case):
        return talk.hand_over("misses")
    return led(_not_found(talk, asked), ask_detail(talk, case, asked))


def _not_found(talk: Talk, asked: Asked) -> str:
    verdicts = load_texts("verdicts")
    if asked.ref_no or asked.order_no or asked.card_last4:
        return verdicts("not_found_number")
    if asked.amount_low is not None:
        return verdicts("not_found_amount", amount=format_yuan(asked.amount_low))
    if asked.since is not None:
        return verdicts("not_found_time", time=say_day(asked.since.date(), talk.now.date()))
    return verdicts("not_found_any")


def _offers(talk: Talk, verdict: Verdict) -> tuple[Button, ...]:
    if verdict.finding in _WATCHED:
        return (Button(id="watch", label=talk.texts("button_watch")), talk.person_button)
    return () if verdict.outcome is Outcome.DECLINED else (talk.person_button,)
