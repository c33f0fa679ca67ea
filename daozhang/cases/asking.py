"""Asking the merchant: which payment, which detail, which meaning. What is asked is kept."""

from __future__ import annotations

from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.picking import pick_buttons
from daozhang.cases.questions import (
    Asked,
    DetailQuestion,
    Fault,
    FaultQuestion,
    IntentQuestion,
    PickQuestion,
    ProofQuestion,
    read_question,
)
from daozhang.cases.strangers import ask_who
from daozhang.cases.talk import Talk
from daozhang.diagnosis.overview import Overview
from daozhang.diagnosis.render_overview import named_at_once, tell_overview, tell_page
from daozhang.playbook.state import Input, Kind
from daozhang.replies import Button, Reply

__all__ = [
    "ask_again",
    "ask_detail",
    "ask_fault",
    "ask_intent",
    "ask_of_days",
    "ask_of_more",
    "ask_which",
]


def ask_which(talk: Talk, case: Case, question: PickQuestion) -> list[Reply]:
    """A list to tap; how each payment stands is looked up anew every time it is shown."""
    _keep(case, question)
    investigation = talk.investigation
    verdicts = [investigation.of(ids) if investigation else None for ids in question.options]
    text = talk.texts("ask_which_relaxed" if question.relaxed else "ask_which")
    return [Reply(text=text, buttons=pick_buttons(verdicts, talk.now))]


def ask_of_days(talk: Talk, case: Case, overview: Overview, question: PickQuestion) -> list[Reply]:
    """All payments of a time at a glance, and a list to tap for a closer look."""
    _keep(case, question.model_copy(update={"named_ids": named_at_once(overview)}))
    return tell_overview(overview, talk.now)


def ask_of_more(talk: Talk, case: Case, overview: Overview, question: PickQuestion) -> list[Reply]:
    """The next of the payments of that time that have not arrived."""
    replies, named = tell_page(overview, question.named_ids, talk.now)
    _keep(case, question.model_copy(update={"named_ids": named}))
    return replies


def ask_detail(talk: Talk, case: Case, asked: Asked) -> list[Reply]:
    """The one thing that would help most: the amount, else the time, else a number."""
    _keep(case, DetailQuestion(asked=asked))
    if asked.amount_low is None:
        return talk.says("ask_amount")
    return talk.says("ask_number" if asked.names_time else "ask_time")


def ask_intent(talk: Talk, case: Case, question: IntentQuestion) -> list[Reply]:
    """Did you mean the one or the other? With fewer than two readings: other words, please."""
    _keep(case, question)
    labels = [talk.texts(f"intent_{name}") for name in question.options]
    buttons = tuple(
        Button(id=f"intent:{name}", label=label)
        for name, label in zip(question.options, labels, strict=True)
    )
    if len(labels) == 2:
        text = talk.texts("did_you_mean", first=labels[0], second=labels[1])
    else:
        text = talk.texts("not_understood")
    return [Reply(text=text, buttons=(*buttons, talk.person_button))]


def ask_fault(talk: Talk, case: Case, question: FaultQuestion) -> list[Reply]:
    """Which machine is it? Or, where causes differ on one machine: which trouble?"""
    _keep(case, question)
    buttons = tuple(
        _fault_button(talk, f"fault:{place}", one, by_machine=question.by_machine)
        for place, one in enumerate(question.options)
    )
    text = talk.texts("ask_machine" if question.by_machine else "ask_trouble")
    return [Reply(text=text, buttons=(*buttons, talk.person_button))]


def _fault_button(talk: Talk, id_: str, fault: Fault, *, by_machine: bool) -> Button:
    cause = talk.texts(f"cause_{fault.cause}")
    if not by_machine:
        hint = talk.texts("hint_machine", tid=fault.tid) if fault.tid else ""
        return Button(id=id_, label=cause, hint=hint)
    terminal = talk.investigation.ledger.terminal(fault.tid or "") if talk.investigation else None
    label = talk.texts("button_machine", last4=(fault.tid or "")[-4:])
    return Button(id=id_, label=label, hint=terminal.model if terminal else "")


def ask_again(talk: Talk, case: Case) -> list[Reply]:
    """Whatever is open in this case, once more; nothing when nothing is."""
    match read_question(case.question):
        case PickQuestion() as question:
            return ask_which(talk, case, question)
        case IntentQuestion() as question:
            return ask_intent(talk, case, question)
        case FaultQuestion() as question:
            return ask_fault(talk, case, question)
        case DetailQuestion(asked=asked):
            return ask_detail(talk, case, asked)
        case ProofQuestion():
            return ask_who(talk)
        case None if case.status is CaseStatus.WALKING:
            return talk.walk(case).go_on(Input(Kind.REPEAT))
        case None:
            return []


def _keep(
    case: Case, question: PickQuestion | DetailQuestion | IntentQuestion | FaultQuestion
) -> None:
    case.status = CaseStatus.CLARIFYING
    case.question = question.model_dump(mode="json")
