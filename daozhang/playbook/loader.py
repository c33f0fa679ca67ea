"""From `data/playbooks/<key>.yml` to a Playbook, refusing what would leave a merchant stranded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from daozhang.errors import PlaybookError
from daozhang.playbook.begins import read_beginnings
from daozhang.playbook.model import (
    Check,
    Condition,
    Ending,
    EndingKind,
    Labels,
    Notice,
    Playbook,
    Step,
)
from daozhang.playbook.rules import check_graph
from daozhang.playbook.source import Problem, Problems, Table, read_yaml
from daozhang.playbook.vocabulary import CHECKS, FLAGS, PROMISES, TERMINALS
from daozhang.playbook.wording import LABEL, TEXT, TITLE, check_words
from daozhang.settings import ROOT

__all__ = ["PLAYBOOKS", "find_problems", "load_all", "load_playbook", "read_playbook"]

PLAYBOOKS = ROOT / "data" / "playbooks"

_STEP = (
    *("only_if", "unless", "otherwise", "skipped", "say", "why", "how_to", "worked"),
    *("labels", "check", "done", "failed", "cannot", "once"),
)
_USUAL = "usual"
_CHECK = (
    *("name", "seen", "not_yet", "tries", "minutes"),
    *("confirmed", "refuted", "unseen", "timeout"),
)


@cache
def load_playbook(key: str, version: int | None = None, folder: Path = PLAYBOOKS) -> Playbook:
    """The playbook `key`: the present one, or the `version` that a running case began with.

    Earlier versions are kept as `retired/<key>.v<version>.yml`. Raises PlaybookError.
    """
    playbook = _load(folder / f"{key}.yml", key)
    if version is None or playbook.version == version:
        return playbook
    retired = _load(folder / "retired" / f"{key}.v{version}.yml", key)
    if retired.version != version:
        raise PlaybookError(f"{key}.v{version}.yml 里写的是 version: {retired.version}，请改一致")
    return retired


def load_all(folder: Path = PLAYBOOKS) -> Mapping[str, Playbook]:
    """Every present playbook by its key. Raises PlaybookError for the first that is wrong."""
    return {
        path.stem: load_playbook(path.stem, None, folder) for path in sorted(folder.glob("*.yml"))
    }


def find_problems(text: str, key: str) -> tuple[Problem, ...]:
    """All complaints about a playbook's text, in the order of its lines; none when it is good."""
    return _read(text, key)[1]


def read_playbook(text: str, key: str) -> Playbook:
    """The playbook in `text`. Raises PlaybookError with the first complaint."""
    playbook, problems = _read(text, key)
    if problems:
        more = f"（另有{len(problems) - 1}处）" if len(problems) > 1 else ""
        raise PlaybookError(f"{problems[0]}{more}")
    return playbook


def _load(path: Path, key: str) -> Playbook:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PlaybookError(
            f"读不到 {path.name}，请确认文件在 data/playbooks 下并存为 UTF-8"
        ) from None
    return read_playbook(text, key)


def _read(text: str, key: str) -> tuple[Playbook, tuple[Problem, ...]]:
    problems = Problems(f"{key}.yml")
    playbook = Playbook(key, 0, "", "", {}, {})
    table = read_yaml(text, problems)
    if table is not None:
        playbook = _playbook(table, key)
        if not problems.found:
            check_graph(playbook, table)
    return playbook, tuple(sorted(set(problems.found)))


def _playbook(table: Table, key: str) -> Playbook:
    table.only(("key", "version", "title", "begins", "opening", "start", "steps", "ends"))
    named = table.text("key", "请在开头写“key:”和这份手册的名字")
    if named and named != key:
        table.complain("key", f"key 是“{named}”，文件名却是“{key}”，请改成一样")
    title = table.text("title", "请写“title:”，给手册一个中文标题")
    check_words(table, "title", title, TITLE)
    steps = table.tables("steps", "步骤", "请在“steps:”下写步骤")
    endings = table.tables("ends", "结局", "请在“ends:”下写结局")
    return Playbook(
        key=key,
        version=table.number("version", 1, 9999),
        title=title,
        start=table.text("start", "请写“start:”和第一步的名字"),
        steps={name: _step(name, inner) for name, inner in steps},
        endings={name: _ending(name, inner) for name, inner in endings},
        begins=read_beginnings(table),
        opening=tuple(_notice(row) for row in table.rows("opening", "开场白")),
    )


def _notice(table: Table) -> Notice:
    table.only(("say", "only_if", "unless"))
    return Notice(_words(table, "say", "开场白要有“say:”"), _condition(table))


def _step(name: str, table: Table) -> Step:
    table.only(_STEP)
    _usable_name(name, table)
    when = _condition(table)
    if when == Condition() and ("otherwise" in table or "skipped" in table):
        table.complain("otherwise", "没有 only_if 或 unless 就用不到 otherwise、skipped，请删掉")
    way = "请补上“{}:”，写下一步或结局的名字"
    has_check = "check" in table
    how_to, on_terminals = _how_to(table)
    if has_check and "done" in table:
        table.complain("done", "有 check 的步骤由记录决定去向，请删掉“done:”")
    return Step(
        id=name,
        say=_words(table, "say", "请写“say:”，用一两句话说做什么"),
        why=_words(table, "why", "请写“why:”，用半句话说为什么"),
        how_to=how_to,
        on_terminals=on_terminals,
        worked=_words(table, "worked", "请写“worked:”，说怎么看出做成了"),
        on_failed=table.text("failed", f"“没解决”没有去处，{way.format('failed')}"),
        on_cannot=table.text("cannot", f"“做不了”没有去处，{way.format('cannot')}"),
        on_done="" if has_check else table.text("done", f"“做好了”没有去处，{way.format('done')}"),
        check=_check(table) if has_check else None,
        labels=_labels(table),
        when=when,
        otherwise=table.text("otherwise", f"条件不成立时没有去处，{way.format('otherwise')}")
        if when != Condition()
        else "",
        skipped=_words(table, "skipped"),
        once=_once(table),
    )


def _once(step: Table) -> bool:
    said = step.text("once")
    if said not in {"", "true"}:
        step.complain("once", "“once:”只能写 true，不要就删掉")
    return bool(said)


def _how_to(step: Table) -> tuple[str, dict[str, str]]:
    """The usual words, and those for kinds of terminal where the entry is a table of them."""
    if not step.has_table("how_to"):
        return _words(step, "how_to", "请写“how_to:”，商户问“怎么做”时用"), {}
    table = step.table("how_to")
    if table is None:
        return "", {}
    table.only((_USUAL, *TERMINALS))
    usual = _words(table, _USUAL, "请写“usual:”，机器类型不知道时用")
    return usual, {kind: _words(table, kind) for kind in TERMINALS if kind in table}


def _check(step: Table) -> Check | None:
    table = step.table("check")
    if table is None:
        return None
    table.only(_CHECK)
    name = table.text("name", "请写“name:”和要查的记录")
    _known(table, "name", name, CHECKS)
    timeout = table.text("timeout", "一直没看到时没有去处，请补上“timeout:”，写下一步或结局的名字")
    return Check(
        name=name,
        seen=_words(table, "seen", "请写“seen:”，说看到了什么", detail=True),
        not_yet=_words(table, "not_yet", "请写“not_yet:”，如实说还没看到什么", detail=True),
        on_confirmed=table.text("confirmed", "看到后没有去处，请补上“confirmed:”"),
        on_refuted=table.text("refuted", "记录显示不成时没有去处，请补上“refuted:”"),
        on_unseen=table.text("unseen") or timeout,
        on_timeout=timeout,
        tries=table.number("tries", 1, 5),
        patience=timedelta(minutes=table.number("minutes", 1, 24 * 60)),
    )


def _labels(step: Table) -> Labels:
    table = step.table("labels")
    if table is None:
        return Labels()
    table.only(("done", "failed", "cannot"))
    words = {name: table.text(name) for name in ("done", "failed", "cannot")}
    for name, label in words.items():
        check_words(table, name, label, LABEL, places=())
    return Labels(**words)


def _ending(name: str, table: Table) -> Ending:
    table.only(("kind", "say", "tip", "note", "promise", "to"))
    _usable_name(name, table)
    kinds = "、".join(EndingKind)
    said = table.text("kind", f"请写“kind:”，选一种：{kinds}")
    kind = EndingKind(said) if said in set(EndingKind) else EndingKind.SOLVED
    if said and said != kind:
        table.complain("kind", f"没有“{said}”这种结局，只能是：{kinds}")
    promise = note = to = ""
    if kind is EndingKind.PROMISE:
        promise = table.text("promise", "请写“promise:”，说明答应商户盯什么")
        _known(table, "promise", promise, PROMISES)
    if kind is EndingKind.HAND_OVER:
        note = _words(table, "note", "请写“note:”，告诉接手的同事要做什么")
    if kind is EndingKind.ELSEWHERE:
        to = table.text("to", "请写“to:”和接着走的那份手册的名字")
        if to and not (PLAYBOOKS / f"{to}.yml").is_file():
            table.complain("to", f"没有手册“{to}”，请写 data/playbooks 里的名字")
        if "tip" in table:
            table.complain("tip", "后面还有别的步骤，“tip:”写到那份手册里")
    say = _words(table, "say", "请写“say:”，说给商户听的最后一句")
    return Ending(name, kind, say, _words(table, "tip"), note, promise, to)


def _usable_name(name: str, table: Table) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) or name == "end":
        table.complain("", "名字只能用小写字母、数字和下划线，字母开头，也不能叫 end，请改名")


def _condition(table: Table) -> Condition:
    for key in ("only_if", "unless"):
        _known(table, key, table.text(key), FLAGS)
    return Condition(table.text("only_if"), table.text("unless"))


def _known(table: Table, key: str, name: str, names: Mapping[str, str]) -> None:
    if name and name not in names:
        table.complain(key, f"“{key}”不能是“{name}”，只能是：{'、'.join(names)}")


def _words(table: Table, key: str, missing: str = "", *, detail: bool = False) -> str:
    text = table.text(key, missing)
    check_words(table, key, text, TEXT, detail=detail)
    return text
