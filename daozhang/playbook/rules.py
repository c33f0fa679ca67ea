"""Rules for the graph of a playbook: every way leads somewhere, none in circles, all are used."""

from __future__ import annotations

from daozhang.playbook.model import Exit, Playbook, Step
from daozhang.playbook.source import Table

__all__ = ["check_graph"]


def check_graph(playbook: Playbook, table: Table) -> None:
    """Complain about targets that do not exist, circles, and steps or endings never reached.

    Every step has all its exits by now, so a graph without these faults ends on every path.
    """
    steps = dict(table.tables("steps", "步骤", ""))
    endings = dict(table.tables("ends", "结局", ""))
    names = steps.keys() | endings.keys()
    for twice in sorted(steps.keys() & endings.keys()):
        endings[twice].complain("", f"步骤和结局都叫“{twice}”，请给其中一个改名")
    if playbook.start not in steps:
        table.complain("start", f"start 指向“{playbook.start}”，但没有这个步骤")
        return
    lost = False
    for step in playbook.steps.values():
        for way, target in _ways(step).items():
            if target not in names:
                lost = True
                where, key = _place(steps[step.id], way)
                where.complain(key, f"“{key}”指向“{target}”，但没有这个步骤或结局")
    if lost:
        return
    reached = _reached(playbook)
    for name, inner in (steps | endings).items():
        if name not in reached:
            inner.complain("", "没有任何步骤会走到这里，请接上或删掉")
    for name, target in _circles(playbook):
        steps[name].complain("", f"从这里会绕回前面的“{target}”，请改去没走过的步骤或结局")


def _ways(step: Step) -> dict[Exit, str]:
    """As `exits`, with the time-out even of a check that is tried once."""
    ways = dict(step.exits())
    if step.check is not None:
        ways[Exit.TIMEOUT] = step.check.on_timeout
    return ways


def _place(step: Table, way: Exit) -> tuple[Table, str]:
    check = step.table("check")
    if check is None or way.value not in check:
        return step, way.value
    return check, way.value


def _reached(playbook: Playbook) -> set[str]:
    reached: set[str] = set()
    waiting = [playbook.start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            step = playbook.steps.get(name)
            waiting += step.exits().values() if step else ()
    return reached


def _circles(playbook: Playbook) -> list[tuple[str, str]]:
    """The arrows (from, to) that lead back to a step which is already on the way."""
    found: list[tuple[str, str]] = []
    finished: set[str] = set()

    def walk(name: str, before: tuple[str, ...]) -> None:
        step = playbook.steps.get(name)
        if step is None or name in finished:
            return
        for target in dict.fromkeys(step.exits().values()):
            if target in (*before, name):
                found.append((name, target))
            else:
                walk(target, (*before, name))
        finished.add(name)

    walk(playbook.start, ())
    return found
