"""The assistant: one understood message in, bubbles out, the case's record in between.

The bot's room decides by which door a message comes in (`Route`); what is done with it is decided
here, from the case and the ledger alone. Every answer is stored with the change that it made, under
the message's id: a message that is answered again changes nothing and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from daozhang.cases import doors
from daozhang.cases.alarms import sound_alarm
from daozhang.cases.choosing import choose
from daozhang.cases.granting import grant_wish
from daozhang.cases.lessons import Guess, keep_unclear
from daozhang.cases.models import Turn
from daozhang.cases.parking import offer_return
from daozhang.cases.talk import Talk
from daozhang.clock import Clock
from daozhang.database import Sessions
from daozhang.replies import Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.understanding import Understanding

__all__ = ["Assistant", "Incoming", "Route"]


class Route(StrEnum):
    """The doors: one for each custom action of the bot."""

    DIAGNOSE = "diagnose"
    ANSWER = "answer"
    HAND_OVER = "hand_over"
    SMALLTALK = "smalltalk"
    ASK_BACK = "ask_back"
    PLAYBOOK = "playbook"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a merchant; `mid` is None while nobody has proven who they are."""

    message_id: str
    conversation_id: str
    mid: str | None
    understood: Understanding


class Assistant:
    """Answers messages, each in one transaction on the store.

    `can_prove` says whether strangers can prove who they are in the talk.
    """

    def __init__(
        self, sessions: Sessions, calendar: WorkCalendar, clock: Clock, *, can_prove: bool = False
    ) -> None:
        self._sessions = sessions
        self._calendar = calendar
        self._clock = clock
        self._can_prove = can_prove

    def respond(self, route: Route, incoming: Incoming) -> list[Reply]:
        """The bubbles to show, at least one."""
        with self._sessions.begin() as session:
            known = session.get(Turn, incoming.message_id)
            told = [Reply.model_validate(one) for one in known.replies] if known else []
            # A stranger who has proven who they are meanwhile is not asked for it again.
            if told and not (incoming.mid and any(one.identity == "asked" for one in told)):
                return told
            now = self._clock.now()
            talk = Talk(
                session,
                self._calendar,
                now,
                incoming.conversation_id,
                incoming.mid,
                incoming.understood,
                can_prove=self._can_prove,
            )
            replies = sound_alarm(talk) or offer_return(
                talk, grant_wish(talk) or choose(talk) or _DOORS[route](talk)
            )
            if talk.case is not None:
                talk.case.changed_at = now
            if talk.unclear:
                keep_unclear(session, incoming.message_id, incoming.understood, now)
            session.merge(
                Turn(
                    message_id=incoming.message_id,
                    at=now,
                    replies=[one.model_dump(mode="json") for one in replies],
                    guess=Guess.of(incoming.understood),
                )
            )
            return replies


_DOORS: Mapping[Route, Callable[[Talk], list[Reply]]] = {
    Route.DIAGNOSE: doors.diagnose,
    Route.ANSWER: doors.answer,
    Route.HAND_OVER: doors.hand_over,
    Route.SMALLTALK: doors.smalltalk,
    Route.ASK_BACK: doors.ask_back,
    Route.PLAYBOOK: doors.go_on,
}
