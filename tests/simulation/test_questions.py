"""The demo page offers the sentence that fits what is planted and the day on which it is read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from daozhang.ledger.models import Merchant
from daozhang.simulation.questions import complaints, featured_questions
from tests.simulation.conftest import SUNDAY, moment


def test_the_issues_talks_are_offered_first_on_a_sunday(sunday: Session) -> None:
    questions = list(featured_questions(sunday, moment(SUNDAY)).values())
    assert [said[0] for said in questions[:5]] == [
        "昨天下午刷的3000怎么还没到？",
        "周五晚上11点多刷的，今天周日还没到",
        "机器没出票，客人说扣了268",
        "网络不好所以没到账吧？",
        "钱没到",
    ]


def test_every_merchant_with_a_question_exists_and_asks_each_once(
    world: Session, now: datetime
) -> None:
    for mid, said in featured_questions(world, now).items():
        assert world.get(Merchant, mid) is not None
        assert said == list(dict.fromkeys(said))


def test_a_world_that_is_a_day_older_is_asked_about_in_other_words(sunday: Session) -> None:
    questions = featured_questions(sunday, moment(SUNDAY) + timedelta(days=1))
    assert next(iter(questions.values())) == ["前天下午刷的3000怎么还没到？"]


def test_days_are_named_as_people_name_them() -> None:
    friday = moment("2026-11-20T23:12")
    said = [
        complaints("after_cutoff", friday, 168_000, "", moment(now))[0]
        for now in ("2026-11-21T09:00", "2026-11-22T10:20", "2026-11-24T10:20", "2026-12-01T10:20")
    ]
    assert said == [
        "昨天晚上11点多刷的，今天周六还没到",
        "周五晚上11点多刷的，今天周日还没到",
        "上周五晚上11点多刷的，今天周二还没到",
        "11月20号晚上11点多刷的，今天周二还没到",
    ]
