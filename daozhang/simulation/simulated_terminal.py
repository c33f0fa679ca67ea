"""The demo's simulated terminal: what pressing its keys does to the ledger (DOMAIN.md §1.1, §4.1).

As on a real machine a pending reversal leaves with the next online transaction, and a balance
inquiry is the harmless one that a merchant can make on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from daozhang.errors import InputError
from daozhang.ledger.models import Terminal, TerminalEvent, Txn
from daozhang.ledger.words import SignState, SimState, TerminalEventKind, TxnState
from daozhang.money import format_yuan
from daozhang.texts import load_texts

__all__ = ["Action", "TerminalView", "press", "view"]

_LINK_EVENTS = (TerminalEventKind.HEARTBEAT_LOST, TerminalEventKind.HEARTBEAT_BACK)
_USABLE_SIGNAL = 2
_GOOD_SIGNAL = 3
_TRADES_SHOWN = 3


class Action(StrEnum):
    """What can be done at the machine."""

    RESTART = "restart"
    RESEAT_SIM = "reseat_sim"
    SIGN_ON = "sign_on"
    BALANCE_INQUIRY = "balance_inquiry"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class TerminalView:
    """What somebody in front of the machine sees; `signal` is bars, 0 to 4."""

    tid: str
    model: str
    signal: int
    online: bool
    signed_on: bool
    screen: str


def view(session: Session, tid: str, now: datetime) -> TerminalView:
    """The idle machine. Raises InputError when there is no such terminal."""
    machine = _Machine(session, tid, now)
    return machine.seen(machine.idle())


def press(session: Session, tid: str, action: Action, now: datetime) -> TerminalView:
    """Do `action` at the machine and see its screen; changes the ledger, does not commit.

    Raises InputError when there is no such terminal.
    """
    machine = _Machine(session, tid, now)
    screens = {
        Action.RESTART: machine.restart,
        Action.RESEAT_SIM: machine.reseat_sim,
        Action.SIGN_ON: machine.sign_on,
        Action.BALANCE_INQUIRY: machine.balance_inquiry,
        Action.QUERY: machine.query,
    }
    screen = screens[action]()
    session.flush()
    return machine.seen(screen)


class _Machine:
    """One terminal at one moment. Every action answers with what its screen then shows."""

    def __init__(self, session: Session, tid: str, now: datetime) -> None:
        terminal = session.get(Terminal, tid)
        if terminal is None:
            raise InputError(f"没有终端号为 {tid} 的机器")
        self._session = session
        self._terminal = terminal
        self._now = now
        self._say = load_texts("terminal")

    def seen(self, screen: str) -> TerminalView:
        terminal = self._terminal
        return TerminalView(
            tid=terminal.tid,
            model=terminal.model,
            signal=terminal.signal,
            online=self._online(),
            signed_on=terminal.sign_state is SignState.SIGNED_ON,
            screen=screen,
        )

    def idle(self) -> str:
        if self._terminal.sign_state is SignState.LOCKED:
            return self._say("locked")
        if not self._online():
            return self._no_link()
        signed_on = self._terminal.sign_state is SignState.SIGNED_ON
        return self._say("ready" if signed_on else "please_sign_on")

    def restart(self) -> str:
        self._happened(TerminalEventKind.RESTARTED)
        if self._terminal.sign_state is SignState.LOCKED:
            return self._say("locked")
        self._terminal.sign_state = SignState.SIGNED_OFF
        return self._say("restarted") if self._connect() else self._no_link()

    def reseat_sim(self) -> str:
        return self._say("sim_seated") if self._connect() else self._no_link()

    def sign_on(self) -> str:
        if self._terminal.sign_state is SignState.LOCKED or not self._online():
            return self.idle()
        self._terminal.sign_state = SignState.SIGNED_ON
        self._answered(TerminalEventKind.SIGNED_ON)
        return self._say("signed_on")

    def balance_inquiry(self) -> str:
        if self._terminal.sign_state is SignState.LOCKED or not self._online():
            return self.idle()
        if self._terminal.sign_state is not SignState.SIGNED_ON:
            return self._say("sign_on_first")
        screens = [self._send_reversal(txn) for txn in self._pending_reversals()]
        self._answered(TerminalEventKind.BALANCE_INQUIRY)
        return "\n".join([*screens, self._say("balance_done")])

    def query(self) -> str:
        trades = self._session.scalars(
            select(Txn)
            .where(Txn.mid == self._terminal.mid, Txn.tid == self._terminal.tid)
            .order_by(Txn.local_at.desc())
            .limit(_TRADES_SHOWN)
        ).all()
        lines = [
            self._say(
                "trade",
                at=f"{txn.local_at:%m-%d %H:%M}",
                amount=format_yuan(txn.amount),
                state=self._say(f"state_{txn.state}"),
            )
            for txn in trades
        ]
        return "\n".join(lines) or self._say("no_trades")

    def _pending_reversals(self) -> list[Txn]:
        return list(
            self._session.scalars(
                select(Txn)
                .where(
                    Txn.mid == self._terminal.mid,
                    Txn.tid == self._terminal.tid,
                    Txn.state == TxnState.REVERSAL_PENDING,
                )
                .order_by(Txn.local_at)
            )
        )

    def _send_reversal(self, txn: Txn) -> str:
        txn.state, txn.reversal_at, txn.reversal_code = TxnState.REVERSED, self._now, "00"
        self._happened(TerminalEventKind.REVERSAL_SENT, txn.ref_no or "")
        return self._say("reversal_sent", amount=format_yuan(txn.amount))

    def _connect(self) -> bool:
        """Look for the network anew; False when the SIM gives no service."""
        if self._terminal.sim_state is not SimState.OK:
            self._terminal.signal = 0
            return False
        was_online = self._online()
        self._terminal.signal = max(self._terminal.signal, _GOOD_SIGNAL)
        self._terminal.last_heartbeat_at = self._now
        if not was_online:
            self._happened(TerminalEventKind.HEARTBEAT_BACK)
        return True

    def _online(self) -> bool:
        terminal = self._terminal
        if terminal.sim_state is not SimState.OK or terminal.signal < _USABLE_SIGNAL:
            return False
        last = self._session.scalars(
            select(TerminalEvent.kind)
            .where(TerminalEvent.tid == terminal.tid, TerminalEvent.kind.in_(_LINK_EVENTS))
            .order_by(TerminalEvent.at.desc(), TerminalEvent.id.desc())
            .limit(1)
        ).first()
        return last is not TerminalEventKind.HEARTBEAT_LOST

    def _no_link(self) -> str:
        return self._say("offline" if self._terminal.sim_state is SimState.OK else "no_service")

    def _answered(self, kind: TerminalEventKind) -> None:
        """The host answered the terminal, which is a sign of life too."""
        self._terminal.last_heartbeat_at = self._now
        self._happened(kind)

    def _happened(self, kind: TerminalEventKind, detail: str = "") -> None:
        self._session.add(
            TerminalEvent(tid=self._terminal.tid, at=self._now, kind=kind, detail=detail)
        )
