"""Times as people read them."""

import timeit
from datetime import UTC, date, datetime

import pytest

from meeting_manager.bookings import when
from meeting_manager.people.languages import clean_tag, listed, speaking

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


@pytest.mark.parametrize(
    ("tag", "day", "period", "span"),
    [
        ("en", "Monday, 7 December 2026", "7–13 December 2026", "18:00–02:00, Tuesday, 8 December"),
        ("en-us", "Monday, December 7, 2026", "December 7 – 13, 2026", "6:00\xa0PM–2:00\xa0AM, Tuesday, December 8"),
        ("de", "Montag, 7. Dezember 2026", "7.–13. Dezember 2026", "18:00–02:00, Dienstag, 8. Dezember"),
        ("fr", "lundi 7 décembre 2026", "7–13 décembre 2026", "18:00–02:00, mardi 8 décembre"),
        ("es", "lunes, 7 de diciembre de 2026", "7–13 de diciembre de 2026", "18:00–2:00, martes, 8 de diciembre"),
        ("da", "mandag den 7. december 2026", "7.–13. december 2026", "18.00–02.00, tirsdag 8. december"),
    ],
)
def test_each_language_and_region_has_forms_of_its_own(tag: str, day: str, period: str, span: str) -> None:
    with speaking(tag):
        assert when.day(NINE, "Europe/Berlin") == day
        assert when.period(date(2026, 12, 7), date(2026, 12, 13)) == period
        assert when.span(NINE, NINE.replace(hour=17), "Asia/Tokyo") == span


@pytest.mark.parametrize(
    ("tag", "month", "day", "short"),
    [
        ("en", "December 2026", "7 December", "Mon 7 Dec 2026"),
        ("en-us", "December 2026", "December 7", "Mon, Dec 7, 2026"),
        ("de", "Dezember 2026", "7. Dezember", "Mo., 7. Dez. 2026"),
        ("es", "diciembre de 2026", "7 de diciembre", "lun, 7 dic 2026"),
    ],
)
def test_parts_of_a_date_follow_the_language_too(tag: str, month: str, day: str, short: str) -> None:
    with speaking(tag):
        assert (when.month(NINE), when.day_of_month(NINE), when.short_date(NINE)) == (month, day, short)


def test_weeks_begin_where_the_region_has_them_begin() -> None:
    found = []
    for tag in ("en", "en-us", "da"):
        with speaking(tag):
            found.append((when.first_weekday(), when.short_weekday(NINE)))
    assert found == [(0, "Mon"), (6, "Mon"), (0, "man.")]


@pytest.mark.parametrize(
    ("tag", "twelve", "midnight"),
    [("en", "1:05\xa0pm", "12:00\xa0am"), ("en-us", "1:05\xa0PM", "12:00\xa0AM"), ("da", "1.05\xa0PM", "12.00\xa0AM")],
)
def test_a_chosen_clock_counts_in_every_language(tag: str, twelve: str, midnight: str) -> None:
    with speaking(tag), when.using_clock("12"):
        assert when.clock(NINE.replace(hour=13, minute=5), "UTC") == twelve
        assert when.clock(NINE.replace(hour=0), "UTC") == midnight
    with speaking(tag), when.using_clock("24"):
        assert when.clock(NINE.replace(hour=13, minute=5), "UTC").replace(".", ":") == "13:05"


def test_a_time_of_day_is_written_in_microseconds() -> None:
    with speaking("en-us"):
        when.clock(NINE, "Europe/Berlin")
        seconds = min(timeit.repeat(lambda: when.clock(NINE, "Europe/Berlin"), number=1000, repeat=5)) / 1000
    assert seconds < 50e-6


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("de", "de"),
        ("EN_us", "en-us"),
        ("fr-XX", "fr"),
        ("en-latn-us", "en"),
        ("pl", ""),
        ("", ""),
        ("de-" + "a" * 99, "de"),
    ],
)
def test_a_tag_is_a_language_of_the_site_with_a_region_that_exists(given: str, cleaned: str) -> None:
    assert clean_tag(given) == cleaned


def test_names_are_listed_as_the_language_does() -> None:
    found = []
    for tag in ("en", "en-us", "de"):
        with speaking(tag):
            found.append(listed(["Ada", "Ben", "Cid"]))
    assert found == ["Ada, Ben and Cid", "Ada, Ben, and Cid", "Ada, Ben und Cid"]
