"""What the article says is said or done in the talk (data/coverage.yml, docs/coverage.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from sqlalchemy import delete

from daozhang.cases.answers import load_answers
from daozhang.cases.assistant import Route
from daozhang.cases.models import CaseStatus
from daozhang.causes import Cause
from daozhang.ledger.models import Clearing, Payout, SettleItem, Txn
from daozhang.playbook.loader import load_playbook
from daozhang.settings import ROOT
from tests.cases.conftest import Talker

_ANSWERS = "data/answers/"


def told() -> Iterator[tuple[str, str, str]]:
    """Every point that lives in an answer: its id, the intent, and the words."""
    for point in yaml.safe_load((ROOT / "data" / "coverage.yml").read_text(encoding="utf-8")):
        for place in point["lives"]:
            for file, words in place.items() if isinstance(place, dict) else ():
                if file.startswith(_ANSWERS):
                    yield point["id"], file.removeprefix(_ANSWERS).removesuffix(".yml"), words


def cause_for(intent: str, words: str) -> str | None:
    """The cause that has to be named to hear these words; None for the general answer."""
    answer = load_answers()[intent]
    if any(words in bubble for bubble in answer.say):
        return None
    return next(
        cause for cause, say in answer.by_cause.items() if any(words in bubble for bubble in say)
    )


@pytest.mark.parametrize(("point", "intent", "words"), list(told()))
def test_what_the_article_says_is_told_to_who_asks(
    merchant: Talker, point: str, intent: str, words: str
) -> None:
    cause = cause_for(intent, words)
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
