"""The fixes, step by step: playbooks as data and a pure engine that walks them."""

from __future__ import annotations

from daozhang.playbook.engine import advance, start
from daozhang.playbook.loader import load_all, load_playbook
from daozhang.playbook.show import to_mermaid
from daozhang.playbook.svg import to_svg

__all__ = ["advance", "load_all", "load_playbook", "start", "to_mermaid", "to_svg"]
