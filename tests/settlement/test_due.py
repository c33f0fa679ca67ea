"""The vectors of DOMAIN.md §2.3 on real days of 2026, and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daozhang.clock import SHANGHAI
from daozhang.settlement.calendar import WorkCalendar
from daozhang.settlement.due import Due, Reason, due_for, put_off, taken_instantly
from daozhang.settlement.products import Product
from daozhang.settlement.terms import Terms

CALENDAR = WorkCalendar.load()
T1 = Terms(Product.T1, cutoff=time(23), window_start=time(9), window_end=time(18))
D1 = replace(T1, product=Product.D1)
S0 = replace(
    T1,
    product=Product.S0,
    instant_from=time(7),
    instant_until=time(23),
    takes=timedelta(minutes=30),
    instant_cap_single=5_000_000,
    instant_cap_day=20_000_000,
    opened_on=date(2025, 1, 1),
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(terms: Terms, text: str, amount: int | None = None) -> Due:
    return due_for(terms, moment(text), calendar=CALENDAR, amount=amount)


@pytest.mark.parametrize(
    ("accepted", "due_at"),
    [
        pytest.param("2026-11-16 22:59", "2026-11-17 18:00", id="Mon 22:59 -> Tue"),
        pytest.param("2026-11-16 23:00", "2026-11-18 18:00", id="Mon 23:00 -> Wed"),
        pytest.param("2026-11-19 23:10", "2026-11-23 18:00", id="Thu 23:10 -> Mon"),
        pytest.param("2026-11-20 15:00", "2026-11-23 18:00", id="Fri 15:00 -> Mon"),
        pytest.param("2026-11-20 23:30", "2026-11-23 18:00", id="Fri 23:30 -> Mon"),
        pytest.param("2026-11-22 22:00", "2026-11-23 18:00", id="Sun 22:00 -> Mon"),
        pytest.param("2026-11-22 23:30", "2026-11-24 18:00", id="Sun 23:30 -> Tue"),
        pytest.param("2026-09-30 10:00", "2026-10-08 18:00", id="before a 7-day holiday"),
        pytest.param("2026-10-03 12:00", "2026-10-08 18:00", id="within the holiday"),
        pytest.param("2026-10-09 15:00", "2026-10-10 18:00", id="Fri -> made-up Saturday"),
        pytest.param("2026-09-18 15:00", "2026-09-20 18:00", id="Fri -> made-up Sunday"),
        pytest.param("2026-02-13 15:00", "2026-02-14 18:00", id="made-up Sat before 春节"),
        pytest.param("2026-02-14 15:00", "2026-02-24 18:00", id="over 春节"),
    ],
)
def test_t1(accepted: str, due_at: str) -> None:
    assert due(T1, accepted).due_at == moment(due_at)


@pytest.mark.parametrize(
    ("accepted", "due_at"),
    [
        pytest.param("2026-11-20 15:00", "2026-11-21 18:00", id="Fri 15:00 -> Sat"),
        pytest.param("2026-11-20 23:10", "2026-11-22 18:00", id="Fri 23:10 -> Sun"),
        pytest.param("2026-09-30 10:00", "2026-10-01 18:00", id="holidays do not count"),
    ],
)
def test_d1(accepted: str, due_at: str) -> None:
    assert due(D1, accepted).due_at == moment(due_at)


@pytest.mark.parametrize(
    ("terms", "accepted", "reasons"),
    [
        (T1, "2026-11-16 15:00", [Reason.NEXT_WORKING_DAY]),
        (
            T1,
            "2026-11-20 23:12",
            [Reason.AFTER_CUTOFF, Reason.NEXT_WORKING_DAY, Reason.WEEKEND],
        ),
        (T1, "2026-09-30 10:00", [Reason.NEXT_WORKING_DAY, Reason.HOLIDAY]),
        (T1, "2026-10-09 15:00", [Reason.NEXT_WORKING_DAY, Reason.WORKING_WEEKEND]),
        (D1, "2026-11-20 23:10", [Reason.AFTER_CUTOFF, Reason.NEXT_DAY]),
        (S0, "2026-11-20 15:00", [Reason.INSTANT]),
        (
            S0,
            "2026-11-20 23:10",
            [
                Reason.INSTANT_WINDOW_CLOSED,
                Reason.AFTER_CUTOFF,
                Reason.NEXT_WORKING_DAY,
                Reason.WEEKEND,
            ],
        ),
    ],
)
def test_reasons_explain_the_day(terms: Terms, accepted: str, reasons: list[Reason]) -> None:
    assert due(terms, accepted).reasons == tuple(reasons)


def test_the_festival_is_named() -> None:
    assert due(T1, "2026-09-30 10:00").holiday == "国庆节"


def test_the_window_says_from_when_money_may_arrive() -> None:
    expected = due(T1, "2026-11-20 23:30")
    assert expected.settle_day == date(2026, 11, 21)
    assert expected.window_start == moment("2026-11-23 09:00")


def test_a_wallet_keeps_the_calendar_day_after_the_card_cutoff() -> None:
    at = moment("2026-11-16 23:30")
    wallet = replace(T1, cutoff=time(0))
    assert due_for(wallet, at, calendar=CALENDAR).due_day == date(2026, 11, 17)


def test_a_moment_in_another_zone_is_read_in_shanghai() -> None:
    utc = datetime.fromisoformat("2026-11-16T15:00:00+00:00")  # 23:00 in Shanghai
    assert due_for(T1, utc, calendar=CALENDAR).due_day == date(2026, 11, 18)


def test_a_naive_moment_is_refused() -> None:
    naive = moment("2026-11-16 15:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        due_for(T1, naive, calendar=CALENDAR)


class TestUnpublishedYear:
    def test_is_answered_and_marked(self) -> None:
        expected = due(T1, "2026-12-31 15:00")
        assert expected.due_day == date(2027, 1, 4)
        assert expected.provisional
        assert expected.reasons == (
            Reason.NEXT_WORKING_DAY,
            Reason.WEEKEND,
            Reason.HOLIDAY,
            Reason.PROVISIONAL_CALENDAR,
        )

    def test_does_not_touch_calendar_day_products(self) -> None:
        assert not due(D1, "2027-03-05 15:00").provisional


class TestInstant:
    @pytest.mark.parametrize("accepted", ["2026-11-21 07:00", "2026-11-21 22:59"])
    def test_takes_half_an_hour_inside_its_window_also_on_a_saturday(self, accepted: str) -> None:
        assert due(S0, accepted).due_at == moment(accepted) + timedelta(minutes=30)

    @pytest.mark.parametrize("accepted", ["2026-11-18 06:59", "2026-11-18 03:00"])
    def test_before_its_window_falls_back_to_t1(self, accepted: str) -> None:
        assert due(S0, accepted).due_at == moment("2026-11-19 18:00")

    def test_from_the_end_of_its_window_falls_back_to_the_third_day(self) -> None:
        assert due(S0, "2026-11-18 23:00").due_at == moment("2026-11-20 18:00")

    @pytest.mark.parametrize(
        ("amount", "taken_today", "instant"),
        [
            (5_000_000, 0, True),
            (5_800_000, 0, False),
            (4_000_000, 16_000_000, True),
            (4_000_001, 16_000_000, False),
        ],
    )
    def test_keeps_both_caps(self, amount: int, taken_today: int, instant: bool) -> None:
        expected = due_for(
            S0,
            moment("2026-11-18 15:00"),
            calendar=CALENDAR,
            amount=amount,
            taken_today=taken_today,
        )
        assert (Reason.INSTANT in expected.reasons) is instant
        assert (Reason.OVER_INSTANT_CAP in expected.reasons) is not instant

    @pytest.mark.parametrize("product", [Product.S0, Product.T0, Product.D0])
    @pytest.mark.parametrize(("age", "refused"), [(89, True), (90, False)])
    def test_new_merchants_get_no_same_day_money(
        self, product: Product, age: int, refused: bool
    ) -> None:
        opened_on = date(2026, 11, 18) - timedelta(days=age)
        terms = replace(S0, product=product, opened_on=opened_on)
        expected = due(terms, "2026-11-18 15:00")
        assert (Reason.NEW_MERCHANT in expected.reasons) is refused
        assert expected.due_day == date(2026, 11, 19 if refused else 18)

    @pytest.mark.parametrize(("days", "refused"), [(29, True), (30, False)])
    def test_nor_do_those_who_have_not_traded_for_thirty_days_on_end(
        self, days: int, refused: bool
    ) -> None:
        terms = replace(S0, trading_since=date(2026, 11, 18) - timedelta(days=days))
        assert (Reason.SHORT_TRADING in due(terms, "2026-11-18 15:00").reasons) is refused

    def test_falls_back_to_the_cycle_of_the_contract(self) -> None:
        terms = replace(S0, fallback=Product.D1)
        assert due(terms, "2026-11-20 23:10").due_at == moment("2026-11-22 18:00")

    def test_keeps_the_hours_of_the_contract(self) -> None:
        terms = replace(S0, instant_from=time(9), instant_until=time(21, 30))
        assert Reason.INSTANT in due(terms, "2026-11-18 21:29").reasons
        assert Reason.INSTANT_WINDOW_CLOSED in due(terms, "2026-11-18 08:59").reasons

    def test_what_was_refused_uses_up_nothing_of_the_day(self) -> None:
        terms = replace(S0, instant_cap_day=10_000_000)
        amounts = [4_000_000, 6_000_000, 5_000_000, 2_000_000, 1_000_000]
        assert taken_instantly(amounts, terms) == 10_000_000


class TestSeveralRuns:
    TERMS = replace(
        T1,
        product=Product.D0,
        runs=(time(10), time(14), time(17, 30)),
        takes=timedelta(minutes=20),
    )

    @pytest.mark.parametrize(
        ("accepted", "due_at"),
        [
            pytest.param("2026-11-18 08:00", "2026-11-18 10:20", id="the first run"),
            pytest.param("2026-11-18 10:00", "2026-11-18 14:20", id="just missed the first"),
            pytest.param("2026-11-18 17:29", "2026-11-18 17:50", id="the last"),
            pytest.param("2026-11-18 17:30", "2026-11-19 10:20", id="tomorrow's first"),
            pytest.param("2026-11-18 23:30", "2026-11-19 10:20", id="after the day cut"),
        ],
    )
    def test_money_of_the_day_goes_with_the_next_run(self, accepted: str, due_at: str) -> None:
        assert due(self.TERMS, accepted).due_at == moment(due_at)

    def test_t0_has_runs_on_working_days_only(self) -> None:
        terms = replace(self.TERMS, product=Product.T0)
        assert due(terms, "2026-11-20 17:30").due_at == moment("2026-11-23 10:20")

    def test_money_of_the_day_before_is_due_by_the_end_of_the_window(self) -> None:
        terms = replace(self.TERMS, product=Product.D1)
        assert due(terms, "2026-11-18 15:00").due_at == moment("2026-11-19 18:00")


class TestPuttingOff:
    @pytest.mark.parametrize(
        ("product", "until", "due_at"),
        [
            (Product.T1, "2026-11-18 19:00", "2026-11-19 18:00"),
            (Product.T1, "2026-11-20 19:00", "2026-11-23 18:00"),
            (Product.D1, "2026-11-20 19:00", "2026-11-21 18:00"),
        ],
    )
    def test_goes_to_the_next_window(self, product: Product, until: str, due_at: str) -> None:
        terms = replace(T1, product=product)
        first = due(terms, "2026-11-16 15:00")
        later = put_off(first, Reason.BELOW_MINIMUM, moment(until), terms, calendar=CALENDAR)
        assert later.due_at == moment(due_at)
        assert later.reasons == (*first.reasons, Reason.BELOW_MINIMUM)

    def test_what_was_refused_same_day_money_keeps_the_days_of_its_fallback(self) -> None:
        first = due(S0, "2026-11-19 23:30")
        friday_night = moment("2026-11-27 20:00")
        later = put_off(first, Reason.BELOW_MINIMUM, friday_night, S0, calendar=CALENDAR)
        assert later.due_at == moment("2026-11-30 18:00")

    def test_never_makes_it_earlier(self) -> None:
        first = due(T1, "2026-11-16 15:00")
        before = moment("2026-11-16 16:00")
        assert put_off(first, Reason.CHANNEL_CLOSED, before, T1, calendar=CALENDAR) is first


@pytest.mark.parametrize(
    ("product", "accepted", "due_at", "pace"),
    [
        (Product.T0, "2026-11-20 15:00", "2026-11-20 18:00", Reason.SAME_DAY),
        (Product.T0, "2026-11-20 18:00", "2026-11-23 18:00", Reason.NEXT_WORKING_DAY),
        (Product.T0, "2026-11-21 10:00", "2026-11-23 18:00", Reason.NEXT_WORKING_DAY),
        (Product.D0, "2026-11-21 10:00", "2026-11-21 18:00", Reason.SAME_DAY),
        (Product.D0, "2026-11-21 19:00", "2026-11-22 18:00", Reason.NEXT_DAY),
        (Product.D0, "2026-11-21 23:10", "2026-11-22 18:00", Reason.SAME_DAY),
    ],
)
def test_same_day_products(product: Product, accepted: str, due_at: str, pace: Reason) -> None:
    expected = due(replace(T1, product=product), accepted)
    assert expected.due_at == moment(due_at)
    assert pace in expected.reasons


moments = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: moment("2025-01-01 00:00") + timedelta(minutes=minutes)
)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@st.composite
def some_terms(draw: st.DrawFn, *products: Product) -> Terms:
    start, end = sorted((draw(clocks), draw(clocks)))
    return Terms(
        draw(st.sampled_from(products)),
        draw(clocks),
        start,
        end,
        takes=timedelta(minutes=draw(st.integers(1, 120))),
        runs=tuple(sorted(draw(st.sets(clocks, max_size=4)))),
    )


@given(some_terms(*Product), moments)
def test_money_is_never_due_before_the_trade(terms: Terms, at: datetime) -> None:
    expected = due_for(terms, at, calendar=CALENDAR)
    assert at <= expected.window_start
    assert at < expected.due_at
    assert expected.settle_day <= expected.due_day


@given(some_terms(Product.T1, Product.D1, Product.T0, Product.D0), moments, moments)
def test_a_later_trade_is_never_due_earlier(terms: Terms, one: datetime, other: datetime) -> None:
    """Instant payouts are left out: a trade at 03:00 waits longer than one at 07:00."""
    earlier, later = sorted((one, other))
    assert (
        due_for(terms, earlier, calendar=CALENDAR).due_at
        <= due_for(terms, later, calendar=CALENDAR).due_at
    )


@given(some_terms(Product.T1), moments)
def test_t1_is_due_on_a_working_day(terms: Terms, at: datetime) -> None:
    expected = due_for(terms, at, calendar=CALENDAR)
    assert CALENDAR.working_day(expected.due_day).working
    assert expected.due_day > expected.settle_day
