"""Drawing a playbook as a Mermaid flow chart."""

from __future__ import annotations

from daozhang.playbook.model import EndingKind, Exit, Playbook, Step
from daozhang.playbook.turn import own_text

__all__ = ["to_mermaid"]

_SHAPES = {
    EndingKind.SOLVED: '(["{}"])',
    EndingKind.PROMISE: '[/"{}"/]',
    EndingKind.HAND_OVER: '[["{}"]]',
}


def to_mermaid(playbook: Playbook) -> str:
    """The playbook as Mermaid text: steps as boxes, endings by kind, arrows with their exits."""
    lines = ["flowchart TD"]
    for step in playbook.steps.values():
        lines.append(f'    {step.id}["{_quoted(step.id, step.say)}"]')
        lines += _arrows(step)
    for ending in playbook.endings.values():
        shape = _SHAPES[ending.kind].format(_quoted(ending.id, ending.say))
        lines.append(f"    {ending.id}{shape}")
    return "\n".join(lines) + "\n"


def _arrows(step: Step) -> list[str]:
    targets: dict[str, list[str]] = {}
    for way, target in step.exits().items():
        targets.setdefault(target, []).append(_exit_label(step, way))
    return [
        f'    {step.id} -->|"{"、".join(labels)}"| {target}' for target, labels in targets.items()
    ]


def _exit_label(step: Step, way: Exit) -> str:
    own = {
        Exit.DONE: step.labels.done,
        Exit.FAILED: step.labels.failed,
        Exit.CANNOT: step.labels.cannot,
    }
    return _quoted(own.get(way) or own_text(f"exit_{way}"))


def _quoted(*lines: str) -> str:
    return "<br/>".join(line.replace('"', "#quot;") for line in lines)
