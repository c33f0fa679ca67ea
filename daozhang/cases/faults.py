"""A fault told without a payment: what the machines' records show goes before the merchant's guess.

Records that plainly show another trouble choose the walk. Where they show nothing, the walk of the
named cause is walked, which passes on where it finds that the trouble is another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Select, select

from daozhang.cases.asking import ask_fault
from daozhang.cases.facts import facts_for
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.playbooks import playbook_for_fault
from daozhang.cases.questions import Asked, DetailQuestion, Fault, FaultQuestion
from daozhang.cases.scene import worst_off
from daozhang.cases.search import asked_of
from daozhang.cases.talk import Talk, led
from daozhang.causes import Cause
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.render_trouble import tell_trouble
from daozhang.diagnosis.trouble import Trouble
from daozhang.playbook.turn import MAX_BUBBLES
from daozhang.replies import Reply

__all__ = [
    "ask_machine",
    "fault_alone",
    "fault_meant",
    "fault_named",
    "help_with_fault",
    "machine_after_all",
    "machine_named",
    "note_fault",
]

_MACHINE = {Cause.NETWORK_COMMUNICATION, Cause.HARDWARE_FAULT, Cause.SOFTWARE_FAULT}
_NEEDS_A_LINK = {Cause.SLOW_PROCESSING, Cause.PROCEDURE_NOT_FOLLOWED, Cause.BANK_OUTAGE}
"""What can neither be seen nor mended on a machine that reaches nobody."""
_AT_THE_COUNTER = _MACHINE | _NEEDS_A_LINK
"""What is blamed when no sale goes through, where one trouble is easily taken for another."""
_AFTER_THE_SALE = Cause.CLEARING_DELAY
"""What no machine has to do with, whatever else its records show."""
_MACHINES = 4
"""How many machines are offered to choose from."""
_DIGITS = re.compile(r"\d{3,8}")
_SUM = re.compile("[笔元块钱]")
"""Who says one of these with a number speaks of a payment."""
_PLAIN = 0.8
"""How sure the records must be of another trouble than the one that was told."""
_LIKELY = 0.6
"""How sure they must be of the one that was told, for it to be asked about beside others."""


def fault_alone(talk: Talk, asked: Asked) -> Cause | None:
    """The cause of a fault that was told without a payment: there is nothing to look up.

    A machine that plays up is such a fault also for those who fear for their money, unless they
    give it as the reason why money is late: then the money is looked at.
    """
    if asked.names_any:
        return None
    if talk.understood.intent == "report_fault":
        return asked.cause
    return _of_machine(asked)


def _of_machine(asked: Asked) -> Cause | None:
    """The machine's trouble that is told, unless a payment is named or it is only given as why."""
    plays_up = asked.cause in _MACHINE and not asked.explains and not asked.names_any
    return asked.cause if plays_up else None


def machine_after_all(
    talk: Talk, case: Case, told: Asked, again: Asked | None = None
) -> list[Reply]:
    """The machine's trouble that was `told`, where the payments that hang are not what is meant.

    Nothing where it was none, or what is said `again` is none. What was noted of it is taken up.
    """
    investigation, last = talk.investigation, again or told
    cause = _of_machine(last) if _of_machine(told) else None
    if cause is None or investigation is None:
        return []
    for noted in talk.session.scalars(_waiting(talk, cause)):
        if noted.playbook_state is None:
            noted.status, noted.question = CaseStatus.CLOSED, None
    return help_with_fault(talk, case, investigation, last, cause)


def _waiting(talk: Talk, cause: Cause | None) -> Select[tuple[Case]]:
    """What waits in this talk that is about this cause: a complaint noted, a walk set aside."""
    return select(Case).where(
        Case.conversation_id == talk.conversation_id,
        Case.status == CaseStatus.PARKED,
        Case.cause == cause,
    )


def help_with_fault(
    talk: Talk,
    case: Case,
    investigation: Investigation,
    asked: Asked,
    cause: Cause,
    *,
    chosen: bool = False,
) -> list[Reply]:
    """What the machines' own records show, and the walk for a fault without a payment.

    It is asked what is meant where several machines are plainly ill, where records speak for the
    named cause too, and where it is none that stops a sale, which may be true besides. A cause that
    was `chosen` to be looked into is walked.
    """
    case.asked = asked.model_dump(mode="json")
    if asked.tid is not None and investigation.ledger.terminal(asked.tid) is None:
        return _unknown_machine(talk, case, investigation, asked, cause)
    troubles = investigation.terminal_trouble(tid=asked.tid)
    own = next((one for one in troubles if one.cause is cause), None)
    told = Fault(cause=cause, tid=asked.tid)
    cut_off = cause in _NEEDS_A_LINK and investigation.cut_off(own.tid if own else asked.tid)
    plain = _linkless(troubles, own) if cut_off else _plain(troubles)
    if chosen or not plain or own in plain or cause is _AFTER_THE_SALE:
        return _walk(talk, case, investigation, told, own)
    options = tuple(_worst_of_each(plain))
    if own is not None and own.confidence >= _LIKELY and not cut_off:
        options = (*options, Fault(cause=cause, tid=own.tid))
    elif cause not in _AT_THE_COUNTER:
        options = (*options, told)
    opening = talk.texts("looked_first", cause=talk.texts(f"cause_{cause}"))
    if len(options) == 1:
        return _walk(talk, case, investigation, options[0], plain[0], opening)
    question = FaultQuestion(options=options, asked=asked)
    asking = ask_fault(talk, case, question)
    if question.by_machine:
        return asking
    return led(opening + tell_trouble(plain[0])[0].text, asking)


def _plain(troubles: Sequence[Trouble]) -> Sequence[Trouble]:
    return [one for one in troubles if one.confidence >= _PLAIN]


def _linkless(troubles: Sequence[Trouble], own: Trouble | None) -> Sequence[Trouble]:
    """What goes first while there is no link: a plain trouble that needs none, or the link."""
    here = [one for one in troubles if own is None or one.tid == own.tid]
    first = [one for one in here if one.cause not in _NEEDS_A_LINK]
    return _plain(first) or [one for one in first if one.cause is Cause.NETWORK_COMMUNICATION]


def machine_named(talk: Talk, tids: Iterable[str]) -> str | None:
    """The machine that a message names, by its whole number or by the end that one of `tids` has.

    The whole number may be none of theirs. The end is heard as that of a card, or as a sum; nothing
    where it is said to be one.
    """
    said = talk.understood
    if _SUM.search(said.text):
        return None
    if whole := said.first("terminal_no"):
        return str(whole.value)
    ends = tuple(_DIGITS.findall(said.text))
    meant = [tid for tid in dict.fromkeys(tids) if ends and tid.endswith(ends)]
    return meant[0] if len(meant) == 1 else None


def fault_named(
    talk: Talk, case: Case, question: FaultQuestion, investigation: Investigation
) -> list[Reply]:
    """What is chosen by a machine's number, or by telling the trouble again; else nothing.

    Another machine than those of the list is taken too. Who tells the cause again that the records
    do not show means it.
    """
    tid = machine_named(talk, (one.tid for one in investigation.ledger.terminals()))
    if tid is not None:
        places = [place for place, one in enumerate(question.options) if one.tid == tid]
        if len(places) == 1:
            return fault_meant(talk, case, question, places[0])
        asked = question.asked.model_copy(update={"tid": tid})
        cause = asked.cause or question.options[0].cause
        return [] if places else help_with_fault(talk, case, investigation, asked, cause)
    again = _cause_told(talk, question)
    if again is None:
        return []
    places = [place for place, one in enumerate(question.options) if one.cause is again]
    if len(places) == 1:
        return fault_meant(talk, case, question, places[0])
    if places and not question.by_machine:
        tids = [one.tid for one in question.options if one.cause is again and one.tid]
        return ask_machine(talk, case, question.asked, again, tids)
    if not places and again is question.asked.cause:
        return help_with_fault(talk, case, investigation, question.asked, again, chosen=True)
    return []


def _cause_told(talk: Talk, question: FaultQuestion) -> Cause | None:
    """The cause that is told, or whose button's label is written."""
    said = fault_alone(talk, asked_of(talk.understood))
    labels = {talk.texts(f"cause_{one.cause}"): one.cause for one in question.options}
    return said or labels.get(talk.understood.text.strip())


def fault_meant(talk: Talk, case: Case, question: FaultQuestion, place: int) -> list[Reply]:
    """The walk for the trouble that was chosen from a list."""
    fault, investigation = question.options[place], talk.investigation
    if investigation is None:
        return talk.says("unknown_merchant")
    case.question = None
    troubles = investigation.terminal_trouble(tid=fault.tid)
    seen = next((one for one in troubles if one.cause is fault.cause), None)
    return _walk(talk, case, investigation, fault, seen)


def note_fault(talk: Talk, asked: Asked, case: Case) -> None:
    """Keep a machine's plain trouble for afterwards, once, where a payment in `case` goes first.

    Not where the walk for that payment is about the same machine.
    """
    investigation = talk.investigation
    troubles = investigation.terminal_trouble(tid=asked.tid) if investigation else []
    if not investigation or not troubles or troubles[0].confidence < _PLAIN:
        return
    paid_on = {one.tid for one in investigation.ledger.txns(case.txn_ids)}
    if case.status is CaseStatus.WALKING and troubles[0].tid in paid_on:
        return
    if talk.session.scalars(_waiting(talk, asked.cause)).first() is not None:
        return
    noted = talk.new_case(CaseStatus.PARKED)
    noted.cause = asked.cause
    noted.question = DetailQuestion(asked=asked).model_dump(mode="json")


def _unknown_machine(
    talk: Talk, case: Case, investigation: Investigation, asked: Asked, cause: Cause
) -> list[Reply]:
    """A number that is none of the merchant's machines: which one is it?"""
    opening = talk.texts("machine_unknown", tid=asked.tid)
    anyone = asked.model_copy(update={"tid": None})
    machines = investigation.ledger.terminals()
    if talk.missed(case):
        return talk.hand_over("misses")
    if len(machines) < 2:
        return led(opening, help_with_fault(talk, case, investigation, anyone, cause))
    return led(opening, ask_machine(talk, case, anyone, cause, [one.tid for one in machines]))


def ask_machine(
    talk: Talk, case: Case, asked: Asked, cause: Cause, tids: Sequence[str]
) -> list[Reply]:
    """Which of these machines has the trouble? One that finds no room can be named."""
    options = tuple(Fault(cause=cause, tid=tid) for tid in tids[:_MACHINES])
    return ask_fault(talk, case, FaultQuestion(options=options, asked=asked))


def _walk(
    talk: Talk,
    case: Case,
    investigation: Investigation,
    fault: Fault,
    seen: Trouble | None,
    opening: str = "",
) -> list[Reply]:
    """Begin the walk of the fault on its machine, after what its records show."""
    alone = seen is None and fault.tid is None
    worst = worst_off(investigation.ledger, talk.now) if alone else None
    case.cause = fault.cause
    case.tid = seen.tid if seen else worst.tid if worst else fault.tid
    rows = seen.evidence if seen else ()
    case.evidence = [f"{row.table} {row.key}: {row.fact}" for row in rows]
    facts = facts_for(investigation, (), talk.now, tid=case.tid)
    walk = talk.walk(case).begin(playbook_for_fault(fault.cause, facts))
    if seen is None:
        return walk
    told = opening + _joined(tell_trouble(seen))
    return led(told, walk) if len(walk) == MAX_BUBBLES else [Reply(text=told), *walk]


def _worst_of_each(troubles: Sequence[Trouble]) -> Iterator[Fault]:
    """The surest trouble of each machine, of the machines that are worst off."""
    seen: dict[str, Trouble] = {}
    for one in troubles:
        seen.setdefault(one.tid, one)
    for one in list(seen.values())[:_MACHINES]:
        yield Fault(cause=one.cause, tid=one.tid)


def _joined(replies: Sequence[Reply]) -> str:
    return "".join(reply.text for reply in replies)
