"""The API tells how a booking stands in its hosts' calendars, and lets people decide on what was done there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarEventSync
from tests.api.caller import Api, guest_body
from tests.calendars.agenda import Agenda, Agendas, offered
from tests.calendars.carrying import carry, connecting, read
from tests.cast import Cast

LATER = timedelta(minutes=20)


@pytest.fixture
def agenda(cast: Cast) -> Iterator[Agenda]:
    """Sarah's calendar."""
    agendas = Agendas()
    undo = offered(agendas, IntegrationType.CALDAV)
    yield connecting(agendas)(cast.sarah)
    undo()


@pytest.fixture
def booking(api: Api, cast: Cast, agenda: Agenda) -> str:
    """The name of Sarah's booking, which is in her calendar."""
    made = api.book().body  # she is the first in turn
    stored = Booking.objects.get(name=made["name"])
    carry(stored.created_at + timedelta(minutes=1))
    assert agenda.ours
    return str(made["name"])


def _move(agenda: Agenda, booking: str) -> None:
    event = agenda.events[agenda.ours[0]]
    agenda.move(agenda.ours[0], event.start + 3600, event.end + 3600)
    read(Booking.objects.get(name=booking).created_at + LATER)


def test_hosts_and_leaders_see_how_a_booking_stands_in_calendars(api: Api, cast: Cast, booking: str) -> None:
    path = f"/bookings/{booking}/calendars"
    (event,) = api.get(path, by=cast.sarah).body["events"]
    assert (event["user"], event["sync_status"], event["external_change"]) == (cast.sarah.email, "Synced", "")
    assert event["external_link"].startswith("https://calendar.example/")
    (seen_by_lead,) = api.get(path, by=cast.lead).body["events"]
    assert seen_by_lead == {**event, "external_link": ""}
    assert api.get(path, by=cast.mike).status == 404
    assert api.get(path).status == 401


def test_a_move_is_followed(api: Api, cast: Cast, agenda: Agenda, booking: str) -> None:
    _move(agenda, booking)
    answer = api.post(f"/bookings/{booking}/calendars/follow", {}, by=cast.sarah)
    assert (answer.status, answer.body["rescheduled_from"]) == (200, booking)


def test_a_move_is_undone(api: Api, cast: Cast, agenda: Agenda, booking: str) -> None:
    start = agenda.events[agenda.ours[0]].start
    _move(agenda, booking)
    assert api.post(f"/bookings/{booking}/calendars/restore", {}, by=cast.lead).status == 200
    carry(Booking.objects.get(name=booking).created_at + 2 * LATER)
    assert agenda.events[agenda.ours[0]].start == start
    assert CalendarEventSync.objects.get().external_change == ""


def test_without_a_change_there_is_nothing_to_decide(api: Api, cast: Cast, booking: str) -> None:
    for verb in ("follow", "restore"):
        answer = api.post(f"/bookings/{booking}/calendars/{verb}", {}, by=cast.sarah)
        assert answer.status == 409
        assert "still to be decided on" in answer.body["detail"]


def test_a_change_to_a_time_that_is_taken_is_refused_with_alternatives(
    api: Api, cast: Cast, agenda: Agenda, booking: str
) -> None:
    stored = Booking.objects.get(name=booking)
    later = (stored.start_datetime + timedelta(hours=1)).isoformat()
    body = guest_body(later, "ben@customer.example", host=cast.sarah.email)
    assert api.post("/bookings", body, by=cast.lead).status == 201
    _move(agenda, booking)
    answer = api.post(f"/bookings/{booking}/calendars/follow", {}, by=cast.sarah)
    assert answer.status == 409
    assert answer.body["alternatives"]
