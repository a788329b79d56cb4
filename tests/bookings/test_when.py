"""Times as people read them."""

from datetime import UTC, date, datetime

import pytest

from meeting_manager.bookings import when

NINE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


def test_a_day_is_the_day_on_the_wall_there() -> None:
    assert when.day(NINE, "Europe/Berlin") == "Monday, 7 December 2026"
    assert when.day(NINE.replace(hour=23), "Asia/Tokyo") == "Tuesday, 8 December 2026"


def test_a_span_that_ends_on_another_day_says_which() -> None:
    assert when.span(NINE, NINE.replace(hour=10), "Europe/Berlin") == "10:00–11:00"
    assert when.span(NINE, NINE.replace(hour=17), "Asia/Tokyo") == "18:00–02:00, Tuesday, 8 December"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("Europe/London", "Europe/London (UTC)"),
        ("America/New_York", "America/New York (UTC−5)"),
        ("Asia/Kolkata", "Asia/Kolkata (UTC+5:30)"),
        ("America/St_Johns", "America/St Johns (UTC−3:30)"),
        ("Pacific/Chatham", "Pacific/Chatham (UTC+13:45)"),
    ],
)
def test_a_zone_is_named_with_what_it_is_ahead_of_utc_then(zone: str, name: str) -> None:
    assert when.zone_name(zone, NINE) == name


def test_a_period_names_month_and_year_once_where_they_are_the_same() -> None:
    assert when.period(date(2026, 12, 7), date(2026, 12, 13)) == "7–13 December 2026"
    assert when.period(date(2026, 11, 30), date(2026, 12, 6)) == "30 November – 6 December 2026"
    assert when.period(date(2026, 12, 28), date(2027, 1, 3)) == "28 December 2026 – 3 January 2027"


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 minutes"), (60, "1 hour"), (120, "2 hours"), (90, "1 h 30 min")]
)
def test_a_duration_is_said_in_words(minutes: int, words: str) -> None:
    assert when.length(minutes) == words


def test_people_choose_among_zones_named_after_places() -> None:
    zones = when.zone_choices()
    assert {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia"} <= set(zones)
    assert not [zone for zone in zones if zone.startswith(("Etc/", "posix/"))]


def test_times_speak_the_language_of_the_reader() -> None:
    from django.utils import translation

    with translation.override("de"):
        assert when.day(NINE, "Europe/Berlin") == "Montag, 7. Dezember 2026"
