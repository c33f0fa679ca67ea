"""A day or a week, payment by payment: the missing ones first, and sums that add up to the fen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daozhang.diagnosis.explain import explain
from daozhang.diagnosis.overview import Overview, Share, overview_of, share_of
from daozhang.diagnosis.render_overview import named_at_once, tell_overview, tell_page, told_of
from daozhang.diagnosis.verdict import Finding, Subject, Verdict
from daozhang.ledger.loading import store_world
from daozhang.ledger.lookups import TxnQuery
from daozhang.ledger.words import Channel
from daozhang.ledger.worldfile import World
from daozhang.money import format_yuan
from tests.diagnosis.kit import Rows, looked_into
from tests.worlds import CALENDAR, MID, moment, world

NOW = "2026-11-24 10:20"
MONDAY = TxnQuery(since=moment("2026-11-23 00:00"), until=moment("2026-11-24 00:00"))


def a_day(payments: int, missing: int) -> Rows:
    """Monday's payments; the last `missing` are not paid out."""
    sales: list[dict[str, Any]] = [
        {
            "key": f"s{number}",
            "amount": 10_001 + number,
            "local_at": f"2026-11-23T{9 + number // 30:02}:{number % 30:02}",
            "settle": True,
        }
        for number in range(payments)
    ]
    carried = [f"s{number}" for number in range(payments - missing)]
    paid = {"carries": carried, "state": "credited", "result_at": "2026-11-24T08:30"}
    return {"txns": sales, "payouts": [paid] if carried else []}


def overview(payments: int, missing: int) -> Overview:
    with looked_into(a_day(payments, missing), NOW) as investigation:
        return investigation.overview(MONDAY)


def test_each_missing_payment_can_be_tapped_and_comes_first() -> None:
    seen = overview(37, 3)
    tapped = [one.subject for one in told_of(seen) if one.subject]
    assert [one.count for one in tapped] == [1, 1, 1, 34]
    assert [one.amount for one in tapped[:3]] == [10_037, 10_036, 10_035]
    (bubble,) = tell_overview(seen, moment(NOW))
    assert [one.label for one in bubble.buttons[:3]] == [
        format_yuan(one.amount) for one in tapped[:3]
    ]


def test_many_missing_ones_of_one_fate_are_named_on_a_tap_page_by_page() -> None:
    seen = overview(37, 30)
    (first,) = tell_overview(seen, moment(NOW))
    assert not named_at_once(seen)
    assert first.buttons[-1].id == "more"
    (page,), place = tell_page(seen, (), moment(NOW))
    (rest,), end = tell_page(seen, place, moment(NOW))
    assert "more" in [one.id for one in page.buttons]
    assert "more" not in [one.id for one in rest.buttons]
    assert len(set(end)) == 30
    named = "\n".join([page.text, rest.text])
    missing = [one.subject.amount for one in seen.missing if one.subject]
    assert len(missing) == 30
    assert all(format_yuan(amount) in named for amount in missing)


def test_a_payment_that_arrives_between_two_pages_makes_no_other_skipped() -> None:
    seen = overview(37, 30)
    _, named = tell_page(seen, (), moment(NOW))
    first_is_here = replace(seen, each=seen.each[1:])
    (rest,), end = tell_page(first_is_here, named, moment(NOW))
    late = [one.subject for one in seen.missing[25:] if one.subject]
    assert len(late) == 5
    assert all(format_yuan(one.amount) in rest.text for one in late)
    assert set(end) == {id_ for one in seen.missing if one.subject for id_ in one.subject.ids}


def test_many_missing_ones_of_several_fates_are_named_at_once_the_worst_first() -> None:
    rows = a_day(37, 30)
    rows["holds"] = [{"txn": "s8", "kind": "risk_review", "since": "2026-11-23T16:00"}]
    with looked_into(rows, NOW) as investigation:
        seen = investigation.overview(MONDAY)
    sums, table = tell_overview(seen, moment(NOW))
    assert not sums.buttons
    assert len(named_at_once(seen)) == 25
    assert format_yuan(10_009) in table.text.splitlines()[2]


def test_a_day_on_which_everything_came_has_one_line_to_tap() -> None:
    (bubble,) = tell_overview(overview(37, 0), moment(NOW))
    assert len(bubble.buttons) == 1


def test_what_staff_see_is_a_table_with_the_sum_that_is_told() -> None:
    with world() as session:
        store_world(session, World.model_validate(a_day(37, 3)))
        found = explain(session, CALENDAR, moment(NOW), MID, MONDAY)
    total = found.overview.total if found.overview else None
    assert total is not None
    table, sums, *_ = found.text.split("\n\n")
    assert len(table.splitlines()) == total.count == 37
    assert format_yuan(total.amount) in sums
    assert format_yuan(total.net) in sums
    assert len(found.json["each"]) == 37
    assert sum(one["subject"]["amount"] for one in found.json["each"]) == total.amount


def test_payments_of_one_fate_are_told_by_their_count_too() -> None:
    seen = overview(12, 0)
    assert [one.subject.count for one in seen.verdicts if one.subject] == [12]
    assert len(seen.each) == 12


findings = st.sampled_from([one for one in Finding if one is not Finding.NOT_FOUND])


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    amount = draw(st.integers(1, 10_000_000))
    fee = draw(st.integers(0, amount // 100))
    at = moment("2026-11-23 09:00")
    subject = Subject(
        (draw(st.integers(1, 10**9)),), amount, fee, amount - fee, at, at, Channel.CARD, None,
        None, None,
    )  # fmt: skip
    return Verdict(draw(findings), subject)


@given(st.lists(verdicts(), max_size=60))
def test_the_sum_is_that_of_the_payments_whatever_became_of_them(each: list[Verdict]) -> None:
    seen = overview_of(each, each, complete=True)
    subjects = [one.subject for one in seen.each if one.subject]
    never = [one.subject.net for one in each if one.subject and share_of(one) is Share.NEVER]
    assert seen.total.count == len(each) == len(subjects)
    assert seen.total.amount == sum(one.amount for one in subjects)
    assert seen.total.net == sum(one.net for one in subjects) - sum(never)
    assert len(seen.not_arrived) == len(each) - seen.shares[Share.ARRIVED].count
    shares = seen.shares.values()
    assert sum(one.amount for one in shares) == seen.total.amount
    assert sum(one.net for one in shares) == seen.total.net
