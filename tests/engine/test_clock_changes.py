"""Every clock change of 2026-2030 in ten zones: no slot in a gap, none twice, true lengths."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from meeting_manager.engine.facts import DayHours
from meeting_manager.engine.hours import day_bounds, local_date, open_windows, week_bounds
from meeting_manager.engine.slots import offered_slots
from tests.engine import oracle
from tests.engine.build import BERLIN, DAY, HOUR, MINUTE, at, every_day, facts, member, shown

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Gaza",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "America/Nuuk",
    "America/Vancouver",
)


@cache
def changes_of(zone: str) -> list[tuple[str, int]]:
    """(zone, first instant of a new offset) for every change from 2026 to 2030."""
    moment, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    found = []
    step = timedelta(hours=1)
    while moment < end:
        later = moment + step
        if later.astimezone(ZoneInfo(zone)).utcoffset() != moment.astimezone(ZoneInfo(zone)).utcoffset():
            found.append((zone, int(later.timestamp())))
        moment = later
    return found


CHANGES = [change for zone in ZONES for change in changes_of(zone)]
HOURS = {
    "whole day": every_day(0, 1440),
    "night": every_day(30, 5 * 60 + 20, ((2 * 60 + 10, 2 * 60 + 50),)),
    "half past": every_day(2 * 60 + 30, 1440),
    "to half past": every_day(0, 2 * 60 + 30),
    "late": every_day(22 * 60 + 45, 23 * 60 + 45),
}


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_changes_its_clocks_in_these_years(zone: str) -> None:
    assert changes_of(zone)


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("zone", ZONES)
def test_no_slot_lies_in_a_gap_none_comes_twice_and_all_have_their_length(zone: str, hours: str) -> None:
    sarah = member(zone=zone, hours=HOURS[hours])
    for duration, interval in ((30 * MINUTE, 15 * MINUTE), (HOUR, 45 * MINUTE), (20 * MINUTE, 20 * MINUTE)):
        for _, change in changes_of(zone):
            low, high = change - DAY, change + DAY
            slots = offered_slots(facts(sarah, now="2025-12-01 00:00"), duration, interval, low, high)
            walls = [shown(slot.start, zone) for slot in slots]
            assert len(set(walls)) == len(walls)
            assert all(datetime.fromtimestamp(slot.start, ZoneInfo(zone)).fold == 0 for slot in slots)
            assert all(slot.end - slot.start == duration for slot in slots)
            assert [slot.start for slot in slots] == _offered_by_the_oracle(
                sarah.zone, hours, low, high, duration, interval
            )


def _offered_by_the_oracle(zone: str, hours: str, low: int, high: int, duration: int, interval: int) -> list[int]:
    sarah = member(zone=zone, hours=HOURS[hours])
    days = [oracle.date_of(zone, low // 60) + timedelta(days=number) for number in range(-1, 4)]
    found = {start * 60 for day in days for start in oracle.offered(sarah, day, duration // 60, interval // 60)}
    return sorted(start for start in found if low <= start < high)


@pytest.mark.parametrize("zone", [*ZONES, "America/Havana", "Atlantic/Azores"])
def test_days_and_weeks_follow_each_other_without_a_hole(zone: str) -> None:
    for _, change in changes_of(zone):
        day = local_date(zone, change) - timedelta(days=2)
        for number in range(5):
            today, tomorrow = day + timedelta(days=number), day + timedelta(days=number + 1)
            start, end = day_bounds(zone, today)
            assert end == day_bounds(zone, tomorrow)[0]
            assert local_date(zone, start) == local_date(zone, end - 1) == today
            assert local_date(zone, start - 1) < today < local_date(zone, end)
        start, end = week_bounds(zone, day)
        assert (local_date(zone, start).weekday(), local_date(zone, end - 1).weekday()) == (0, 6)
        assert week_bounds(zone, day + timedelta(days=7))[0] == end


def test_a_day_whose_midnight_comes_twice_begins_with_the_first() -> None:
    start, end = day_bounds("America/Havana", date(2027, 11, 7))
    assert (shown(start), end - start) == ("2027-11-07 04:00", 25 * HOUR)


def test_a_day_whose_midnight_is_skipped_begins_at_the_jump() -> None:
    start, end = day_bounds("America/Toronto", date(1919, 3, 31))  # 23:30 became 00:30
    assert (shown(start), end - start) == ("1919-03-31 04:30", 23 * HOUR + 30 * MINUTE)


def starts_on(day: date, zone: str, hours: DayHours, interval: int = 30, duration: int = 30) -> list[str]:
    week = (hours, hours, hours, hours, hours, hours, hours)
    windows = open_windows(zone, week, {}, day)
    every = [range_ for window in windows for range_ in window.starts(duration * 60, interval * 60, 0, 1 << 40)]
    return [shown(start, zone)[-5:] for steps in every for start in steps]


SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # Berlin: 02:00 becomes 03:00, 03:00 becomes 02:00


def test_hours_that_begin_in_skipped_time_keep_their_nominal_steps() -> None:
    assert starts_on(SPRING, BERLIN, DayHours(True, 150, 270), 45) == ["03:15", "04:00"]
    assert starts_on(SPRING, BERLIN, DayHours(True, 150, 270), 30) == ["03:00", "03:30", "04:00"]


def test_hours_that_end_in_skipped_time_end_at_the_jump() -> None:
    assert starts_on(SPRING, BERLIN, DayHours(True, 60, 150), 15, 60) == ["01:00"]


def test_hours_that_lie_in_skipped_time_do_not_exist() -> None:
    assert starts_on(SPRING, BERLIN, DayHours(True, 120, 180), 15, 15) == []


def test_a_meeting_may_run_across_a_break_that_clocks_skip() -> None:
    assert starts_on(SPRING, BERLIN, DayHours(True, 60, 240, ((120, 180),)), 30, 60) == ["01:00", "01:30", "03:00"]


def test_hours_that_span_a_jump_keep_their_wall_clock_ends() -> None:
    assert starts_on(SPRING, BERLIN, DayHours(True, 60, 240), 60, 60) == ["01:00", "03:00"]


def test_a_wall_time_that_comes_twice_is_offered_once_at_its_first_occurrence() -> None:
    hours = DayHours(True, 60, 240)
    assert starts_on(AUTUMN, BERLIN, hours, 60, 60) == ["01:00", "02:00", "03:00"]
    week = every_day(60, 240)
    first, last = (steps for w in open_windows(BERLIN, week, {}, AUTUMN) for steps in w.starts(HOUR, HOUR, 0, 1 << 40))
    assert list(first) == [at("2027-10-30 23:00"), at("2027-10-31 00:00")]
    assert list(last) == [at("2027-10-31 02:00")]


def test_hours_that_begin_in_a_repeated_hour_begin_at_its_first_occurrence() -> None:
    (window,) = open_windows(BERLIN, every_day(150, 240), {}, AUTUMN)
    assert (window.start, window.end) == (at("2027-10-31 00:30"), at("2027-10-31 03:00"))


def test_hours_that_end_in_a_repeated_hour_end_at_its_first_occurrence() -> None:
    (window,) = open_windows(BERLIN, every_day(60, 150), {}, AUTUMN)
    assert (window.start, window.end) == (at("2027-10-30 23:00"), at("2027-10-31 00:30"))
