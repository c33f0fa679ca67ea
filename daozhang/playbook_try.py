"""`daozhang playbook try`: walk a playbook in the terminal, and say oneself what records show.

No ledger, no bot: the engine answers, and the words of repair are typed as they stand in the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from daozhang.playbook.engine import advance, start
from daozhang.playbook.model import Playbook, Step
from daozhang.playbook.rehearsals import load_walk
from daozhang.playbook.state import (
    Advance,
    Ask,
    CheckResult,
    Facts,
    HandOver,
    Input,
    Kind,
    Outcome,
    PassOn,
    Promise,
    State,
)
from daozhang.playbook.vocabulary import CHECKS, FLAGS, PROMISES, TERMINALS
from daozhang.texts import load_texts

__all__ = ["try_out"]

_WORDS = {
    "再说一遍": Kind.REPEAT,
    "上一步": Kind.BACK,
    "怎么做": Kind.HOW,
    "为什么": Kind.WHY,
    "跳过": Kind.SKIP,
    "晚点再弄": Kind.LATER,
    "不弄了": Kind.STOP,
    "转人工": Kind.PERSON,
}
_BUTTONS = {
    "step:done": Kind.DONE,
    "step:failed": Kind.FAILED,
    "step:cannot": Kind.CANNOT,
    "step:how": Kind.HOW,
}
_WAIT = re.compile(r"等\s*(\d{1,5})(?:分钟?)?")
_SEEN = (Outcome.CONFIRMED, Outcome.NOT_YET, Outcome.REFUTED)


def try_out(
    key: str, lines: Iterator[str], write: Callable[[str], None], now: datetime
) -> State | None:
    """Walk the playbook or rehearsal `key` until it ends or the lines do; how it stands then.

    None when the lines end before the first step. Raises PlaybookError for a key that is none.
    """
    playbook = load_walk(key)
    texts = load_texts("try")
    write(
        texts(
            "welcome",
            title=playbook.title,
            version=playbook.version,
            words="、".join(_WORDS),
        )
    )
    try:
        trial = _Trial(playbook, lines, write, now)
    except StopIteration:
        return None
    state = trial.walk()
    key = "ended" if state.ended else "unfinished"
    tried = "、".join(f"{step} {way}" for step, way in state.tried) or "—"
    write(texts(key, ended=state.ended, ending=state.ending, step=state.step, tried=tried))
    return state


class _Trial:
    """One walk: the facts that were typed, and the buttons that stand."""

    def __init__(
        self,
        playbook: Playbook,
        lines: Iterator[str],
        write: Callable[[str], None],
        now: datetime,
    ) -> None:
        self._playbook = playbook
        self._lines = lines
        self._write = write
        self._texts = load_texts("try")
        self._buttons: tuple[tuple[str, str], ...] = ()
        flags = self._choose("flags", _flags_of(playbook), FLAGS)
        kinds = self._choose("terminal", _terminals_of(playbook), TERMINALS)
        self._facts = Facts(now, flags=frozenset(flags), terminal=kinds[0] if kinds else "")

    def walk(self) -> State:
        """Turn by turn, until the walk ends or nothing more is typed."""
        done = start(self._playbook, self._facts)
        self._show(done)
        while done.state.ended is None:
            line = next(self._lines, None)
            if line is None:
                break
            if not line.strip():
                continue
            try:
                given = self._hear(line.strip(), done.state)
            except StopIteration:
                break
            done = advance(self._playbook, done.state, given, self._facts)
            self._show(done)
        return done.state

    def _hear(self, line: str, state: State) -> Input:
        """What a line amounts to; where a check decides, what the records show is asked for."""
        self._facts = replace(self._facts, checks={})
        if wait := _WAIT.fullmatch(line):
            later = self._facts.now + timedelta(minutes=int(wait.group(1)))
            self._facts = replace(self._facts, now=later)
            kind = Kind.TICK
        elif line.isdecimal() and 0 < int(line) <= len(self._buttons):
            kind = _BUTTONS[self._buttons[int(line) - 1][0]]
        else:
            kind = _WORDS.get(line, Kind.UNCLEAR)
        check = self._playbook.steps[state.step].check
        if check is not None and kind in {Kind.DONE, Kind.TICK}:
            self._facts = replace(self._facts, checks={check.name: self._look(check.name)})
        return Input(kind)

    def _look(self, name: str) -> CheckResult:
        self._write(self._texts("check", name=CHECKS[name]))
        answer = next(self._lines).strip()
        place = int(answer) - 1 if answer.isdecimal() else 1
        return CheckResult(_SEEN[place] if 0 <= place < len(_SEEN) else Outcome.NOT_YET)

    def _choose(self, question: str, names: Sequence[str], words: dict[str, str]) -> list[str]:
        """The names whose numbers are typed; nothing is asked where there is nothing to choose."""
        if not names:
            return []
        self._write(self._texts(question))
        for number, name in enumerate(names, start=1):
            self._write(self._texts("option", number=number, label=words[name]))
        numbers = [int(one) - 1 for one in re.findall(r"\d+", next(self._lines))]
        return [names[one] for one in numbers if 0 <= one < len(names)]

    def _show(self, done: Advance) -> None:
        for effect in done.effects:
            self._write(self._texts("bot", text=effect.text))
            match effect:
                case Ask(buttons=buttons):
                    self._buttons = buttons
                    for number, (_, label) in enumerate(buttons, start=1):
                        self._write(self._texts("option", number=number, label=label))
                case Promise(kind=kind):
                    self._write(self._texts("promise", kind=PROMISES[kind]))
                case PassOn(playbook=key):
                    self._write(self._texts("passed", title=load_walk(key).title))
                case HandOver(note=note):
                    self._write(self._texts("ticket", note=note))
                case _:
                    pass


def _flags_of(playbook: Playbook) -> list[str]:
    """The flags that any part of the playbook asks for, in the order of the vocabulary."""
    conditions = [
        *(notice.when for notice in playbook.opening),
        *(step.when for step in playbook.steps.values()),
    ]
    used = {name for one in conditions for name in (one.only_if, one.unless)}
    return [name for name in FLAGS if name in used]


def _terminals_of(playbook: Playbook) -> list[str]:
    """The kinds of terminal for which any step says something of its own."""
    steps: list[Step] = list(playbook.steps.values())
    used = {kind for step in steps for kind in step.on_terminals}
    return [kind for kind in TERMINALS if kind in used]
