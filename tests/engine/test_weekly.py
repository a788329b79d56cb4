"""Stored working hours are read strictly, and refused in words that name the day and the remedy."""

from typing import Any

import pytest

from meeting_manager.engine.hours import (
    DEFAULT_WEEKLY_HOURS,
    HoursError,
    default_working_hours,
    parse_clock,
    parse_weekly_hours,
)


def hours(**monday: object) -> dict[str, Any]:
    data = default_working_hours()
    data["monday"].update(monday)
    return data


def test_by_default_people_work_from_nine_to_five_from_monday_to_friday() -> None:
    assert [(day.enabled, day.start, day.end, day.breaks) for day in DEFAULT_WEEKLY_HOURS] == [
        *[(True, 540, 1020, ())] * 5,
        *[(False, 540, 1020, ())] * 2,
    ]


def test_breaks_are_read_and_may_be_left_out() -> None:
    lunch = {"start": "12:00", "end": "13:00"}
    assert parse_weekly_hours(hours(breaks=[lunch]))[0].breaks == ((720, 780),)
    without = default_working_hours()
    del without["monday"]["breaks"]
    assert parse_weekly_hours(without)[0].breaks == ()


def test_a_day_may_end_at_midnight_but_not_begin_there() -> None:
    assert parse_weekly_hours(hours(start="00:00", end="24:00"))[0].end == 1440
    with pytest.raises(HoursError, match="start '24:00' is not a time"):
        parse_weekly_hours(hours(start="24:00", end="24:00"))


def test_breaks_may_touch_each_other_and_both_ends_of_the_hours() -> None:
    times = [("09:00", "10:00"), ("10:00", "10:30"), ("16:00", "17:00")]
    day = parse_weekly_hours(hours(breaks=[{"start": start, "end": end} for start, end in times]))[0]
    assert day.breaks == ((540, 600), (600, 630), (960, 1020))


def test_the_default_can_be_changed_without_changing_it_for_others() -> None:
    default_working_hours()["monday"]["start"] = "10:00"
    assert default_working_hours()["monday"]["start"] == "09:00"


REFUSED = [
    ({"start": "9:00"}, "Working hours of Monday: start '9:00' is not a time. Use HH:MM with two digits each, "),
    ({"start": "09:60"}, "'09:60' is not a time"),
    ({"start": "09:00\n"}, "is not a time"),
    ({"start": "٠٩:٠٠"}, "is not a time"),
    ({"start": 9}, "'9' is not a time"),
    (
        {"end": None},
        "Working hours of Monday: end 'None' is not a time. Use HH:MM with two digits each, from 00:00 to 24:00.",
    ),
    ({"end": "24:01"}, "'24:01' is not a time"),
    ({"end": "09:00"}, "Working hours of Monday: the end must be after the start."),
    ({"enabled": 1}, "Working hours of Monday: 'enabled' must be true or false."),
    ({"pause": []}, "Working hours of Monday: 'pause' is not known. Use only breaks, enabled, end, start."),
    ({"breaks": {}}, "Working hours of Monday: 'breaks' must be a list of objects with 'start' and 'end'."),
    ({"breaks": ["12:00"]}, "Working hours of Monday, break 1 must be an object with 'start' and 'end'."),
    ({"breaks": [{"start": "12:00"}]}, "Working hours of Monday, break 1: 'end' is missing."),
    ({"breaks": [{"start": "12:00", "end": "12:00"}]}, "break 1: the end must be after the start."),
    ({"breaks": [{"start": "08:00", "end": "09:30"}]}, "break 1 must lie inside the hours of the day (09:00–17:00)."),
    (
        {"breaks": [{"start": "12:00", "end": "13:00"}, {"start": "12:30", "end": "14:00"}]},
        "break 2 begins before break 1 ends. Put breaks in order, apart.",
    ),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_malformed_hours_are_refused_naming_the_day(change: dict[str, object], message: str) -> None:
    with pytest.raises(HoursError) as refused:
        parse_weekly_hours(hours(**change))
    assert message in refused.value.message
    assert refused.value.day == "monday"


def test_a_disabled_day_must_be_well_formed_too_because_an_override_may_open_it() -> None:
    with pytest.raises(HoursError):
        parse_weekly_hours(hours(enabled=False, start="18:00"))


@pytest.mark.parametrize("data", [None, [], "09:00", 5])
def test_hours_that_are_no_object_are_refused(data: object) -> None:
    with pytest.raises(HoursError, match="must be an object with all seven days"):
        parse_weekly_hours(data)


def test_a_day_that_is_no_object_is_refused() -> None:
    with pytest.raises(HoursError, match="Working hours of Friday must be an object like"):
        parse_weekly_hours(default_working_hours() | {"friday": None})


def test_all_seven_days_are_needed_and_no_eighth() -> None:
    six = default_working_hours()
    del six["sunday"]
    with pytest.raises(HoursError, match="Working hours: 'sunday' is missing"):
        parse_weekly_hours(six)
    with pytest.raises(HoursError, match="'Monday' is not known"):
        parse_weekly_hours(default_working_hours() | {"Monday": {}})


def test_somebody_must_work_on_some_day() -> None:
    data = default_working_hours()
    for day in data.values():
        day["enabled"] = False
    with pytest.raises(HoursError, match="at least one day must be enabled"):
        parse_weekly_hours(data)


def test_clock_times_are_minutes_of_the_day() -> None:
    assert (parse_clock("00:00"), parse_clock("09:30"), parse_clock("23:59"), parse_clock("24:00", end=True)) == (
        0,
        570,
        1439,
        1440,
    )
