"""Staff open and close incidents; the same one is not opened twice."""

from __future__ import annotations

import pytest

from daozhang.errors import InputError
from daozhang.ledger.incidents import begin, end, running
from daozhang.ledger.words import IncidentScope
from tests.worlds import moment, world

NOON = moment("2026-11-23 12:00")
LATER = moment("2026-11-23 13:00")


def test_an_incident_runs_from_its_opening_to_its_close() -> None:
    with world() as session:
        opened = begin(session, IncidentScope.BANK, "建设银行", NOON, "系统升级中")
        assert [one.id for one in running(session, NOON)] == [opened.id]
        end(session, opened.id, LATER)
        assert running(session, LATER) == []


def test_the_same_incident_is_not_opened_twice() -> None:
    with world() as session:
        begin(session, IncidentScope.BANK, "建设银行", NOON, None)
        with pytest.raises(InputError, match="已经登记"):
            begin(session, IncidentScope.BANK, "建设银行", LATER, None)
        begin(session, IncidentScope.BANK, "工商银行", LATER, None)


def test_only_what_runs_can_be_closed() -> None:
    with world() as session, pytest.raises(InputError, match="没有进行中"):
        end(session, 7, NOON)
