"""Dates that come again, and the clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from meeting_manager.engine.recurrence import (
    MOST,
    Repeats,
    instant_at,
    is_last_of_its_weekday,
    ordinal,
    recur,
    two_years_after,
)

days = some.dates(date(1999, 1, 1), date(2090, 12, 31))
unhurried = settings(deadline=None)
"""A machine that has other things to do is no failure."""
everyday = some.sampled_from([each for each in Repeats if each is not Repeats.MONTHLY_LAST])


@unhurried
@given(repeats=everyday, first=days, times=some.integers(1, 200))
def test_a_series_begins_with_its_first_date_and_has_as_many_as_were_asked_for_within_bounds(
    repeats: Repeats, first: date, times: int
) -> None:
    found = recur(repeats, first, times=times)
    assert found.dates[0] == first
    assert len(found.dates) <= min(times, MOST)
    assert found.dates[-1] <= two_years_after(first)
    if len(found.dates) < min(times, MOST):  # then the next one would come too late
        assert found.dates[-1] + timedelta(days=92) > two_years_after(first)


@unhurried
@given(repeats=everyday, first=days, length=some.integers(0, 800))
def test_an_end_by_date_is_the_same_series_cut_off(repeats: Repeats, first: date, length: int) -> None:
    until = first + timedelta(days=length)
    whole, cut = recur(repeats, first), recur(repeats, first, until=until)
    assert cut.dates == tuple(day for day in whole.dates if day <= until)


@unhurried
@given(first=days)
def test_weeks_are_seven_or_fourteen_days_apart(first: date) -> None:
    for repeats, step in ((Repeats.WEEKLY, 7), (Repeats.FORTNIGHTLY, 14)):
        dates = recur(repeats, first).dates
        assert {(after - before).days for before, after in pairwise(dates)} == {step}


@unhurried
@given(first=days)
def test_monthly_by_date_keeps_the_day_and_names_each_month_without_it(first: date) -> None:
    found = recur(Repeats.MONTHLY_DATE, first)
    assert {day.day for day in found.dates} == {first.day}
    months = sorted([*(day.replace(day=1) for day in found.dates), *found.skipped])
    assert all((after - before).days in range(28, 32) for before, after in pairwise(months))
    assert bool(found.skipped) == (first.day > 28 and len(months) > len(found.dates))


@unhurried
@given(first=days)
def test_monthly_by_weekday_keeps_weekday_and_place_in_the_month(first: date) -> None:
    found = recur(Repeats.MONTHLY_WEEKDAY, first)
    assert {(day.weekday(), ordinal(day)) for day in found.dates} == {(first.weekday(), ordinal(first))}
    assert bool(found.skipped) == (ordinal(first) == 5)


@unhurried
@given(first=days.filter(is_last_of_its_weekday))
def test_a_last_weekday_is_the_last_of_every_month(first: date) -> None:
    found = recur(Repeats.MONTHLY_LAST, first)
    assert all(is_last_of_its_weekday(day) and day.weekday() == first.weekday() for day in found.dates)
    assert len(found.dates) >= 24
    assert not found.skipped


def test_a_series_of_last_fridays_does_not_begin_with_another() -> None:
    with pytest.raises(ValueError, match="not the last"):
        recur(Repeats.MONTHLY_LAST, date(2026, 12, 18))


def test_the_thirty_first_is_skipped_where_there_is_none() -> None:
    found = recur(Repeats.MONTHLY_DATE, date(2027, 1, 31), times=4)
    assert [day.month for day in found.dates] == [1, 3, 5, 7]
    assert [month.month for month in found.skipped] == [2, 4, 6]


def test_the_second_tuesday_and_the_last_friday_are_where_a_calendar_has_them() -> None:
    tuesdays = recur(Repeats.MONTHLY_WEEKDAY, date(2026, 12, 8), times=3).dates
    assert tuesdays == (date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9))
    fridays = recur(Repeats.MONTHLY_LAST, date(2026, 12, 25), times=3).dates
    assert fridays == (date(2026, 12, 25), date(2027, 1, 29), date(2027, 2, 26))


def test_the_29th_of_february_ends_after_two_years() -> None:
    assert two_years_after(date(2028, 2, 29)) == date(2030, 2, 28)


@unhurried
@given(first=days, zone=some.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_ten_o_clock_stays_ten_o_clock_across_clock_changes(first: date, zone: str) -> None:
    for day in recur(Repeats.WEEKLY, first, times=60).dates:
        there = datetime.fromtimestamp(instant_at(zone, day, 10 * 3600), ZoneInfo(zone))
        assert (there.date(), there.hour, there.minute) == (day, 10, 0)


def test_a_time_that_clocks_skip_begins_when_they_jump_and_one_shown_twice_the_first_time() -> None:
    half_past_two = 2 * 3600 + 1800
    spring = instant_at("Europe/Berlin", date(2027, 3, 28), half_past_two)
    assert datetime.fromtimestamp(spring, UTC) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    autumn = instant_at("Europe/Berlin", date(2027, 10, 31), half_past_two)
    assert datetime.fromtimestamp(autumn, UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
