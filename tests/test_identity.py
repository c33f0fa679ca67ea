"""Proving who one is: what a claim and a code come to, and what nobody learns from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from daozhang.database import Base, connect
from daozhang.identity import (
    CODE_LIFE,
    Answer,
    Claim,
    CodeMessage,
    IdentityCheck,
    Result,
    begin,
    confirm,
    is_awaited,
)
from tests.worlds import MID, a_merchant, a_terminal, moment, world

NOW = moment("2026-11-22 10:20")
KEY = "a key for tests"
TALK = "talk"


@pytest.fixture
def session() -> Iterator[Session]:
    with world() as session:
        a_merchant(session)
        a_terminal(session, "31000001").sn = "N500W0001234AB"
        session.flush()
        yield session


def code_for(session: Session, machine: str = "31000001", talk: str = TALK) -> CodeMessage:
    begun = begin(session, KEY, talk, Claim(MID, machine), NOW)
    assert begun.message is not None
    return begun.message


def enter(session: Session, code: str, now: datetime = NOW, talk: str = TALK) -> Result:
    return confirm(session, KEY, talk, code, now).result


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize("machine", ["31000001", "1234AB", "1234ab", "N500W0001234AB"])
def test_the_merchant_number_and_a_machine_of_theirs_get_a_code(
    session: Session, machine: str
) -> None:
    message = code_for(session, machine)
    assert confirm(session, KEY, TALK, message.code, NOW).mid == MID


@pytest.mark.parametrize(
    ("mid", "machine"),
    [(MID, "31000002"), (MID, "234AB"), (MID, ""), ("898310058120009", "31000001"), ("", "")],
)
def test_a_claim_that_does_not_fit_looks_the_same_and_no_code_is_right(
    session: Session, mid: str, machine: str
) -> None:
    begun = begin(session, KEY, TALK, Claim(mid, machine), NOW)
    assert (begun.answer, begun.message) == (Answer.ACCEPTED, None)
    assert is_awaited(session, TALK, NOW)
    assert enter(session, "000000") is Result.WRONG


def test_a_machine_that_is_bound_to_nobody_proves_nothing(session: Session) -> None:
    a_terminal(session, "31000003").bound = False
    session.flush()
    assert begin(session, KEY, TALK, Claim(MID, "31000003"), NOW).message is None


def test_three_wrong_codes_are_the_end_also_for_the_right_one(session: Session) -> None:
    code = code_for(session).code
    proofs = [confirm(session, KEY, TALK, wrong(code), NOW) for _ in range(3)]
    assert [(one.result, one.left, one.is_last) for one in proofs] == [
        (Result.WRONG, 2, False),
        (Result.WRONG, 1, False),
        (Result.REFUSED, 0, True),
    ]
    assert enter(session, code) is Result.REFUSED
    assert begin(session, KEY, TALK, Claim(MID, "31000001"), NOW).answer is Answer.REFUSED


def test_wrong_codes_count_over_several_codes(session: Session) -> None:
    for _ in range(2):
        enter(session, wrong(code_for(session).code))
    assert enter(session, wrong(code_for(session).code)) is Result.REFUSED


def test_a_code_is_good_once_and_for_some_minutes(session: Session) -> None:
    late = code_for(session)
    assert enter(session, late.code, NOW + CODE_LIFE) is Result.EXPIRED
    used = code_for(session)
    assert enter(session, used.code) is Result.PROVEN
    assert enter(session, used.code) is Result.EXPIRED
    assert not is_awaited(session, TALK, NOW)


def test_a_newer_code_takes_the_place_of_an_older_one(session: Session) -> None:
    older, newer = code_for(session), code_for(session)
    if older.code != newer.code:
        assert enter(session, older.code) is Result.WRONG
    assert enter(session, newer.code) is Result.PROVEN


def test_a_code_is_of_no_use_in_another_talk(session: Session) -> None:
    code = code_for(session).code
    assert enter(session, code, talk="another") is Result.EXPIRED


def test_codes_cannot_be_asked_for_in_haste(session: Session) -> None:
    for _ in range(3):
        code_for(session)
    assert begin(session, KEY, TALK, Claim(MID, "31000001"), NOW).answer is Answer.TOO_SOON
    later = NOW + timedelta(minutes=11)
    assert begin(session, KEY, TALK, Claim(MID, "31000001"), later).answer is Answer.ACCEPTED


def test_a_merchants_phone_is_not_flooded_from_many_talks(session: Session) -> None:
    sent = [
        begin(session, KEY, f"talk {number}", Claim(MID, "31000001"), NOW).message
        for number in range(8)
    ]
    assert sum(one is not None for one in sent) == 5


def test_guessing_from_many_talks_ends_for_the_day(session: Session) -> None:
    for number in range(5):
        code = code_for(session, talk=f"talk {number}").code
        for _ in range(2):
            enter(session, wrong(code), talk=f"talk {number}")
    later = NOW + timedelta(hours=2)
    assert begin(session, KEY, TALK, Claim(MID, "31000001"), later).message is None
    assert begin(session, KEY, TALK, Claim(MID, "31000001"), NOW + timedelta(days=2)).message


def test_a_code_asked_for_before_the_guessing_is_not_right_after_it(session: Session) -> None:
    codes = [code_for(session, talk=f"talk {number}").code for number in range(5)]
    for number, code in enumerate(codes[:4]):
        for _ in range(3):
            enter(session, wrong(code), talk=f"talk {number}")
    assert enter(session, codes[4], talk="talk 4") is Result.WRONG


def test_the_code_itself_is_kept_nowhere(session: Session) -> None:
    message = code_for(session)
    session.flush()
    row = session.scalars(select(IdentityCheck)).one()
    kept = " ".join(str(getattr(row, one.name)) for one in IdentityCheck.__table__.columns)
    assert message.code not in kept.replace(row.id, "").replace(row.digest, "")
    assert len(row.digest) == 64
    assert message.code not in repr(message)


def test_tries_on_one_merchant_wait_for_each_other_without_a_row_of_theirs(
    postgres_url: str,
) -> None:
    engine, sessions = connect(postgres_url)
    Base.metadata.create_all(engine)
    with sessions() as one, sessions() as other:
        begin(one, KEY, "one", Claim(MID, "31000001"), NOW)
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        begin(other, KEY, "other", Claim("898310058120009", "31000001"), NOW)
        with pytest.raises(OperationalError):
            begin(other, KEY, "other", Claim(MID, "31000001"), NOW)
    engine.dispose()
