"""Drawing a playbook as a Mermaid flow chart."""

from __future__ import annotations

from daozhang.playbook.model import EndingKind, Exit, Playbook, Step
from daozhang.playbook.turn import own_text

__all__ = ["arrows_of", "to_mermaid"]

_SHAPES = {
    EndingKind.SOLVED: '(["{}"])',
    EndingKind.PROMISE: '[/"{}"/]',
    EndingKind.HAND_OVER: '[["{}"]]',
    EndingKind.ELSEWHERE: '>"{}"]',
}


def to_mermaid(playbook: Playbook) -> str:
    """The playbook as Mermaid text: steps as boxes, endings by kind, arrows with their exits."""
    lines = ["flowchart TD"]
    for step in playbook.steps.values():
        lines.append(f'    {step.id}["{_quoted(step.id, step.say)}"]')
        lines += [
            f'    {source} -->|"{_quoted(label)}"| {target}'
            for source, target, label in _arrows(step)
        ]
    for ending in playbook.endings.values():
        shape = _SHAPES[ending.kind].format(_quoted(ending.id, ending.say))
        lines.append(f"    {ending.id}{shape}")
    return "\n".join(lines) + "\n"


def arrows_of(playbook: Playbook) -> list[tuple[str, str, str]]:
    """Every arrow as (from, to, label); exits that lead to the same place share one."""
    return [arrow for step in playbook.steps.values() for arrow in _arrows(step)]


def _arrows(step: Step) -> list[tuple[str, str, str]]:
    targets: dict[str, list[str]] = {}
    for way, target in step.exits().items():
        labels = targets.setdefault(target, [])
        if (label := _exit_label(step, way)) not in labels:
            labels.append(label)
    return [(step.id, target, "、".join(labels)) for target, labels in targets.items()]


def _exit_label(step: Step, way: Exit) -> str:
    own = {
        Exit.DONE: step.labels.done,
        Exit.FAILED: step.labels.failed,
        Exit.CANNOT: step.labels.cannot,
    }
    return own.get(way) or own_text(f"exit_{way}")


def _quoted(*lines: str) -> str:
    return "<br/>".join(line.replace('"', "#quot;") for line in lines)
