"""Walking a case through its playbook: facts in, effects out, the case's record kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from daozhang.cases.facts import facts_for
from daozhang.cases.models import Case, CaseStatus, PromiseKind
from daozhang.cases.promises import promise
from daozhang.cases.reminders import reminder_of
from daozhang.cases.tickets import open_ticket, ticket_card
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.verdict import Verdict
from daozhang.playbook.engine import advance, start
from daozhang.playbook.model import Playbook
from daozhang.playbook.rehearsals import load_rehearsals, load_walk
from daozhang.playbook.state import (
    Advance,
    Ask,
    Effect,
    Ended,
    Facts,
    HandOver,
    Input,
    Kind,
    Outcome,
    PassOn,
    Promise,
    State,
)
from daozhang.playbook.turn import MAX_BUBBLES, in_bubbles
from daozhang.replies import Button, Reply
from daozhang.understanding import Understanding

__all__ = ["BARE", "Walk", "keep_verdict", "outcome_told", "step_input", "steps_tried"]

BARE = 8
"""Up to so many characters an outcome is just that; what is longer tells the staff something."""

_BUTTONS = {
    "step:done": Kind.DONE,
    "step:failed": Kind.FAILED,
    "step:cannot": Kind.CANNOT,
    "step:how": Kind.HOW,
}
_INTENTS: Mapping[str, Kind] = {
    "step_done": Kind.DONE,
    "affirm": Kind.YES,
    "step_failed": Kind.FAILED,
    "deny": Kind.NO,
    "say_repeat": Kind.REPEAT,
    "say_back": Kind.BACK,
    "say_how": Kind.HOW,
    "ask_fix": Kind.HOW,
    "say_why": Kind.WHY,
    "say_skip": Kind.SKIP,
    "say_stop": Kind.STOP,
    "say_later": Kind.LATER,
    "goodbye": Kind.LATER,
    "ask_human": Kind.PERSON,
    "complain_anger": Kind.PERSON,
}
_CLAUSE = re.compile(r"[，,。；;！!\s]+|(?=但|不过|就是|可是)")
_DONE = re.compile(
    "(?:我)?(?:都)?(?:已经)?(?:弄|做|搞|试|换|重启|开|签|看)?(?:好|完|过|到)了|(?:可以|行|成|有)了"
)
_FAILED = re.compile(
    "(?:我)?(?:弄|做|搞|试|换|重启)(?:了|过了?)?(?:还|也)?(?:是)?(?:不行|没用|不好使)|没(?:弄|做|搞)(?:好|成|完)"
    "|(?:还是|也)?(?:不行|不好使|没用|没好|没反应)"
)
_WORKS = re.compile("可以|行|成|有")
"""Done where a reserve follows ("可以，就是慢"); else it may be a yes ("行，我试试")."""
_RESERVE = re.compile("但|不过|就是|可是")
_STILL_NOT = re.compile(
    "还是(?:不行|不好使|没用|没好|没反应|老样子|[开连打刷用上读出收签]不[了上出开来好]|没(?:信号|网|反应))"
    "(?!.*(?:好|行|可以|有)了)"
)
"""Said of what was just tried, and not of what was before it went well."""
_ENDS = {Kind.PERSON, Kind.STOP}
"""What is wished for whatever became of the step ("还是不行，转人工")."""
_OUTCOMES = {Kind.DONE, Kind.FAILED, Kind.CANNOT, Kind.YES, Kind.NO}


def step_input(understood: Understanding) -> Input:
    """What a message amounts to for the step the walk is at; UNCLEAR when it is nothing of that."""
    if understood.choice in _BUTTONS:
        return Input(_BUTTONS[understood.choice])
    kind = _INTENTS.get(understood.intent, Kind.UNCLEAR)
    if kind not in _ENDS and (told := outcome_told(understood.text)) is not None:
        return told
    tells_more = kind in _OUTCOMES and len(understood.text) > BARE
    return Input(kind, understood.text if tells_more else "")


def outcome_told(text: str) -> Input | None:
    """How a step went, where the words begin with it and go on to something else.

    "好了，但屏幕有点花" is done with a comment, whatever the rest of it says. An outcome alone is
    left to the bot's room, unless it is plainly said of what was just tried.
    """
    comment = text if len(text) > BARE else ""
    if _STILL_NOT.search(text):
        return Input(Kind.FAILED, comment)
    first, *rest = [part for part in _CLAUSE.split(text.strip()) if part] or [""]
    if not rest:
        return None
    tried = bool(_DONE.fullmatch(first))
    if _FAILED.fullmatch(first) or (tried and _FAILED.fullmatch(rest[0])):
        return Input(Kind.FAILED, comment)
    works = _WORKS.fullmatch(first) and _RESERVE.match(rest[0])
    return Input(Kind.DONE, comment) if tried or works else None


@dataclass(frozen=True, slots=True)
class Walk:
    """One case on its way through a playbook, within a transaction.

    Only a rehearsal is walked without a known merchant.
    """

    session: Session
    case: Case
    investigation: Investigation | None
    now: datetime

    def begin(self, key: str, before: State | None = None) -> list[Reply]:
        """Start the playbook, for the walk `before` where that passed on; the case is walking."""
        playbook = load_walk(key)
        self.case.playbook = key
        self.case.status = CaseStatus.WALKING
        return self._keep(start(playbook, self._facts(self.now), before))

    def go_on(self, given: Input) -> list[Reply]:
        """Answer one input at the step the walk is at."""
        playbook, state, facts = self._standing()
        return self._keep(advance(playbook, state, given, facts))

    def answered(self) -> bool:
        """Whether the records have an answer to the present step, so that a look moves it on."""
        playbook, state, facts = self._standing()
        step = playbook.steps.get(state.step)
        result = facts.checks.get(step.check.name) if step and step.check else None
        return result is not None and result.outcome is not Outcome.NOT_YET

    def about(self) -> set[str]:
        """The cause of the case, and the playbooks that are walked for it or were and passed on."""
        state = State.from_json(self.case.playbook_state or "")
        return {self.case.cause or "", state.playbook, *state.passed}

    def _standing(self) -> tuple[Playbook, State, Facts]:
        state = State.from_json(self.case.playbook_state or "")
        playbook = load_walk(state.playbook, state.version)
        return playbook, state, self._facts(state.entered_at)

    def _facts(self, since: datetime) -> Facts:
        """What the records say; a rehearsal is not about any."""
        if self.case.playbook in load_rehearsals():
            return Facts(self.now)
        if self.investigation is None:
            raise RuntimeError("a playbook is only walked with a known merchant")
        return facts_for(
            self.investigation,
            self.case.txn_ids,
            since,
            tid=self.case.tid,
            reminder_on=reminder_of(self.session, self.investigation.ledger.mid) is not None,
        )

    def _keep(self, result: Advance) -> list[Reply]:
        case = self.case
        case.playbook_state = result.state.to_json()
        case.misses = result.state.misses
        match result.state.ended:
            case Ended.SOLVED:
                case.status = CaseStatus.SOLVED
            case Ended.PROMISE:
                case.status = CaseStatus.INFORMED
            case Ended.STOPPED:
                case.status = CaseStatus.CLOSED
            case _:
                pass
        *_, last = result.effects
        if isinstance(last, PassOn):
            begun = self.begin(last.playbook, result.state)
            return _in_front([effect.text for effect in result.effects], begun)
        return [self._reply(effect) for effect in result.effects]

    def _reply(self, effect: Effect) -> Reply:
        match effect:
            case Ask(text=text, buttons=buttons):
                return Reply(
                    text=text, buttons=tuple(Button(id=id_, label=label) for id_, label in buttons)
                )
            case Promise(kind=kind, text=text):
                self._watch(PromiseKind(kind))
                return Reply(text=text)
            case HandOver(reason=reason, text=text, note=note):
                notes = [*steps_tried(self.case), *([note] if note else [])]
                ticket = open_ticket(self.session, self.case, reason, self.now, notes)
                return Reply(text=text, ticket=ticket_card(self.session, ticket, self.now))
            case _:
                return Reply(text=effect.text)

    def _watch(self, kind: PromiseKind) -> None:
        """Promise from how the payment stands now: what the walk itself changed is no news."""
        verdict = self.investigation.of(self.case.txn_ids) if self.investigation else None
        if verdict is not None:
            keep_verdict(self.case, verdict)
        promise(self.session, self.case, kind, self.now)


def _in_front(texts: Sequence[str], replies: Sequence[Reply]) -> list[Reply]:
    """The replies with `texts` before them, in bubbles of their own as far as there is room."""
    if room := MAX_BUBBLES - len(replies):
        return [*(Reply(text=one) for one in in_bubbles(texts, room)), *replies]
    first, *rest = replies
    return [first.model_copy(update={"text": "".join([*texts, first.text])}), *rest]


def keep_verdict(case: Case, verdict: Verdict) -> None:
    """What the merchant has been told of the case's payments as of now."""
    case.outcome, case.finding, case.cause = verdict.outcome, verdict.finding, verdict.cause
    case.evidence = [f"{row.table} {row.key}: {row.fact}" for row in verdict.evidence]


def steps_tried(case: Case) -> list[str]:
    """How each step of the case's walk went, for the staff; none where nothing was walked."""
    if case.playbook_state is None:
        return []
    tried = State.from_json(case.playbook_state).tried
    return [f"步骤 {step}：{result}" for step, result in tried]
