"""Handing a case to a person: a ticket with number, and the truth about what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

import yaml
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from daozhang.cases.models import Case, CaseStatus, Ticket, TicketState
from daozhang.clock import SHANGHAI
from daozhang.errors import ConfigError
from daozhang.replies import TicketCard
from daozhang.settings import ROOT
from daozhang.texts import load_texts
from daozhang.wording import say_day

__all__ = ["SupportHours", "open_ticket", "support_hours", "ticket_card", "ticket_of"]


@dataclass(frozen=True, slots=True)
class SupportHours:
    """The daily hours, wall clock in Shanghai, in which people take tickets."""

    opens: time
    closes: time

    def staffed(self, now: datetime) -> bool:
        return self.opens <= now.astimezone(SHANGHAI).time() < self.closes

    def next_opening_day(self, now: datetime) -> datetime:
        """A moment on the day on which people are next there."""
        local = now.astimezone(SHANGHAI)
        return local if local.time() < self.opens else local + timedelta(days=1)


@cache
def support_hours() -> SupportHours:
    """Read `data/facts/support.yml`. Raises ConfigError when the hours are not HH:MM."""
    path = ROOT / "data" / "facts" / "support.yml"
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        return SupportHours(time.fromisoformat(table["opens"]), time.fromisoformat(table["closes"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        raise ConfigError("data/facts/support.yml 应有 opens 和 closes，写成 09:00") from None


def ticket_of(session: Session, conversation_id: str) -> Ticket | None:
    """The conversation's ticket that is not closed yet, if any."""
    return session.scalars(
        select(Ticket)
        .where(Ticket.conversation_id == conversation_id, Ticket.state != TicketState.CLOSED)
        .order_by(Ticket.opened_at.desc())
        .limit(1)
    ).first()


def open_ticket(
    session: Session,
    case: Case,
    reason: str,
    now: datetime,
    notes: Sequence[str] = (),
    priority: int = 0,
) -> Ticket:
    """Hand the case over: one open ticket a conversation, with all that is known of the case.

    A conversation that already has an open ticket keeps its number; the new notes are added, and a
    more urgent reason takes the place of the old one.
    """
    lines = [*_summary(case), *notes]
    case.status = CaseStatus.HANDED_OVER
    case.question = None
    ticket = ticket_of(session, case.conversation_id)
    if ticket is not None:
        ticket.summary = [*ticket.summary, *lines]
        if priority > ticket.priority:
            ticket.reason, ticket.priority = reason, priority
        return ticket
    ticket = Ticket(
        number=_next_number(session, now),
        case_id=case.id,
        conversation_id=case.conversation_id,
        mid=case.mid,
        reason=reason,
        priority=priority,
        state=TicketState.QUEUED,
        opened_at=now,
        summary=lines,
    )
    session.add(ticket)
    session.flush()
    return ticket


def ticket_card(session: Session, ticket: Ticket, now: datetime) -> TicketCard:
    """What the merchant sees: the number, and when and where an answer will come."""
    texts, hours = load_texts("assistant"), support_hours()
    ahead = session.scalar(
        select(func.count())
        .select_from(Ticket)
        .where(
            Ticket.state == TicketState.QUEUED,
            or_(
                Ticket.priority > ticket.priority,
                and_(Ticket.priority == ticket.priority, Ticket.opened_at < ticket.opened_at),
            ),
        )
    )
    values = {
        "ahead": ahead,
        "opens": f"{hours.opens:%H:%M}",
        "closes": f"{hours.closes:%H:%M}",
        "day": say_day(hours.next_opening_day(now).date(), now.astimezone(SHANGHAI).date()),
    }
    key = "ticket_next_open" if hours.staffed(now) else "ticket_next_closed"
    return TicketCard(
        number=ticket.number, summary=texts("ticket_summary"), next=texts(key, **values)
    )


def _next_number(session: Session, now: datetime) -> str:
    prefix = f"DZ{now.astimezone(SHANGHAI):%y%m%d}-"
    last = session.scalar(select(func.max(Ticket.number)).where(Ticket.number.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _summary(case: Case) -> list[str]:
    lines = [f"商户 {case.mid or '未确认'}", f"原话：{case.complaint}"]
    if case.finding:
        lines.append(f"结论：{case.outcome}/{case.finding}，原因：{case.cause or '未定'}")
    if case.tid is not None:
        lines.append(f"机器：{case.tid}")
    lines.extend(f"依据：{row}" for row in case.evidence)
    return lines
