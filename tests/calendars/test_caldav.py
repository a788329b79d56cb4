"""A calendar on a real CalDAV server, both ways, as the worker keeps it; the adapter alone is in tests/adapters."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from pytest_django import Settings

from meeting_manager.bookings import services
from meeting_manager.bookings.facts import seconds
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import create_integration
from tests.bookings.desk import NOW, TUESDAY_TEN, Book
from tests.calendars.carrying import carry, read
from tests.calendarserver import HERE, PASSWORD, USER, CalendarServer, Collection, entry, whole
from tests.cast import Cast

_NUMBERS = count(1)
_FORM = "%Y%m%dT%H%M%SZ"
LATER = NOW + timedelta(minutes=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    known = CalendarServer(tmp_path_factory.mktemp("calendarserver"))
    known.start()
    yield known
    known.stop()


@pytest.fixture
def calendar(settings: Settings, server: CalendarServer, cast: Cast) -> Collection:
    """Sarah's, connected."""
    settings.ALLOW_PRIVATE_ADDRESSES = HERE
    made = server.make(f"calendar-{next(_NUMBERS)}")
    fields = {
        "integration_type": IntegrationType.CALDAV,
        "integration_name": "Cloud",
        "calendar_id": made.url,
        "is_primary": True,
        "sync_direction": SyncDirection.TWO_WAY,
        "credentials": {"username": USER, "password": PASSWORD},
    }
    create_integration(actor=cast.sarah, user=cast.sarah, fields=fields, now=NOW)
    return made


def _blocked() -> list[int]:
    return list(BusyTime.objects.filter(event__isnull=False).order_by("starts").values_list("starts", flat=True))


def test_events_there_block_their_owner_until_they_are_gone(calendar: Collection) -> None:
    start, end = TUESDAY_TEN.strftime(_FORM), (TUESDAY_TEN + timedelta(hours=1)).strftime(_FORM)
    calendar.put("s.ics", whole(entry("s", start, end, "RRULE:FREQ=DAILY;COUNT=2")))
    calendar.put("t.ics", whole(entry("t", start, end)))
    read()
    at = seconds(TUESDAY_TEN)
    assert _blocked() == [at, at, at + 86_400]
    calendar.delete("s.ics")
    read(LATER + timedelta(minutes=20))
    assert _blocked() == [at]
    calendar.lose_tokens()
    calendar.delete("t.ics")
    read(LATER + timedelta(minutes=40))
    assert _blocked() == []
    assert CalendarIntegration.objects.get().sync_status == "Success"


def test_a_booking_is_there_moves_and_vanishes(cast: Cast, calendar: Collection, book: Book) -> None:
    booking = book(host=cast.sarah)
    carry()
    (name,) = calendar.names()
    assert f"DTSTART:{TUESDAY_TEN.strftime(_FORM)}" in calendar.get(name)
    read()
    assert CalendarEventSync.objects.get().external_change == ""
    moved = services.reschedule(
        actor=cast.sarah, booking=booking, start=TUESDAY_TEN + timedelta(hours=2), now=LATER
    ).booking
    carry(LATER + timedelta(minutes=1))
    assert f"DTSTART:{moved.start_datetime.strftime(_FORM)}" in calendar.get(name)
    services.cancel(actor=cast.sarah, booking=moved, reason="Ill", now=LATER + timedelta(minutes=2))
    carry(LATER + timedelta(minutes=3))
    assert calendar.names() == []


def test_what_the_owner_does_to_a_booking_there_is_noticed(cast: Cast, calendar: Collection, book: Book) -> None:
    booking = book(host=cast.sarah)
    carry()
    (name,) = calendar.names()
    start, later = (when.strftime(_FORM) for when in (TUESDAY_TEN, TUESDAY_TEN + timedelta(minutes=-30)))
    calendar.put(name, calendar.get(name).replace(f"DTSTART:{start}", f"DTSTART:{later}"))
    read()
    assert CalendarEventSync.objects.get(meeting_booking=booking).external_change == "Moved"
    calendar.delete(name)
    read(LATER + timedelta(minutes=20))
    assert CalendarEventSync.objects.get(meeting_booking=booking).external_change == "Deleted"


def test_a_password_that_is_not_taken_any_more_is_told_to_the_owner(
    cast: Cast, settings: Settings, server: CalendarServer, calendar: Collection
) -> None:
    read()
    row = CalendarIntegration.objects.get()
    with server.other_password("new"):
        read(LATER + timedelta(minutes=20))
    stored = CalendarIntegration.objects.get(pk=row.pk)
    assert (stored.sync_status, stored.sync_error_log) == (
        "Failed",
        "The server does not take this user name and password (HTTP 401).",
    )


@pytest.mark.once
def test_five_thousand_events_are_read_and_what_changes_among_them(calendar: Collection) -> None:
    first = TUESDAY_TEN.replace(hour=6, minute=0)
    starts = {at: first + timedelta(days=at % 50, minutes=5 * (at // 50)) for at in range(5_000)}
    calendar.fill({f"{at}.ics": _five_minutes(at, start) for at, start in starts.items()})
    read()
    assert _blocked() == sorted(seconds(start) for start in starts.values())
    moved = {at: start + timedelta(days=60) for at, start in starts.items() if at % 1_000 == 0}
    for at, start in moved.items():
        calendar.put(f"{at}.ics", _five_minutes(at, start))
    calendar.delete("4999.ics")
    read(LATER + timedelta(minutes=20))
    remaining = starts | moved
    del remaining[4999]
    assert _blocked() == sorted(seconds(start) for start in remaining.values())
    assert CalendarIntegration.objects.get().sync_status == "Success"


def _five_minutes(at: int, start: datetime) -> str:
    return whole(entry(str(at), start.strftime(_FORM), (start + timedelta(minutes=5)).strftime(_FORM)))
