"""What a talk is: a YAML file with a world, a clock and turns (docs/talks.md), read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from daozhang.cases.models import CaseStatus, PromiseKind
from daozhang.causes import Cause
from daozhang.clock import SHANGHAI
from daozhang.conversations.models import Control
from daozhang.diagnosis.verdict import Finding, Outcome
from daozhang.errors import InputError
from daozhang.ledger.worldfile import World
from daozhang.playbook.loader import load_all
from daozhang.playbook.rehearsals import load_rehearsals
from daozhang.settings import ROOT
from daozhang.simulation.simulated_terminal import Action

__all__ = [
    "CLASSES",
    "TALKS",
    "Change",
    "Class",
    "Expected",
    "Heard",
    "Talk",
    "TalkError",
    "Turn",
    "read_talk",
    "talk_files",
]

TALKS = Path(__file__).parent
WORLDS = TALKS / "worlds"
SCENARIOS = TALKS.parent / "diagnosis" / "scenarios"


class TalkError(Exception):
    """A file that is no talk: one line with the file, the line in it and what to do."""


class Class(StrEnum):
    """The twelve kinds of talk; each has a folder of its name."""

    HAPPY_PATH = "happy_path"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"
    DIGRESSION = "digression"
    DISAMBIGUATION = "disambiguation"
    GUARDS = "guards"
    INVALID_INPUT = "invalid_input"
    NEGATION = "negation"
    REPEAT = "repeat"
    RESUME = "resume"
    CHITCHAT = "chitchat"
    KNOWLEDGE = "knowledge"


CLASSES = tuple(Class)


@cache
def _domain() -> tuple[frozenset[str], frozenset[str]]:
    """The intents and the kinds of entities that the bot's room knows."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return frozenset(domain["intents"]), frozenset(domain["entities"])


def _intent(name: str) -> str:
    if name not in _domain()[0]:
        raise ValueError(f"没有意图“{name}”，请照 domain.yml 写")
    return name


def _moment(text: Any) -> Any:
    moment = datetime.fromisoformat(text) if isinstance(text, str) else text
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


_SPANS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _span(text: Any) -> Any:
    unit = _SPANS.get(str(text)[-1:])
    if unit is None or not str(text)[:-1].isdecimal():
        raise ValueError("等多久写成 20m、3h 或 1d")
    return timedelta(**{unit: int(str(text)[:-1])})


def _listed(value: Any) -> Any:
    """One value stands for a list of one; "none" for an empty list."""
    if value == "none":
        return ()
    return value if isinstance(value, list | tuple) else (value,)


class _Loader(yaml.SafeLoader):
    """YAML in which only figures, true and false are more than text: 23:00 is no number."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML reads a class dict


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9]\d*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true$|false$"), list("tf"))


type Moment = Annotated[datetime, BeforeValidator(_moment)]
type Span = Annotated[timedelta, BeforeValidator(_span)]
type Intent = Annotated[str, BeforeValidator(_intent)]
type Listed[T] = Annotated[tuple[T, ...], BeforeValidator(_listed)]
type Nothing = Literal["none"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Heard(_Part):
    """What the bot's room makes of a text.

    `words` are the entities: a piece of the text with “kind value”, as `昨天: time 2026-11-21`,
    and `approx` after an amount that was said to be about so much.
    """

    intent: Intent
    causes: Listed[Cause] = ()
    sure: float = Field(default=0.8, ge=0, le=1)
    """How sure the room is of the causes."""
    words: dict[str, str] = {}
    likely: Listed[Intent] = ()
    """The readings between which it cannot decide, for `nlu_fallback`."""

    @model_validator(mode="after")
    def _entities(self) -> Self:
        for raw in self.words:
            kind = self.words[raw].partition(" ")[0]
            if kind not in _domain()[1]:
                raise ValueError(f"“{raw}”写成“{kind}”，没有这种实体，请照 domain.yml 写")
        return self

    def message(self, text: str) -> dict[str, Any]:
        """The same in the shape of Rasa's `latest_message`."""
        confidence = 0.2 if self.intent == "nlu_fallback" else 0.9
        ranking = self.likely or (self.intent,)
        return {
            "text": text,
            "intent": {"name": self.intent, "confidence": confidence},
            "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking],
            "causes": [{"name": cause.value, "confidence": self.sure} for cause in self.causes],
            "entities": [_entity(raw, said) for raw, said in self.words.items()],
        }


def _entity(raw: str, said: str) -> dict[str, Any]:
    kind, value, *more = said.split()
    return {
        "entity": kind,
        "value": int(value) if kind == "amount" and value.isdecimal() else value,
        "raw": raw,
        "approx": more == ["approx"],
    }


class Change(_Part):
    """A row of the ledger that becomes otherwise, or that is new.

    Just one of the first fields says which row; `set` has the columns, times as ISO or `now`.
    """

    txn: str | None = None
    """A payment's key in the world."""
    terminal: str | None = None
    merchant: str | None = None
    payout: str | None = None
    hold: int | None = None
    incident: int | None = None
    new: Literal["payout", "event", "sale", "hold", "incident", "void", "refund"] | None = None
    carries: Listed[str] = ()
    """Keys of the payments that a new payout carries, or that a new hold, void or refund is of."""
    set: dict[str, Any] = {}

    @model_validator(mode="after")
    def _one_row(self) -> Self:
        rows = (self.txn, self.terminal, self.merchant, self.payout, self.hold, self.incident)
        if sum(one is not None for one in (*rows, self.new)) != 1:
            raise ValueError(
                "要写明改哪一行：txn、terminal、merchant、payout、hold、incident 或 new，只写一个"
            )
        return self


class Expected(_Part):
    """What must be so after a turn. Only what is written is looked at."""

    status: CaseStatus | Nothing | None = None
    outcome: Outcome | Nothing | None = None
    finding: Finding | Nothing | None = None
    cause: Cause | Nothing | None = None
    playbook: str | None = None
    step: str | None = None
    """The step at which the walk stands."""
    ending: str | None = None
    """The ending that the walk has reached."""
    tried: dict[str, str] = {}
    """Steps with how they went last: done, failed, confirmed …"""
    question: Literal["pick", "detail", "intent", "fault", "none"] | None = None
    machine: str | None = None
    """The terminal number of the machine that the case is about."""
    buttons: Listed[str] | None = None
    """Exactly these buttons, in any order, over all bubbles of the turn."""
    offers: Listed[str] = ()
    """At least these buttons."""
    shows: Listed[int] | None = None
    """The payments whose timeline is shown, by their amount in fen."""
    said: Listed[str] = ()
    """Keys of texts (assistant, playbook, gateway), or `step.why`, `step.how_to`, `ending.tip` …"""
    unsaid: Listed[str] = ()
    answered: str | None = None
    """The answer that was given: an intent, or `intent/cause`."""
    evidence: Listed[str] = ()
    """Tables of rows on which the case's verdict rests."""
    ticket: str | None = None
    """The reason of the ticket that waits, or `none`."""
    staff_read: Listed[str] = ()
    """Pieces that must stand in the ticket's summary."""
    promises: Listed[PromiseKind] | None = None
    """Kinds of the promises that are open."""
    reminder: int | Nothing | None = None
    """Fen below which the merchant is told of their balance."""
    control: Control | None = None
    cases: int | None = None
    """How many cases there are in the conversation."""
    bubbles: int | None = None
    nowhere: Listed[str] = ()
    """What must be neither kept nor shown anywhere: card numbers, secrets, other shops' rows."""

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        books = {**load_all(), **load_rehearsals()}
        if self.playbook not in {None, "none", *books}:
            raise ValueError(f"没有手册“{self.playbook}”")
        return self


_ACTS = ("say", "tap", "wait", "at", "press", "ledger", "worker", "staff")


class Turn(_Part):
    """One thing that happens, and what must be so afterwards."""

    say: str | None = None
    heard: Heard | None = None
    tap: str | None = None
    """A button's id; `resume` is the first way back on offer."""
    wait: Span | None = None
    at: Moment | None = None
    press: Listed[Action] = ()
    """Keys of the simulated terminal."""
    ledger: tuple[Change, ...] = ()
    worker: Literal["looks"] | None = None
    staff: str | None = None
    """What a colleague writes; `close` closes the ticket."""
    expect: Expected = Expected()
    line: int = 0

    @model_validator(mode="after")
    def _one_act(self) -> Self:
        acts = [name for name in _ACTS if getattr(self, name) not in (None, ())]
        if len(acts) != 1:
            raise ValueError(f"一轮只写一件事：{'、'.join(_ACTS)}，这里有 {len(acts)} 件")
        if (self.say is None) != (self.heard is None):
            raise ValueError("说的话（say）要写上机器人听成什么（heard），别的轮次不写")
        for raw in self.heard.words if self.heard else ():
            if raw not in (self.say or ""):
                raise ValueError(f"heard 里的“{raw}”不在说的话里")
        return self


class Talk(_Part):
    """A talk: what it shows, the world it plays in, and its turns."""

    about: str = Field(min_length=1)
    world: World
    now: Moment | None = None
    stranger: bool = False
    """Whether nobody has proven to be the merchant."""
    rasa: bool = False
    """Whether it goes through the real bot as well."""
    turns: tuple[Turn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_a_clock(self) -> Self:
        if self.now is None and self.world.now is None:
            raise ValueError("要写 now，或用一个有 now 的世界")
        if not any(turn.expect != Expected() for turn in self.turns):
            raise ValueError("至少一轮要写 expect，不然什么也没有测")
        return self

    @property
    def begins(self) -> datetime:
        moment = self.now or self.world.now
        assert moment is not None
        return moment


def talk_files() -> Sequence[Path]:
    """Every talk's file, by class and name."""
    return sorted(TALKS.glob("*/*.yml"))


@cache
def read_talk(path: Path) -> Talk:
    """Read and check one file. Raises TalkError for the first mistake."""
    text = path.read_text(encoding="utf-8")
    where = f"{path.parent.name}/{path.name}"
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TalkError(f"{where} 第{line}行：写法不对，请检查缩进、冒号和引号") from None
    if path.parent.name not in CLASSES:
        raise TalkError(f"{where}：没有“{path.parent.name}”这一类，只有 {'、'.join(CLASSES)}")
    if not isinstance(root, yaml.MappingNode):
        raise TalkError(f"{where} 第1行：文件应是“键: 内容”的表，请照 docs/talks.md 写")
    _refuse_twice(root, where)
    content: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    try:
        content["world"] = _read_world(content.get("world", {}), root, where)
        for turn, node in zip(content["turns"], _child(root, "turns").value, strict=True):
            turn["line"] = node.start_mark.line + 1
        return Talk.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise TalkError(f"{where} 第{_line(root, first['loc'])}行{_complaint(first)}") from None
    except (KeyError, TypeError, AttributeError, ValueError):
        raise TalkError(
            f"{where}：要有 turns，每轮是一组“键: 内容”，请照 docs/talks.md 写"
        ) from None


def _read_world(said: Any, root: yaml.Node, where: str) -> World:
    try:
        return World.model_validate_json(json.dumps(_world(said)))
    except InputError as error:
        raise TalkError(f"{where} 第{_line(root, ('world',))}行：{error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        line = _line(root, ("world", *first["loc"]))
        place = ".".join(map(str, first["loc"]))
        raise TalkError(
            f"{where} 第{line}行，{place}：{first['msg']}，请照 docs/worlds.md 写"
        ) from None


def _world(said: Any) -> Any:
    """A world by name, or written out; `base` in it names one that it is written on top of."""
    if isinstance(said, str):
        return json.loads(_world_file(said).read_text(encoding="utf-8"))
    base = said.pop("base", None)
    return {**_world(base), **said} if base else said


def _world_file(name: str) -> Path:
    folder, _, number = name.rpartition("/")
    path = SCENARIOS / f"{number}.json" if folder == "scenario" else WORLDS / f"{name}.json"
    if not path.is_file():
        raise InputError(f"没有世界“{name}”，请看 tests/talks/worlds")
    return path


def _refuse_twice(node: yaml.Node, where: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise TalkError(f"{where} 第{line}行：“{key.value}”写了两次，请删掉一个")
            seen.add(key.value)
            _refuse_twice(value, where)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_twice(value, where)


def _child(node: yaml.Node, key: str | int) -> yaml.Node:
    """The node below; the node itself where there is none such."""
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), node)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        found = node.value[key]
        assert isinstance(found, yaml.Node)
        return found
    return node


def _line(root: yaml.Node, loc: Sequence[str | int]) -> int:
    """The line of the last name in `loc` that stands in the file."""
    node, line = root, root.start_mark.line + 1
    for key in loc:
        if isinstance(node, yaml.MappingNode):
            for name, _ in node.value:
                if name.value == key:
                    line = name.start_mark.line + 1
        node = _child(node, key)
        if isinstance(key, int):
            line = node.start_mark.line + 1
    return line


def _complaint(error: Any) -> str:
    """What is wrong there, in words."""
    names = [str(one) for one in error["loc"] if isinstance(one, str) and one.islower()]
    name, kind = names[-1] if names else "", error["type"]
    place = f"，{name}" if name else ""
    if kind == "extra_forbidden":
        return f"：不认识“{error['loc'][-1]}”，请照 docs/talks.md 写"
    if kind == "missing":
        return f"：缺少“{error['loc'][-1]}”"
    if kind in {"enum", "literal_error"}:
        return f"{place}：没有“{error['input']}”，只能是 {error['ctx']['expected']}"
    if kind == "value_error":
        return f"：{error['ctx']['error']}"
    return f"{place}：不认识“{error['input']}”，请照 docs/talks.md 写"
