"""The demo's terminal follows the rules of a real one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.errors import InputError
from daozhang.ledger.models import Terminal, TerminalEvent, Txn
from daozhang.ledger.words import SignState, SimState, TerminalEventKind, TxnState
from daozhang.simulation.simulated_terminal import Action, TerminalView, press, view
from daozhang.simulation.truth import PlantedFault
from tests.simulation.conftest import SUNDAY, moment

NOW = moment(SUNDAY) + timedelta(minutes=3)


@pytest.fixture
def doubtful(sunday: Session) -> Txn:
    """The 268 yuan whose reversal is still in the terminal."""
    fault = sunday.scalars(
        select(PlantedFault).where(PlantedFault.fault == "outcome_unknown")
    ).one()
    return sunday.get_one(Txn, fault.txn_id)


def do(session: Session, tid: str | None, *actions: Action) -> TerminalView:
    assert tid is not None
    for action in actions:
        seen = press(session, tid, action, NOW)
    return seen


def kinds(session: Session, tid: str | None) -> list[TerminalEventKind]:
    events = select(TerminalEvent.kind).where(TerminalEvent.tid == tid, TerminalEvent.at == NOW)
    return list(session.scalars(events.order_by(TerminalEvent.id)))


def test_the_terminal_is_seen_without_link(sunday: Session, doubtful: Txn) -> None:
    seen = view(sunday, doubtful.tid or "", NOW)
    assert (seen.signal, seen.online) == (1, False)
    assert "网络未连接" in seen.screen


@pytest.mark.parametrize("action", [Action.SIGN_ON, Action.BALANCE_INQUIRY])
def test_without_link_nothing_goes_out(sunday: Session, doubtful: Txn, action: Action) -> None:
    seen = do(sunday, doubtful.tid, action)
    assert not seen.online
    assert kinds(sunday, doubtful.tid) == []
    assert doubtful.state is TxnState.REVERSAL_PENDING


def test_a_restart_brings_the_link_back_and_signs_off(sunday: Session, doubtful: Txn) -> None:
    seen = do(sunday, doubtful.tid, Action.RESTART)
    assert (seen.signal, seen.online, seen.signed_on) == (3, True, False)
    assert sunday.get_one(Terminal, doubtful.tid).last_heartbeat_at == NOW
    assert kinds(sunday, doubtful.tid) == [
        TerminalEventKind.RESTARTED,
        TerminalEventKind.HEARTBEAT_BACK,
    ]


def test_reseating_the_sim_brings_the_link_back(sunday: Session, doubtful: Txn) -> None:
    seen = do(sunday, doubtful.tid, Action.RESEAT_SIM)
    assert (seen.signal, seen.online) == (3, True)


def test_a_balance_inquiry_wants_a_sign_on_first(sunday: Session, doubtful: Txn) -> None:
    seen = do(sunday, doubtful.tid, Action.RESTART, Action.BALANCE_INQUIRY)
    assert "签到" in seen.screen
    assert doubtful.state is TxnState.REVERSAL_PENDING


def test_the_pending_reversal_leaves_before_the_balance_inquiry(
    sunday: Session, doubtful: Txn
) -> None:
    seen = do(sunday, doubtful.tid, Action.RESTART, Action.SIGN_ON, Action.BALANCE_INQUIRY)
    assert "冲正成功" in seen.screen
    assert "268元" in seen.screen
    assert (doubtful.state, doubtful.reversal_at, doubtful.reversal_code) == (
        TxnState.REVERSED,
        NOW,
        "00",
    )
    assert kinds(sunday, doubtful.tid)[-3:] == [
        TerminalEventKind.SIGNED_ON,
        TerminalEventKind.REVERSAL_SENT,
        TerminalEventKind.BALANCE_INQUIRY,
    ]


def test_a_second_balance_inquiry_reverses_nothing(sunday: Session, doubtful: Txn) -> None:
    do(sunday, doubtful.tid, Action.RESTART, Action.SIGN_ON, Action.BALANCE_INQUIRY)
    assert "冲正" not in do(sunday, doubtful.tid, Action.BALANCE_INQUIRY).screen


def test_only_the_reversals_of_that_terminal_leave(sunday: Session, doubtful: Txn) -> None:
    other = sunday.scalars(
        select(Terminal.tid).where(Terminal.mid == doubtful.mid, Terminal.tid != doubtful.tid)
    ).first()
    do(sunday, other, Action.RESTART, Action.SIGN_ON, Action.BALANCE_INQUIRY)
    assert doubtful.state is TxnState.REVERSAL_PENDING


def test_the_query_shows_what_became_of_the_last_trade(sunday: Session, doubtful: Txn) -> None:
    assert "268元 待冲正" in do(sunday, doubtful.tid, Action.QUERY).screen
    do(sunday, doubtful.tid, Action.RESTART, Action.SIGN_ON, Action.BALANCE_INQUIRY)
    assert "268元 已冲正" in do(sunday, doubtful.tid, Action.QUERY).screen


def test_a_sim_over_its_quota_stays_without_service(sunday: Session) -> None:
    tid = sunday.scalars(
        select(Terminal.tid).where(Terminal.sim_state == SimState.OVER_QUOTA)
    ).one()
    seen = do(sunday, tid, Action.RESTART, Action.RESEAT_SIM)
    assert not seen.online
    assert "流量卡" in seen.screen


def test_a_tampered_terminal_stays_locked(sunday: Session, doubtful: Txn) -> None:
    sunday.get_one(Terminal, doubtful.tid).sign_state = SignState.LOCKED
    seen = do(sunday, doubtful.tid, Action.RESTART, Action.SIGN_ON)
    assert not seen.signed_on
    assert "锁机" in seen.screen


def test_a_healthy_terminal_is_ready(sunday: Session) -> None:
    tid = sunday.scalars(
        select(Terminal.tid).where(Terminal.sign_state == SignState.SIGNED_ON, Terminal.signal >= 3)
    ).first()
    seen = view(sunday, tid or "", NOW)
    assert (seen.online, seen.signed_on) == (True, True)


def test_a_terminal_that_does_not_exist_is_refused(sunday: Session) -> None:
    with pytest.raises(InputError):
        view(sunday, "99999999", NOW)
