"""Stretches of dates: what is compared with what, and how a chart is cut."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from meeting_manager.analytics.periods import PRESETS, Period, buckets, last_days, next_days, unit_of

TODAY = date(2026, 12, 8)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("today", date(2026, 12, 8), date(2026, 12, 8)),
        ("7-days", date(2026, 12, 2), date(2026, 12, 8)),
        ("30-days", date(2026, 11, 9), date(2026, 12, 8)),
        ("90-days", date(2026, 9, 10), date(2026, 12, 8)),
        ("this-month", date(2026, 12, 1), date(2026, 12, 31)),
        ("last-month", date(2026, 11, 1), date(2026, 11, 30)),
        ("this-year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_presets_are_made_of_today(preset: str, first: date, last: date) -> None:
    assert PRESETS[preset](TODAY) == Period(first, last)


def test_last_month_is_right_after_new_year() -> None:
    assert PRESETS["last-month"](date(2026, 1, 31)) == Period(date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (last_days(TODAY, 7), Period(date(2026, 11, 25), date(2026, 12, 1))),
        (PRESETS["this-month"](date(2026, 3, 9)), Period(date(2026, 2, 1), date(2026, 2, 28))),
        (PRESETS["this-year"](TODAY), Period(date(2025, 1, 1), date(2025, 12, 31))),
        (Period(date(2026, 3, 1), date(2026, 3, 30)), Period(date(2026, 1, 30), date(2026, 2, 28))),
    ],
)
def test_whole_months_and_years_are_compared_with_whole_ones_and_others_with_as_many_days(
    period: Period, before: Period
) -> None:
    assert period.before() == before


def test_coming_days_begin_tomorrow() -> None:
    assert next_days(TODAY, 7) == Period(date(2026, 12, 9), date(2026, 12, 15))


def test_days_have_the_length_that_clocks_give_them() -> None:
    day = Period(date(2026, 10, 25), date(2026, 10, 25))
    start, end = day.bounds("Europe/Berlin")
    assert (end - start) // 3600 == 25


@pytest.mark.parametrize(("days", "unit"), [(1, "day"), (31, "day"), (32, "week"), (182, "week"), (183, "month")])
def test_long_periods_are_cut_into_longer_pieces(days: int, unit: str) -> None:
    assert unit_of(last_days(TODAY, days)) == unit


@pytest.mark.parametrize("days", [1, 7, 31, 32, 100, 182, 183, 400])
def test_pieces_follow_each_other_without_a_gap_and_fill_the_period(days: int) -> None:
    period = last_days(TODAY, days)
    cut = buckets(period)
    assert (cut[0].first, cut[-1].last) == (period.first, period.last)
    assert all(later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(cut))


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    weeks, months = buckets(last_days(TODAY, 60)), buckets(last_days(TODAY, 300))
    assert {week.first.weekday() for week in weeks[1:]} == {0}
    assert {month.first.day for month in months[1:]} == {1}
