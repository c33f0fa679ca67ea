"""One message being answered: the transaction, the moment, the case, and small moves with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from daozhang.cases.answers import answer_for
from daozhang.cases.models import Case, CaseStatus
from daozhang.cases.questions import Asked
from daozhang.cases.status import latest_case
from daozhang.cases.tickets import open_ticket, ticket_card, ticket_of
from daozhang.cases.walk import Walk
from daozhang.diagnosis.investigation import Investigation
from daozhang.diagnosis.verdict import Verdict
from daozhang.replies import Button, Reply
from daozhang.settlement.calendar import WorkCalendar
from daozhang.texts import load_texts
from daozhang.understanding import Understanding

__all__ = ["KNOWLEDGE", "MISSES_BEFORE_PERSON", "MONEY", "PERSON", "SMALLTALK", "Talk", "led"]

MISSES_BEFORE_PERSON = 3
"""The miss in a row at which a person takes over."""

MONEY = {"report_delay", "report_fault", "ask_status"}
"""Intents that are about the merchant's own payments."""
KNOWLEDGE = {
    "ask_arrival_time",
    "ask_cause",
    "ask_fix",
    "ask_apply_pos",
    "ask_fee",
    "ask_refund",
    "change_settlement_account",
    "ask_risk_hold",
}
PERSON = {"ask_human", "complain_anger"}
SMALLTALK = {"greet", "chitchat", "out_of_scope"}


class Talk:
    """One message of a conversation, within the transaction of `session`."""

    def __init__(
        self,
        session: Session,
        calendar: WorkCalendar,
        now: datetime,
        conversation_id: str,
        mid: str | None,
        understood: Understanding,
        *,
        can_prove: bool = False,
    ) -> None:
        self.session = session
        self.now = now
        self.understood = understood
        self.texts = load_texts("assistant")
        self.case: Case | None = latest_case(session, conversation_id)
        self.unclear = understood.choice is None and understood.intent == "nlu_fallback"
        self._calendar = calendar
        self.conversation_id = conversation_id
        self.mid = mid
        self.can_prove = can_prove
        """Whether a stranger can prove here who they are."""

    @cached_property
    def investigation(self) -> Investigation | None:
        """None for whoever has not proven to be a merchant of the ledger."""
        if self.mid is None:
            return None
        return Investigation(self.session, self.mid, self._calendar, self.now)

    def verdict(self, case: Case) -> Verdict | None:
        """The case's payments as of now, in the light of what the merchant said it was."""
        if self.investigation is None:
            return None
        claim = Asked.model_validate(case.asked).claim if case.asked else None
        return self.investigation.of(case.txn_ids, claim)

    def fresh_case(self) -> Case:
        """A new case for this message; one that is still being clarified goes on instead."""
        if self.case is None or self.case.status is not CaseStatus.CLARIFYING:
            self.case = self.new_case(CaseStatus.CLARIFYING)
        return self.case

    def new_case(self, status: CaseStatus) -> Case:
        """A case for this message beside the one that the talk is about."""
        case = Case(
            conversation_id=self.conversation_id,
            mid=self.mid,
            status=status,
            opened_at=self.now,
            changed_at=self.now,
            complaint=self.understood.text,
            misses=0,
            txn_ids=[],
            evidence=[],
        )
        self.session.add(case)
        self.session.flush()
        return case

    def missed(self, case: Case) -> bool:
        """Count a miss; True when it is one too many and a person has to take over."""
        case.misses += 1
        return case.misses >= MISSES_BEFORE_PERSON

    def walk(self, case: Case) -> Walk:
        """The case on its way through a playbook or a rehearsal."""
        return Walk(self.session, case, self.investigation, self.now)

    def know(self, intent: str) -> list[Reply]:
        """General knowledge for an intent, or nothing when it asks for none."""
        if intent not in KNOWLEDGE:
            return []
        causes = self.understood.causes
        return [
            Reply(text=text) for text in answer_for(intent, causes[0][0] if causes else None) or ()
        ]

    def hand_over(self, reason: str) -> list[Reply]:
        """A person takes over; there is one open ticket a conversation at a time."""
        standing = ticket_of(self.session, self.conversation_id)
        case = self.case or self.fresh_case()
        said = self.texts("ticket_last_words", text=self.understood.text)
        ticket = open_ticket(self.session, case, reason, self.now, [said])
        if standing is not None:
            text = self.texts("ticket_exists", number=ticket.number)
        else:
            key = f"ticket_open_{reason}"
            text = self.texts(key if key in self.texts else "ticket_open")
        return [Reply(text=text, ticket=ticket_card(self.session, ticket, self.now))]

    @property
    def person_button(self) -> Button:
        return Button(id="person", label=self.texts("button_person"))

    def says(self, key: str) -> list[Reply]:
        """One bubble with a text that needs no values."""
        return [Reply(text=self.texts(key))]


def led(opening: str, replies: Sequence[Reply]) -> list[Reply]:
    """The replies with `opening` in front of their first text; alone when there are none."""
    if not replies:
        return [Reply(text=opening)]
    first, *rest = replies
    return [first.model_copy(update={"text": opening + first.text}), *rest]
