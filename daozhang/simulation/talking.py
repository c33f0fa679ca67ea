"""A simulated merchant who talks with the assistant: tells, picks, does steps, errs, digresses.

What they do comes from what was planted and from chance; what they hear is the real assistant's.
The course of the talk is held against the truth: did it end solved or rightly handed over, in how
many turns, and how many steps were useless.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from sqlalchemy import select

from daozhang.cases.assistant import Assistant, Incoming, Route
from daozhang.cases.facts import facts_for
from daozhang.cases.models import Case, CaseStatus, Ticket
from daozhang.cases.questions import (
    DetailQuestion,
    Fault,
    FaultQuestion,
    PickQuestion,
    read_question,
)
from daozhang.cases.status import case_state, latest_case
from daozhang.cases.talk import KNOWLEDGE, MONEY, PERSON
from daozhang.clock import Clock
from daozhang.database import Sessions
from daozhang.diagnosis.investigation import Investigation
from daozhang.ledger.models import Merchant, Terminal, Txn
from daozhang.playbook.rehearsals import load_walk
from daozhang.playbook.state import Kind, Outcome, State
from daozhang.replies import Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.simulation.complaining import Complaint
from daozhang.simulation.handiwork import Hands
from daozhang.simulation.knowing import fitting_walks, is_of_use, needed, sees
from daozhang.simulation.machine_faults import MACHINE_FAULTS
from daozhang.understanding import Entity, Understanding

__all__ = ["Course", "Ending", "talk_over"]

MOST_TURNS = 30
_TAKES_OFFER, _WATCHES = 0.85, 0.7
_DOES, _DIGRESSES, _UNCLEAR, _LATER, _PICKS_WRONG = 0.85, 0.12, 0.05, 0.04, 0.08
_ASIDES = ("say_why", "say_how", "ask_fee", "say_repeat", "greet", "ask_arrival_time")
_BAD_TICKETS = {"misses", "misunderstood", "going_round"}
_WATCHING = {"帮我盯着", "好，盯着"}
_OF_MACHINE = 0.5
"""How many of those whose machine refuses a payment speak of the machine, and of no payment."""


class Ending(StrEnum):
    """How a talk ended. TOLD: the verdict was all there was to say, and the merchant left."""

    SOLVED = "solved"
    PROMISED = "promised"
    TOLD = "told"
    PERSON = "person"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Course:
    """How one talk went."""

    complaint: Complaint
    ending: Ending
    right: bool
    turns: int
    steps: int
    useless_steps: tuple[str, ...]
    why: str
    """For a wrong ending, what came of it; for the list of what to mend."""

    @property
    def useless(self) -> int:
        return len(self.useless_steps)


class _MovedClock(Clock):
    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.time = now

    def now(self) -> datetime:
        return self.time


def talk_over(
    sessions: Sessions, complaint: Complaint, *, seed: int, now: datetime, calendar: WorkCalendar
) -> Course:
    """Have the complaint's merchant talk it over; the ledger of `sessions` is changed by it."""
    clock = _MovedClock(now)
    assistant = Assistant(sessions, calendar, clock)
    rng = Random(f"{seed}:talk:{complaint.fault.id}")
    return _Merchant(sessions, complaint, assistant, clock, rng, calendar).talk()


@dataclass
class _Merchant:
    sessions: Sessions
    complaint: Complaint
    assistant: Assistant
    clock: _MovedClock
    rng: Random
    calendar: WorkCalendar
    turns: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)
    """The steps that were shown, by playbook and name."""
    told: set[str] = field(default_factory=set)
    """Every outcome that was told of the payment meant, and every playbook begun."""
    needless: set[tuple[str, str]] = field(default_factory=set)
    """Steps that were shown although the records had their result already."""
    offered: set[str] = field(default_factory=set)
    """The walks that were on offer."""
    unable: bool = False
    """Whether a step that is needed could not or would not be done."""
    of_machine: bool = field(init=False)
    """Whether they speak of a machine and name no payment."""

    def __post_init__(self) -> None:
        told = self.complaint.fault.fault in MACHINE_FAULTS and self.rng.random() < _OF_MACHINE
        self.of_machine = self.complaint.about_machine or told

    def talk(self) -> Course:
        began = self.clock.now()
        replies = self._complain()
        while self.turns < MOST_TURNS:
            case = self._case()
            self._look(case)
            if any(one.ticket for one in replies):
                return self._course(Ending.PERSON, began)
            if case is None:
                return self._course(Ending.TOLD, began)
            if case.status is CaseStatus.WALKING:
                replies = self._at_step(case)
            elif case.status is CaseStatus.CLARIFYING:
                replies = self._answer(case)
            else:
                end = self._after_verdict(case, replies)
                if isinstance(end, Ending):
                    return self._course(end, began)
                replies = end
        return self._course(Ending.OPEN, began)

    def _complain(self) -> list[Reply]:
        asked, fault = self.complaint.asked, self.complaint.fault
        if self.of_machine:
            cause = asked.cause or fault.cause
            return self._say("report_fault", causes=((str(cause), 0.8),))
        at_counter = fault.outcome in {"outcome_unknown", "declined"} or fault.fault == "mistyped"
        causes = ((str(asked.cause), asked.cause_confidence),) if asked.cause else ()
        text = f"{fault.complaint}，估计是这个原因" if asked.explains else fault.complaint
        intent = "report_fault" if at_counter else "report_delay"
        return self._say(intent, *self._details(), causes=causes, text=text)

    def _details(self) -> list[Entity]:
        asked = self.complaint.asked
        entities = []
        if asked.amount_low is not None:
            entities.append(Entity("amount", f"{asked.amount_low}/{asked.amount_high}", "x"))
        if asked.since is not None:
            entities.append(Entity("time", f"{asked.since:%Y-%m-%d}", "x"))
        if asked.ref_no is not None:
            entities.append(Entity("ref_no", asked.ref_no, "x"))
        if asked.card_last4 is not None:
            entities.append(Entity("card_last4", asked.card_last4, "x"))
        return entities

    def _answer(self, case: Case) -> list[Reply]:
        match read_question(case.question):
            case PickQuestion(options=options):
                meant = self.complaint.fault.txn_id
                places = [n for n, ids in enumerate(options) if meant in ids]
                if self.rng.random() < _PICKS_WRONG:
                    self._tap(f"pick:{self.rng.randrange(len(options))}")
                    return self._say("say_correct", *self._truth())
                return self._tap(f"pick:{places[0]}" if places else "pick:none")
            case FaultQuestion(options=options):
                return self._tap(f"fault:{self._meant(options)}")
            case DetailQuestion():
                return self._say("ask_status", *self._truth())
            case _:
                return self._complain()

    def _meant(self, options: Sequence[Fault]) -> int:
        """The option that is their machine's trouble; else their machine, else the last."""
        fault = self.complaint.fault
        places = [n for n, one in enumerate(options) if one.tid == fault.tid]
        right = [n for n in places if options[n].cause == fault.cause]
        return next(iter((*right, *places)), len(options) - 1)

    def _truth(self) -> list[Entity]:
        """What stands on the slip, looked up again: sum and day of the payment."""
        with self.sessions() as session:
            txn = session.get(Txn, self.complaint.fault.txn_id or 0)
            if txn is None:
                return [Entity("amount", self.complaint.fault.amount or 100, "x")]
            day = Entity("time", f"{txn.local_at:%Y-%m-%d}", "x")
            return [Entity("amount", txn.amount, "x"), day]

    def _after_verdict(self, case: Case, replies: Sequence[Reply]) -> Ending | list[Reply]:
        buttons = [one.id for reply in replies for one in reply.buttons]
        walk = next((one for one in buttons if one.startswith("walk:")), None)
        noted = next((one for one in buttons if one.startswith("resume:")), None)
        if self.of_machine and noted is not None:
            return self._tap(noted)
        if case.status is not CaseStatus.INFORMED:
            return Ending.SOLVED if case.status is CaseStatus.SOLVED else Ending.OPEN
        if case.playbook_state and State.from_json(case.playbook_state).ended:
            return Ending.PROMISED
        if walk is not None:
            self.offered.add(walk.removeprefix("walk:"))
        if walk is not None and self.rng.random() < _TAKES_OFFER:
            return self._tap(walk)
        if "watch" in buttons and self.rng.random() < _WATCHES:
            self._tap("watch")
            return Ending.PROMISED
        return Ending.TOLD

    def _at_step(self, case: Case) -> list[Reply]:
        if self.of_machine and case.tid not in {None, self.complaint.fault.tid}:
            return self._say("deny", text="不是这台，是另一台")
        state = State.from_json(case.playbook_state or "")
        chance = self.rng.random()
        if chance < _LATER:
            self._say("say_later")
            self.clock.time += timedelta(hours=self.rng.choice((2, 16)))
            return self._say("greet")
        if chance < _LATER + _UNCLEAR:
            return self._say("nlu_fallback", text="呃那个就是")
        if chance < _LATER + _UNCLEAR + _DIGRESSES:
            return self._say(self.rng.choice(_ASIDES))
        step = load_walk(state.playbook, state.version).steps[state.step]
        if step.check is None or step.labels.done in _WATCHING:
            watching = step.labels.done in _WATCHING and self.rng.random() > _WATCHES
            seen = sees(self.complaint.fault, state.playbook, step.id)
            return self._tap(f"step:{Kind.CANNOT if watching else seen}")
        if self.rng.random() > _DOES:
            self.unable = self.unable or step.check.name == needed(self.complaint.fault)
            return self._tap(f"step:{self.rng.choice((Kind.FAILED, Kind.CANNOT))}")
        self.clock.time += timedelta(minutes=3)
        with self.sessions.begin() as session:
            fault = self.complaint.fault
            tid = fault.tid
            Hands(
                session,
                session.get_one(Merchant, fault.mid),
                session.get(Terminal, tid) if tid else None,
                session.get(Txn, fault.txn_id) if fault.txn_id else None,
                self.clock.now(),
            ).do(step.check.name)
        return self._tap("step:done")

    def _say(
        self,
        intent: str,
        *entities: Entity,
        text: str = "…",
        causes: tuple[tuple[str, float], ...] = (),
    ) -> list[Reply]:
        return self._turn(
            Understanding(text, intent, 0.9, (), causes, entities, said_at=self.clock.now())
        )

    def _tap(self, choice: str) -> list[Reply]:
        return self._turn(Understanding("", "affirm", choice=choice))

    def _turn(self, understood: Understanding) -> list[Reply]:
        self.turns += 1
        conversation = f"talk-{self.complaint.fault.id}"
        with self.sessions() as session:
            is_open = case_state(session, conversation).open
        route = Route.PLAYBOOK if is_open or understood.choice else _door(understood.intent)
        incoming = Incoming(
            f"{conversation}-{self.turns}", conversation, self.complaint.fault.mid, understood
        )
        return self.assistant.respond(route, incoming)

    def _case(self) -> Case | None:
        with self.sessions() as session:
            return latest_case(session, f"talk-{self.complaint.fault.id}")

    def _look(self, case: Case | None) -> None:
        """Keep what was told and which step is shown."""
        if case is None:
            return
        if case.outcome and (self.complaint.fault.txn_id in case.txn_ids or not case.txn_ids):
            self.told.add(case.outcome)
        if case.playbook and case.playbook_state:
            self.told.add(case.playbook)
            place = (case.playbook, State.from_json(case.playbook_state).step)
            if case.status is CaseStatus.WALKING and place not in self.shown:
                self.shown.append(place)
                check = load_walk(case.playbook).steps[place[1]].check
                if check is not None and self._confirmed(check.name, self.clock.now()):
                    self.needless.add(place)

    def _course(self, ending: Ending, began: datetime) -> Course:
        fault = self.complaint.fault
        useless = tuple(
            f"{fault.fault} {fault.note}: {playbook}.{step}"
            for playbook, step in self.shown
            if (playbook, step) in self.needless or not is_of_use(fault, playbook, step)
        )
        wrong = self._wrong(ending, began)
        return Course(
            self.complaint, ending, not wrong, self.turns, len(self.shown), useless, wrong
        )

    def _wrong(self, ending: Ending, began: datetime) -> str:
        """What is wrong with the ending; nothing when the matter is solved or in right hands."""
        fault, need = self.complaint.fault, needed(self.complaint.fault)
        if ending is Ending.OPEN:
            return "no end"
        if ending is Ending.PERSON:
            reason = self._ticket()
            lost = reason in _BAD_TICKETS and fault.fault != "not_found"
            return f"given to a person for {reason}" if lost else ""
        if self.of_machine:
            if not self.told & set(fitting_walks(fault)):
                return f"told {sorted(self.told)}"
        elif fault.outcome not in self.told:
            return f"told {sorted(self.told)}"
        if need is None or self.unable or self._confirmed(need, began):
            return ""
        fitting = fitting_walks(fault)
        walked = [step for playbook, step in self.shown if playbook in fitting]
        if walked:
            return f"{ending} without {need}, after {', '.join(walked)}"
        return "" if self.offered & set(fitting) else f"{ending}, no way to {need} was offered"

    def _ticket(self) -> str:
        with self.sessions() as session:
            wanted = select(Ticket.reason).where(
                Ticket.conversation_id == f"talk-{self.complaint.fault.id}"
            )
            return session.scalars(wanted).first() or ""

    def _confirmed(self, check: str, began: datetime) -> bool:
        """Whether the records show it now."""
        fault = self.complaint.fault
        with self.sessions() as session:
            looked = Investigation(session, fault.mid, self.calendar, self.clock.now())
            txns = [fault.txn_id] if fault.txn_id else []
            result = facts_for(looked, txns, began).checks.get(check)
        return result is not None and result.outcome is Outcome.CONFIRMED


def _door(intent: str) -> Route:
    if intent in MONEY:
        return Route.DIAGNOSE
    if intent in KNOWLEDGE:
        return Route.ANSWER
    if intent in PERSON:
        return Route.HAND_OVER
    return Route.ASK_BACK if intent == "nlu_fallback" else Route.SMALLTALK
