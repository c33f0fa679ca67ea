"""Playing a talk to its end; a failure shows the whole talk up to there."""

from __future__ import annotations

from pathlib import Path

from daozhang.conversations.models import Control
from tests.talks.script import Talk, Turn
from tests.talks.seen import always_wrong, control_of, differences
from tests.talks.stage import RealBot, Stage, staged

__all__ = ["play"]


async def play(talk: Talk, store: Path, path: Path, real_bot: RealBot | None = None) -> None:
    """Play every turn. Fails at the first that is not as expected, naming its line."""
    told: list[str] = []
    async with staged(talk, store, real_bot) as stage:
        for turn in talk.turns:
            asked = turn.say is not None or turn.tap is not None
            with_bot = control_of(stage) is not Control.HUMAN
            await stage.play(turn)
            told += _told(turn, stage)
            wrong = [
                *always_wrong(stage, asked=asked and with_bot),
                *differences(stage, turn.expect),
            ]
            where = f"{path.parent.name}/{path.name}:{turn.line}"
            assert not wrong, "\n".join([f"{where}", *wrong, "", *told])


def _told(turn: Turn, stage: Stage) -> list[str]:
    """What happened, for the reader of a failure."""
    act = turn.model_dump(exclude={"expect", "line", "heard"}, exclude_defaults=True)
    lines = [f"{turn.line:>4}  {name}: {value}" for name, value in act.items()]
    for message in stage.last:
        buttons = [one["id"] for one in (message.payload or {}).get("buttons", [])]  # type: ignore[attr-defined]
        lines.append(f"        {message.author}: {message.text} {buttons or ''}")
    return lines
