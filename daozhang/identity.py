"""Who is asking: a stranger proves to be a merchant, by what only the shop can see and a code.

They name the merchant number and a machine (terminal number or the end of its serial number); a
code goes to the merchant's registered channel, outside the talk; it comes back through a field of
its own. Nothing here says whether what was named exists: a claim that fits nothing is treated in
the same way, and no code is ever right for it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from daozhang.database import Base, Moment, Word, one_by_one
from daozhang.ledger.lookups import MerchantLedger

__all__ = [
    "CODE_LIFE",
    "DIGITS",
    "FAILURES",
    "Answer",
    "Begun",
    "Claim",
    "CodeMessage",
    "IdentityCheck",
    "Proof",
    "Result",
    "begin",
    "confirm",
    "forget",
    "is_awaited",
]

DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
FAILURES = 3
"""Wrong codes within a day at which a conversation gets a person instead of another try."""

_DAY = timedelta(days=1)
_REQUESTS, _REQUESTS_WITHIN = 3, timedelta(minutes=10)
"""Codes asked for in one conversation."""
_PUSHES, _PUSHES_WITHIN = 5, timedelta(hours=1)
"""Codes sent to one merchant, whoever asks: their phone is no target either."""
_MERCHANT_FAILURES = 10
"""Wrong codes for one merchant within a day, over all conversations; after that none is right."""
_SERIAL_TAIL = 6
"""Characters from the end of a serial number that name a machine."""


class _State(StrEnum):
    OPEN = "open"
    PROVEN = "proven"
    SPENT = "spent"


class IdentityCheck(Base):
    """One code that was asked for. `mid` is None where the claim fitted nothing.

    Of the code only a keyed digest is kept, bound to this row.
    """

    __tablename__ = "identity_checks"
    __table_args__ = (Index(None, "conversation_id", "made_at"), Index(None, "mid", "made_at"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36))
    mid: Mapped[str | None] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    state: Mapped[_State] = mapped_column(Word(_State))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a stranger says: a merchant number, and a terminal number or a serial number's end."""

    mid: str
    machine: str


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """A code on its way to a merchant's registered channel. It is in no log and no repr."""

    mid: str
    code: str = field(repr=False)
    expires_at: datetime


class Answer(StrEnum):
    """What becomes of a wish for a code. ACCEPTED says nothing about the claim."""

    ACCEPTED = "accepted"
    TOO_SOON = "too_soon"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Begun:
    """`message` is to be sent; nobody who asked may see whether there is one."""

    answer: Answer
    message: CodeMessage | None = None


class Result(StrEnum):
    """What an entered code came to. REFUSED: too many wrong ones, a person has to help."""

    PROVEN = "proven"
    WRONG = "wrong"
    EXPIRED = "expired"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proof:
    """`mid` is set where the result is PROVEN; `left` says how many tries remain, and
    `is_last` that this very try was the last one."""

    result: Result
    mid: str | None = None
    left: int = 0
    is_last: bool = False


def begin(session: Session, key: str, conversation_id: str, claim: Claim, now: datetime) -> Begun:
    """Open a check, in place of an earlier one. The caller holds the conversation's lock."""
    if _failures(session, conversation_id, now) >= FAILURES:
        return Begun(Answer.REFUSED)
    recent = _checks(session, conversation_id, now - _REQUESTS_WITHIN)
    if len(recent) >= _REQUESTS:
        return Begun(Answer.TOO_SOON)
    for one in recent:
        if one.state is _State.OPEN:
            one.state = _State.SPENT
    # Both are looked up whatever comes of it: how long it takes is no hint either.
    one_by_one(session, IdentityCheck, claim.mid.strip())
    mid, strained = _merchant_of(session, claim), _is_strained(session, claim.mid.strip(), now)
    if strained:
        mid = None
    id_, code = uuid4().hex, f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    # Where nothing fits, the digest is of something that nobody can enter.
    sealed = code if mid is not None else secrets.token_hex()
    session.add(
        IdentityCheck(
            id=id_,
            conversation_id=conversation_id,
            mid=mid,
            digest=_digest(key, id_, sealed),
            made_at=now,
            expires_at=now + CODE_LIFE,
            failures=0,
            state=_State.OPEN,
        )
    )
    message = CodeMessage(mid, code, now + CODE_LIFE) if mid is not None else None
    return Begun(Answer.ACCEPTED, message)


def confirm(session: Session, key: str, conversation_id: str, code: str, now: datetime) -> Proof:
    """Try a code on the conversation's open check. The caller holds the conversation's lock."""
    failed = _failures(session, conversation_id, now)
    if failed >= FAILURES:
        return Proof(Result.REFUSED)
    check = _open(session, conversation_id)
    if check is None or check.expires_at <= now:
        if check is not None:
            check.state = _State.SPENT
        return Proof(Result.EXPIRED, left=FAILURES - failed)
    one_by_one(session, IdentityCheck, check.mid or "")
    right = hmac.compare_digest(_digest(key, check.id, code), check.digest)
    if right and not _is_worn_out(session, check.mid or "", now):
        check.state = _State.PROVEN
        return Proof(Result.PROVEN, check.mid)
    check.failures += 1
    left = FAILURES - failed - 1
    if left == 0:
        check.state = _State.SPENT
        return Proof(Result.REFUSED, is_last=True)
    return Proof(Result.WRONG, left=left)


def forget(session: Session, now: datetime) -> None:
    """Delete the checks that no limit counts any more (DOMAIN.md §6: shortest retention)."""
    session.execute(delete(IdentityCheck).where(IdentityCheck.made_at <= now - _DAY))


def is_awaited(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether a code may be on the merchant's mind, so that digits in the talk can be one."""
    check = _open(session, conversation_id)
    return check is not None and check.expires_at > now


def _merchant_of(session: Session, claim: Claim) -> str | None:
    """The merchant, when the machine is one of theirs."""
    mid, machine = claim.mid.strip(), claim.machine.strip().casefold()
    tail = machine if len(machine) >= _SERIAL_TAIL else None
    for terminal in MerchantLedger(session, mid).terminals():
        if not terminal.bound:
            continue
        by_serial = tail is not None and terminal.sn.casefold().endswith(tail)
        if by_serial or terminal.tid.casefold() == machine:
            return mid
    return None


def _open(session: Session, conversation_id: str) -> IdentityCheck | None:
    return session.scalars(
        select(IdentityCheck)
        .where(IdentityCheck.conversation_id == conversation_id, IdentityCheck.state == _State.OPEN)
        .order_by(IdentityCheck.made_at.desc())
        .limit(1)
    ).first()


def _checks(session: Session, conversation_id: str, since: datetime) -> list[IdentityCheck]:
    return list(
        session.scalars(
            select(IdentityCheck).where(
                IdentityCheck.conversation_id == conversation_id, IdentityCheck.made_at > since
            )
        )
    )


def _failures(session: Session, conversation_id: str, now: datetime) -> int:
    return sum(one.failures for one in _checks(session, conversation_id, now - _DAY))


def _is_strained(session: Session, mid: str, now: datetime) -> bool:
    """Whether too much was tried on this merchant of late, from whatever conversations."""
    recent = IdentityCheck.mid == mid, IdentityCheck.made_at > now - _PUSHES_WITHIN
    pushes = session.scalar(select(func.count()).select_from(IdentityCheck).where(*recent)) or 0
    worn_out = _is_worn_out(session, mid, now)
    return pushes >= _PUSHES or worn_out


def _is_worn_out(session: Session, mid: str, now: datetime) -> bool:
    """Whether so many codes were wrong that none is right for this merchant today."""
    failures = session.scalar(
        select(func.coalesce(func.sum(IdentityCheck.failures), 0)).where(
            IdentityCheck.mid == mid, IdentityCheck.made_at > now - _DAY
        )
    )
    return int(failures or 0) >= _MERCHANT_FAILURES


def _digest(key: str, id_: str, code: str) -> str:
    return hmac.new(key.encode(), f"identity:{id_}:{code}".encode(), "sha256").hexdigest()
