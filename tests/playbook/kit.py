"""Small helpers to talk to the engine in tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from daozhang.clock import SHANGHAI
from daozhang.playbook.engine import advance
from daozhang.playbook.loader import read_playbook
from daozhang.playbook.model import Playbook
from daozhang.playbook.state import Advance, Ask, CheckResult, Effect, Facts, Input, Kind, Outcome

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)

SMALL = """
key: small
version: 1
title: 小手册
start: plug
steps:
  plug:
    say: 请插上电源。
    why: 没电开不了机。
    how_to: 用原装充电器。
    worked: 屏幕亮起。
    done: sign
    failed: sign
    cannot: person
  sign:
    say: 请签到。
    why: 签到才有密钥。
    how_to:
      usual: 点“签到”。
      keypad_pos: 按“菜单”键选“签到”。
    worked: 显示“签到成功”。
    labels: {done: 签好了}
    check:
      name: signed_on
      seen: 看到了，{detail}签到成功。
      not_yet: 还没看到签到。
      confirmed: fine
      refuted: person
      tries: 2
      unseen: wait
      minutes: 10
      timeout: person
    failed: person
    cannot: wait
ends:
  fine: {kind: solved, say: 好了。, tip: 每天签到一次。}
  wait: {kind: promise, promise: reversal, say: 我盯着。}
  person: {kind: hand_over, say: 我请同事来。, note: "终端{tid}签到不成。"}
"""


def small() -> Playbook:
    return read_playbook(SMALL, "small")


def facts(
    minutes: int = 0,
    *flags: str,
    confirmed: str = "",
    refuted: str = "",
    detail: str = "",
    **values: str,
) -> Facts:
    """What is known `minutes` after noon."""
    checks = {
        name: CheckResult(outcome, detail)
        for name, outcome in ((confirmed, Outcome.CONFIRMED), (refuted, Outcome.REFUTED))
        if name
    }
    return Facts(NOON + timedelta(minutes=minutes), checks, values, frozenset(flags))


def say(
    playbook: Playbook, before: Advance, kind: Kind, known: Facts | None = None, comment: str = ""
) -> Advance:
    """The answer to one more turn."""
    return advance(playbook, before.state, Input(kind, comment), known or facts())


def texts(answer: Advance) -> list[str]:
    return [effect.text for effect in answer.effects]


def ask(answer: Advance) -> Ask:
    """The step that the answer asks for; it must be the last effect."""
    last: Effect = answer.effects[-1]
    assert isinstance(last, Ask), answer.effects
    return last
