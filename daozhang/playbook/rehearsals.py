"""Rehearsals (ARTICLE.md G2): playbooks whose steps are questions, walked without the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from daozhang.playbook.loader import PLAYBOOKS, load_all, load_playbook
from daozhang.playbook.model import Playbook
from daozhang.settings import ROOT

__all__ = ["REHEARSALS", "load_rehearsals", "load_walk"]

REHEARSALS = ROOT / "data" / "rehearsals"


@cache
def load_rehearsals() -> Mapping[str, Playbook]:
    """Every rehearsal by its key. Raises PlaybookError for the first that is wrong."""
    return load_all(REHEARSALS)


def load_walk(key: str, version: int | None = None) -> Playbook:
    """The playbook or rehearsal `key`, as `load_playbook` gives it. Raises PlaybookError."""
    folder = REHEARSALS if key in load_rehearsals() else PLAYBOOKS
    return load_playbook(key, version, folder)
