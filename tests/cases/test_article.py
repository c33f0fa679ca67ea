"""What the article says is said or done in the talk (data/coverage.yml, docs/coverage.md)."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from daozhang.cases.assistant import Route
from daozhang.cases.models import CaseStatus
from daozhang.causes import Cause
from daozhang.ledger.models import Clearing, Payout, SettleItem, Terminal, Txn
from daozhang.playbook.loader import load_playbook
from tests.article import POINTS, answers_of
from tests.cases.conftest import Talker

TOLD = [(point["id"], *answer) for point in POINTS for answer in answers_of(point)]


@pytest.mark.parametrize(("point", "intent", "cause", "words"), TOLD)
def test_what_the_article_says_is_told_to_who_asks(
    merchant: Talker, point: str, intent: str, cause: str | None, words: str
) -> None:
    causes = ((cause, 0.9),) if cause else ()
    replies = merchant.say(intent, causes=causes, route=Route.ANSWER)
    assert words in "".join(reply.text for reply in replies), point
    assert len(replies) <= 3


@pytest.mark.parametrize("cause", list(Cause))
def test_a_cause_that_is_told_is_walked_to_an_end(merchant: Talker, cause: Cause) -> None:
    """A fault without a payment, each step answered with 做不了, ends well or with a person."""
    with merchant.sessions.begin() as session:
        for kind in (Clearing, SettleItem, Txn, Payout):
            session.execute(delete(kind))
        session.scalars(select(Terminal)).one().last_heartbeat_at = merchant.clock.time
    replies = merchant.say("report_fault", text="出毛病了", causes=((cause.value, 0.9),))
    case = merchant.case()
    assert (case.cause, case.playbook) == (cause, cause.value)
    for _ in range(len(load_playbook(cause).steps)):
        if merchant.case().status is not CaseStatus.WALKING:
            break
        replies = merchant.tap("step:cannot")
        assert 1 <= len(replies) <= 3
    ended = merchant.case().status
    assert ended in {CaseStatus.HANDED_OVER, CaseStatus.SOLVED, CaseStatus.INFORMED}
    assert (replies[-1].ticket is not None) == (ended is CaseStatus.HANDED_OVER)
