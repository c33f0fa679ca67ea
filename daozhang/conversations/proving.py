"""Proving who one is, in a conversation: a code is asked for and entered beside the talk, and what
comes of it is said in the talk."""

from __future__ import annotations

from datetime import datetime

from daozhang.cases.promises import look_again
from daozhang.cases.recognising import hand_over_stranger, welcome
from daozhang.conversations.log import lock
from daozhang.conversations.turn import deliver
from daozhang.database import Sessions
from daozhang.identity import Begun, Claim, Proof, Result, begin, confirm
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["Proving"]


class Proving:
    """Checks on the store behind `sessions`; `key` seals the codes."""

    def __init__(self, sessions: Sessions, calendar: WorkCalendar, key: str) -> None:
        self._sessions = sessions
        self._calendar = calendar
        self._key = key

    def ask(self, conversation_id: str, claim: Claim, now: datetime) -> Begun:
        """Open a check for the claim; its message, if there is one, is the caller's to send."""
        with self._sessions.begin() as session:
            lock(session, conversation_id)
            return begin(session, self._key, conversation_id, claim, now)

    def enter(self, conversation_id: str, code: str, now: datetime) -> Proof:
        """Try a code. A right one makes the conversation the merchant's and answers what they had
        asked; the third wrong one calls a person. Nobody can change who they are."""
        with self._sessions.begin() as session:
            conversation = lock(session, conversation_id)
            if conversation.mid is not None:
                return Proof(Result.PROVEN, conversation.mid)
            proof = confirm(session, self._key, conversation_id, code, now)
            if proof.mid is not None:
                conversation.mid = proof.mid
                replies = welcome(session, self._calendar, now, conversation_id, proof.mid)
                deliver(session, conversation, replies, now)
            elif proof.is_last:
                replies = hand_over_stranger(session, self._calendar, now, conversation_id)
                deliver(session, conversation, replies, now)
        if proof.mid is not None:
            # On its own: the worker takes promises before conversations.
            with self._sessions.begin() as session:
                look_again(session, proof.mid, now)
        return proof
