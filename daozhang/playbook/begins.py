"""When a playbook begins: what the records show, or what fault is told without a payment."""

from __future__ import annotations

from daozhang.causes import Cause
from daozhang.diagnosis.verdict import Finding
from daozhang.playbook.model import Beginning, Condition
from daozhang.playbook.source import Table
from daozhang.playbook.vocabulary import FLAGS

__all__ = ["read_beginnings"]

_ENTRIES = (
    *("finding", "cause", "reason", "code", "told", "at_once"),
    *("fault", "only_if", "unless"),
)


def read_beginnings(table: Table) -> tuple[Beginning, ...]:
    """The entries below `begins:`; what is wrong with them is complained about."""
    return tuple(_beginning(row) for row in table.rows("begins", "开始的条件"))


def _beginning(row: Table) -> Beginning:
    row.only(_ENTRIES)
    if ("finding" in row) == ("fault" in row):
        row.complain("", "请写 finding（记录查到什么）或 fault（没说哪笔的故障），只写一个")
    for key in ("finding", "cause", "fault", "told"):
        allowed = [one.value for one in (Finding if key == "finding" else Cause)]
        if key in row and row.text(key) not in allowed:
            row.complain(key, f"没有“{row.text(key)}”，只能是：{'、'.join(allowed)}")
    for key in ("only_if", "unless"):
        if key in row and row.text(key) not in FLAGS:
            row.complain(key, f"没有“{row.text(key)}”这个条件，请看 docs/playbooks.md")
    return Beginning(
        finding=row.text("finding"),
        cause=row.text("cause"),
        reason=row.text("reason"),
        code=row.text("code"),
        told=row.text("told"),
        at_once=row.text("at_once") == "true",
        fault=row.text("fault"),
        when=Condition(row.text("only_if"), row.text("unless")),
    )
