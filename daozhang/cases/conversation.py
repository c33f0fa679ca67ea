"""One turn of a conversation: what is done when a message comes in by one of the doors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from daozhang.cases.answers import answer_for
from daozhang.cases.models import Case, CaseStatus, PromiseKind
from daozhang.cases.picking import pick_buttons
from daozhang.cases.promises import promise
from daozhang.cases.questions import (
    Asked,
    DetailQuestion,
    IntentQuestion,
    PickQuestion,
    read_question,
)
from daozhang.cases.search import asked_of, search
from daozhang.cases.status import latest_case
from daozhang.cases.tickets import open_ticket, ticket_card, ticket_of
from daozhang.cases.walk import Walk, step_input
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.verdict import Finding, Outcome, Verdict
from daozhang.money import format_yuan
from daozhang.playbook.loader import load_all
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Button, Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.texts import load_texts
from daozhang.understanding import Understanding
from daozhang.wording import say_day

__all__ = ["FOLLOWS_ON", "MISSES_BEFORE_PERSON", "OPTIONS", "Talk"]

MISSES_BEFORE_PERSON = 3
"""The miss in a row at which a person takes over."""
OPTIONS = 5
"""How many payments are offered to choose from at a time."""
FOLLOWS_ON = timedelta(hours=24)
"""For how long a question without a subject is taken to be about the payment told of last."""

_MONEY_INTENTS = {"report_delay", "report_fault", "ask_status"}
_KNOWLEDGE = {
    "ask_arrival_time",
    "ask_cause",
    "ask_fix",
    "ask_apply_pos",
    "ask_fee",
    "ask_refund",
    "change_settlement_account",
    "ask_risk_hold",
}
_PERSON = {"ask_human", "complain_anger"}
_ENOUGH = {"say_stop", "goodbye", "thank", "say_later"}
_SMALLTALK = {"greet", "chitchat", "out_of_scope"}
_ORDINAL = re.compile(r"\s*(?:就?是)?第?([一二三四五1-5])[个笔单条项]?[吧呢。.!！]?\s*")
_ORDINALS = {
    sign: index for index, pair in enumerate(("一1", "二2", "三3", "四4", "五5")) for sign in pair
}
_WATCHED = {
    Finding.BEFORE_DUE,
    Finding.OVERDUE,
    Finding.HELD,
    Finding.PAYOUT_FAILED,
    Finding.PAYOUT_RETURNED,
    Finding.PAYOUT_REPLACED,
    Finding.PAID_UNCONFIRMED,
}


class Talk:
    """One message being answered, within the transaction of `session`."""

    def __init__(
        self,
        session: Session,
        calendar: WorkCalendar,
        now: datetime,
        conversation_id: str,
        mid: str | None,
        understood: Understanding,
    ) -> None:
        self._session = session
        self._calendar = calendar
        self._now = now
        self._conversation_id = conversation_id
        self._mid = mid
        self._understood = understood
        self._texts = load_texts("assistant")
        self.case: Case | None = latest_case(session, conversation_id)

    @cached_property
    def _investigation(self) -> Investigation | None:
        """None for whoever has not proven to be a merchant of the ledger."""
        if self._mid is None:
            return None
        return Investigation(self._session, self._mid, self._calendar, self._now)

    # The doors -----------------------------------------------------------

    def diagnose(self) -> list[Reply]:
        """A complaint, or a wish to know how a payment stands."""
        if self._investigation is None:
            return [Reply(text=self._texts("unknown_merchant"))]
        case = self._fresh_case()
        return self._look_up(case, asked_of(self._understood))

    def answer(self) -> list[Reply]:
        """A question of general knowledge; "when does it come" may follow on a payment told of."""
        if self._understood.intent == "ask_arrival_time" and (again := self._tell_again()):
            return again
        return self._know(self._understood.intent) or self.ask_back()

    def hand_over(self, reason: str = "asked") -> list[Reply]:
        """A person takes over; there is one ticket a conversation at a time."""
        standing = ticket_of(self._session, self._conversation_id)
        case = self.case or self._fresh_case()
        angry = self._understood.intent == "complain_anger"
        ticket = open_ticket(
            self._session,
            case,
            "anger" if angry else reason,
            self._now,
            [f"最后一句：{self._understood.text}"],
        )
        if standing is not None:
            text = self._texts("ticket_exists", number=ticket.number)
        elif angry:
            text = self._texts("ticket_open_anger")
        else:
            text = self._texts("ticket_open_misses" if reason == "misses" else "ticket_open")
        return [Reply(text=text, ticket=ticket_card(self._session, ticket, self._now))]

    def smalltalk(self) -> list[Reply]:
        """Greetings, thanks and turns that mean nothing without an open case.

        "Still not there", said after a verdict, asks how the same payment stands now.
        """
        intent = self._understood.intent
        if intent == "step_failed" and (again := self._tell_again()):
            return again
        return [Reply(text=self._texts(intent if intent in self._texts else "not_understood"))]

    def ask_back(self) -> list[Reply]:
        """Not sure what was meant: offer the two likeliest readings, or ask for other words.

        Whoever names an amount or a number means a payment, whatever the sentence was.
        """
        asked = asked_of(self._understood)
        if asked.query.names_one and self._investigation is not None:
            return self.diagnose()
        case = self.case if self.case and self.case.status.is_open else self._fresh_case()
        case.misses += 1
        if case.misses >= MISSES_BEFORE_PERSON:
            return self.hand_over("misses")
        options = tuple(
            name for name, _ in self._understood.ranking if f"intent_{name}" in self._texts
        )[:2]
        question = IntentQuestion(options=options, text=self._understood.text, asked=asked)
        return self._ask_intent(case, question)

    def go_on(self) -> list[Reply]:
        """The next turn of an open case, or the tap of a button."""
        choice = self._understood.choice
        if choice is not None and not choice.startswith("step:"):
            return self._chosen(choice)
        case = self.case
        if case is None or not case.status.is_open:
            return [Reply(text=self._texts("pick_gone"))] if choice else self._by_intent()
        if case.status is CaseStatus.WALKING:
            return self._step(case)
        if choice is not None:
            return _led(self._texts("pick_gone"), self._ask_again(case))
        return self._clarified(case)

    # Finding the payment ---------------------------------------------------

    def _look_up(self, case: Case, asked: Asked) -> list[Reply]:
        investigation = self._investigation
        if investigation is None:
            return [Reply(text=self._texts("unknown_merchant"))]
        found = search(investigation, asked, self._now)
        verdicts = found.verdicts
        if not verdicts:
            return self._none_found(case, asked, investigation)
        anomalous = [one for one in verdicts if one.anomalous]
        if self._is_fault_alone(asked) and not anomalous:
            return self._help_with_fault(case, asked)
        if len(verdicts) == 1 and not found.relaxed:
            return self._tell(case, verdicts[0])
        case.misses = 0
        question = PickQuestion(
            options=tuple(one.subject.ids for one in verdicts[:OPTIONS] if one.subject),
            asked=asked,
            relaxed=found.relaxed,
        )
        return self._ask_which(case, question)

    def _is_fault_alone(self, asked: Asked) -> bool:
        """A fault of the terminal told without a payment: there is nothing to look up."""
        named = asked.query.names_one or asked.names_time
        return self._understood.intent == "report_fault" and not named and asked.cause is not None

    def _help_with_fault(self, case: Case, asked: Asked) -> list[Reply]:
        case.cause = asked.cause
        if asked.cause in load_all():
            return self._walk(case).begin(str(asked.cause))
        case.status = CaseStatus.INFORMED
        bubbles = answer_for("ask_fix", asked.cause) or ()
        return [Reply(text=text) for text in bubbles] or [Reply(text=self._texts("ask_time"))]

    def _none_found(self, case: Case, asked: Asked, investigation: Investigation) -> list[Reply]:
        if not asked.query.names_one and not asked.names_time:
            if self._is_fault_alone(asked):
                return self._help_with_fault(case, asked)
            last = investigation.last_arrival(asked.claim)
            if last is not None:
                return _led(self._texts("nothing_missing"), self._tell(case, last))
        case.misses += 1
        case.outcome = case.finding = Finding.NOT_FOUND
        if case.misses >= MISSES_BEFORE_PERSON:
            return self.hand_over("misses")
        self._open_question(case, DetailQuestion(asked=asked))
        return [Reply(text=self._not_found(asked) + self._most_useful(asked))]

    def _not_found(self, asked: Asked) -> str:
        verdicts = load_texts("verdicts")
        if asked.ref_no or asked.order_no or asked.card_last4:
            return verdicts("not_found_number")
        if asked.amount_low is not None:
            return verdicts("not_found_amount", amount=format_yuan(asked.amount_low))
        if asked.since is not None:
            day = say_day(asked.since.date(), self._now.date())
            return verdicts("not_found_time", time=day)
        return verdicts("not_found_any")

    def _most_useful(self, asked: Asked) -> str:
        if asked.amount_low is None:
            return self._texts("ask_amount")
        return self._texts("ask_number" if asked.names_time else "ask_time")

    def _tell(self, case: Case, verdict: Verdict) -> list[Reply]:
        """Give the verdict; then the playbook, a person, or what else can be done."""
        investigation, subject = self._investigation, verdict.subject
        if investigation is None or subject is None:
            return [Reply(text=self._texts("unknown_merchant"))]
        case.misses = 0
        case.question = None
        case.status = CaseStatus.INFORMED
        case.txn_ids = list(subject.ids)
        case.outcome, case.finding, case.cause = verdict.outcome, verdict.finding, verdict.cause
        case.evidence = [f"{row.table} {row.key}: {row.fact}" for row in verdict.evidence]
        terms = investigation.merchant
        bubbles = tell(verdict, self._now, product=terms.product, cutoff=terms.cutoff)
        if verdict.playbook:
            return [bubbles[0], *self._walk(case).begin(verdict.playbook)]
        if verdict.needs_person:
            return [*bubbles[:2], *self.hand_over("verdict")]
        *before, last = bubbles
        return [*before, last.model_copy(update={"buttons": self._offers(verdict)})]

    def _tell_again(self) -> list[Reply]:
        """The verdict as of now on the payment that was told of last, unless another is meant."""
        case, investigation = self.case, self._investigation
        details = asked_of(self._understood)
        if case is None or investigation is None or details.query.names_one or details.names_time:
            return []
        if case.status is not CaseStatus.INFORMED or self._now - case.changed_at > FOLLOWS_ON:
            return []
        verdict = investigation.of(case.txn_ids)
        return self._tell(case, verdict) if verdict else []

    def _offers(self, verdict: Verdict) -> tuple[Button, ...]:
        person = Button(id="person", label=self._texts("button_person"))
        if verdict.finding in _WATCHED:
            return (Button(id="watch", label=self._texts("button_watch")), person)
        return () if verdict.outcome is Outcome.DECLINED else (person,)

    # Questions that are open -------------------------------------------------

    def _clarified(self, case: Case) -> list[Reply]:
        """A message while we wait to learn which payment, or what was meant."""
        understood = self._understood
        question = read_question(case.question)
        if understood.intent in _PERSON:
            return self.hand_over()
        asked = asked_of(understood, question.asked if question else None)
        details = asked_of(understood)
        if details.query.names_one or details.names_time:
            return self._look_up(case, asked)
        if isinstance(question, PickQuestion):
            if ordinal := _ORDINAL.fullmatch(understood.text):
                index = _ORDINALS[ordinal.group(1)]
                if index < len(question.options):
                    return self._picked(case, question, index)
            if understood.intent == "deny":
                return self._picked_none(case, question)
            if understood.intent == "affirm" and len(question.options) == 1:
                return self._picked(case, question, 0)
        if understood.intent in _ENOUGH:
            case.status, case.question = CaseStatus.CLOSED, None
            return [Reply(text=self._texts("complaint_closed"))]
        if isinstance(question, IntentQuestion) and understood.intent != "nlu_fallback":
            return self._by_intent()
        if knowledge := self._know(understood.intent):
            return [*knowledge[:2], *self._ask_again(case)]
        if understood.intent in _SMALLTALK:
            return [*self.smalltalk(), *self._ask_again(case)]
        case.misses += 1
        if case.misses >= MISSES_BEFORE_PERSON:
            return self.hand_over("misses")
        return _led(self._texts("ask_again"), self._ask_again(case))

    def _by_intent(self) -> list[Reply]:
        """What the message would have got without an open case."""
        intent = self._understood.intent
        if intent in _MONEY_INTENTS:
            return self.diagnose()
        if intent in _PERSON:
            return self.hand_over()
        if intent in _KNOWLEDGE:
            return self.answer()
        return self.ask_back() if intent == "nlu_fallback" else self.smalltalk()

    def _chosen(self, choice: str) -> list[Reply]:
        kind, _, value = choice.partition(":")
        if kind == "person":
            return self.hand_over()
        case = self.case
        if case is not None:
            question = read_question(case.question)
            if kind == "watch" and case.txn_ids and not question:
                return self._watch(case)
            if kind == "pick" and isinstance(question, PickQuestion):
                if value == "none":
                    return self._picked_none(case, question)
                if value.isdecimal() and int(value) < len(question.options):
                    return self._picked(case, question, int(value))
            if kind == "intent" and isinstance(question, IntentQuestion):
                return self._meant(case, question, value)
        again = self._ask_again(case) if case and case.status.is_open else []
        return _led(self._texts("pick_gone"), again)

    def _picked(self, case: Case, question: PickQuestion, index: int) -> list[Reply]:
        investigation = self._investigation
        verdict = (
            investigation.of(question.options[index], question.asked.claim)
            if investigation
            else None
        )
        if verdict is None:
            return [Reply(text=self._texts("pick_gone"))]
        return self._tell(case, verdict)

    def _picked_none(self, case: Case, question: PickQuestion) -> list[Reply]:
        case.misses += 1
        if case.misses >= MISSES_BEFORE_PERSON:
            return self.hand_over("misses")
        asked = question.asked
        self._open_question(case, DetailQuestion(asked=asked))
        return [Reply(text=self._most_useful(asked))]

    def _meant(self, case: Case, question: IntentQuestion, intent: str) -> list[Reply]:
        case.question = None
        if intent not in question.options:
            return [Reply(text=self._texts("pick_gone"))]
        if intent in _MONEY_INTENTS:
            return self._look_up(case, question.asked)
        if intent in _PERSON:
            return self.hand_over()
        case.status = CaseStatus.CLOSED
        return self._know(intent) or [Reply(text=self._texts("not_understood"))]

    def _watch(self, case: Case) -> list[Reply]:
        investigation = self._investigation
        verdict = investigation.of(case.txn_ids) if investigation else None
        if verdict is None or verdict.finding not in _WATCHED:
            return [Reply(text=self._texts("promise_settled"))]
        case.finding = verdict.finding
        made = promise(self._session, case, PromiseKind.ARRIVAL, self._now)
        return [Reply(text=self._texts("promise_arrival" if made else "promise_already"))]

    # A playbook that is being walked -------------------------------------------

    def _step(self, case: Case) -> list[Reply]:
        understood = self._understood
        walk = self._walk(case)
        if understood.choice is None:
            details = asked_of(understood)
            if understood.intent in _MONEY_INTENTS and details.query.names_one:
                return self._other_payment(case, details)
            if understood.intent != "ask_fix" and (knowledge := self._know(understood.intent)):
                return [*knowledge[:2], *walk.go_on(Input(Kind.REPEAT))]
        return walk.go_on(step_input(understood))

    def _other_payment(self, case: Case, asked: Asked) -> list[Reply]:
        investigation = self._investigation
        verdicts = investigation.fitting(asked.query, asked.claim) if investigation else []
        same = any(one.subject and one.subject.ids == tuple(case.txn_ids) for one in verdicts)
        if same or not verdicts:
            return self._walk(case).go_on(Input(Kind.REPEAT))
        case.status = CaseStatus.CLOSED
        told = self._look_up(self._fresh_case(), asked)
        return _led(self._texts("second_complaint"), told)

    # Small parts ------------------------------------------------------------------

    def _walk(self, case: Case) -> Walk:
        investigation = self._investigation
        if investigation is None:
            raise RuntimeError("a playbook is only walked with a known merchant")
        return Walk(self._session, case, investigation.ledger, self._now)

    def _know(self, intent: str) -> list[Reply]:
        if intent not in _KNOWLEDGE:
            return []
        cause = self._understood.causes[0][0] if self._understood.causes else None
        return [Reply(text=text) for text in answer_for(intent, cause) or ()]

    def _fresh_case(self) -> Case:
        """A new case for this message; one that is still being clarified goes on instead."""
        if self.case is not None and self.case.status is CaseStatus.CLARIFYING:
            return self.case
        self.case = Case(
            conversation_id=self._conversation_id,
            mid=self._mid,
            status=CaseStatus.CLARIFYING,
            opened_at=self._now,
            changed_at=self._now,
            complaint=self._understood.text,
            misses=0,
            txn_ids=[],
            evidence=[],
        )
        self._session.add(self.case)
        self._session.flush()
        return self.case

    def _open_question(
        self, case: Case, question: PickQuestion | DetailQuestion | IntentQuestion
    ) -> None:
        case.status = CaseStatus.CLARIFYING
        case.question = question.model_dump(mode="json")

    def _ask_again(self, case: Case) -> list[Reply]:
        match read_question(case.question):
            case PickQuestion() as question:
                return self._ask_which(case, question)
            case IntentQuestion() as question:
                return self._ask_intent(case, question)
            case DetailQuestion(asked=asked):
                return [Reply(text=self._most_useful(asked))]
            case None if case.status is CaseStatus.WALKING:
                return self._walk(case).go_on(Input(Kind.REPEAT))
            case None:
                return []

    def _ask_which(self, case: Case, question: PickQuestion) -> list[Reply]:
        self._open_question(case, question)
        verdicts = self._still(question.options)
        buttons = pick_buttons(verdicts, self._now)
        text = self._texts("ask_which_relaxed" if question.relaxed else "ask_which")
        return [Reply(text=text, buttons=buttons)]

    def _still(self, options: Sequence[Sequence[int]]) -> list[Verdict | None]:
        investigation = self._investigation
        return [investigation.of(ids) if investigation else None for ids in options]

    def _ask_intent(self, case: Case, question: IntentQuestion) -> list[Reply]:
        self._open_question(case, question)
        labels = [self._texts(f"intent_{name}") for name in question.options]
        buttons = tuple(
            Button(id=f"intent:{name}", label=label)
            for name, label in zip(question.options, labels, strict=True)
        )
        person = Button(id="person", label=self._texts("button_person"))
        if len(labels) == 2:
            text = self._texts("did_you_mean", first=labels[0], second=labels[1])
        else:
            text = self._texts("not_understood")
        return [Reply(text=text, buttons=(*buttons, person))]


def _led(opening: str, replies: Sequence[Reply]) -> list[Reply]:
    """The replies with `opening` in front of their first text; alone when there are none."""
    if not replies:
        return [Reply(text=opening)]
    first, *rest = replies
    return [first.model_copy(update={"text": opening + first.text}), *rest]
