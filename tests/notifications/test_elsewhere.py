"""What hosts and leaders hear of bookings and the hosts' own calendars."""

from datetime import datetime, timedelta

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import edit_meeting_type
from meeting_manager.ledger.handlers import CALENDAR_WRITE
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event, Owed, announce, enqueue
from tests.bookings.desk import NOW, Book, after, block
from tests.calendars.agenda import Agendas, offered
from tests.calendars.carrying import connecting
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import deliver, forget, messages, parts, states

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def _announce(booking: Booking, event: str, **more: object) -> None:
    payload = {
        "booking": booking.name,
        "uid": booking.ical_uid,
        "actor": "sarah@bestsecurity.example",
        "host": "sarah@bestsecurity.example",
        "start": after(hours=1).isoformat(),
        "end": after(hours=1.5).isoformat(),
        **more,
    }
    announce([Event(event, f"{event}:{booking.name}:1", payload)], now=NOW)


def _changed(booking: Booking, **more: object) -> None:
    _announce(booking, "booking.calendar_changed", **{"change": "Moved", "followed": False, "why_not": "", **more})


def test_a_move_in_a_calendar_is_told_to_host_and_leader_once(told: Book, server: MailServer) -> None:
    booking = told()
    _changed(booking)
    _changed(booking)
    deliver()
    to_host, to_lead = server.to("sarah@")[0], server.to("lead@")[0]
    assert len(server.received) == 2
    text = parts(to_host)["text/plain"]
    assert "This meeting was moved in your own calendar." in text
    assert "Tuesday, 8 December 2026, 11:00–11:30" in text
    assert f"/workspace/bookings/{booking.name}" in text
    assert "moved in the calendar of Sarah" in parts(to_lead)["text/plain"]


def test_a_deletion_and_why_it_was_not_followed_are_told(told: Book, server: MailServer) -> None:
    _changed(told(), change="Deleted", why_not="This booking has already started.")
    deliver()
    text = parts(server.to("sarah@")[0])["text/plain"]
    assert "deleted in your own calendar" in text
    assert "This booking has already started." in text


def test_what_was_settled_meanwhile_is_not_told(told: Book, cast: Cast, server: MailServer) -> None:
    moved, cancelled = told(), told(start=after(days=1), host=cast.sarah)
    _changed(moved)
    _changed(cancelled)
    services.reschedule(booking=moved, start=after(hours=1), actor=cast.sarah, now=NOW)
    services.cancel(booking=cancelled, actor=cast.sarah, now=NOW, reason="Ill")
    deliver()
    assert states("calendar_changed") == [
        ("skipped", "The booking was moved there as well."),
        ("skipped", "The booking was moved there as well."),
        ("skipped", "The booking has changed meanwhile."),
        ("skipped", "The booking has changed meanwhile."),
    ]


def test_a_new_entry_over_a_booking_names_free_colleagues(told: Book, cast: Cast, server: MailServer) -> None:
    booking = told()
    block(cast.sarah, after(hours=-1), after(hours=1))
    block(cast.mike, after(), after(hours=1))
    _announce(booking, "booking.overlapped")
    deliver()
    text = parts(server.to("sarah@")[0])["text/plain"]
    assert "A new entry in your own calendar lies over this meeting." in text
    assert "Jane and Lead" in text
    assert "Mike" not in text
    assert "Dentist" not in parts(server.to("lead@")[0])["text/plain"], "what it is, is the host's alone"


def test_where_nobody_is_free_that_is_said(told: Book, cast: Cast, server: MailServer) -> None:
    booking = told()
    for user in (cast.sarah, cast.mike, cast.jane, cast.lead):
        block(user, after(), after(hours=1))
    _announce(booking, "booking.overlapped")
    deliver()
    assert "Nobody else is free then." in parts(server.to("sarah@")[0])["text/plain"]


def test_an_entry_that_is_gone_again_is_not_told(told: Book, server: MailServer) -> None:
    _announce(told(), "booking.overlapped")
    deliver()
    assert {state for state, _ in states("calendar_overlap")} == {"skipped"}
    assert not server.received


def _by_meet(cast: Cast) -> MeetingType:
    changes = {"video_platform": "Google Meet", "video_meeting_url": ""}
    return edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes=changes)


def _owe_writing(booking: Booking, now: datetime = NOW) -> None:
    owed = Owed(CALENDAR_WRITE, f"w:{booking.name}", {}, now + 24 * HOUR, about=booking.name)
    enqueue([owed], now=now)


def test_a_confirmation_waits_for_the_link_of_its_call(book: Book, cast: Cast, server: MailServer) -> None:
    booking = book(meeting_type=_by_meet(cast))
    _owe_writing(booking)
    deliver()
    assert not server.received
    Booking.objects.filter(pk=booking.pk).update(video_meeting_url="https://meet.google.example/abc")
    deliver(NOW + timedelta(seconds=4))
    assert "https://meet.google.example/abc" in parts(server.to("john@")[0])["text/plain"]


def test_after_a_minute_it_goes_without_and_an_update_follows(book: Book, cast: Cast, server: MailServer) -> None:
    booking = book(meeting_type=_by_meet(cast))
    _owe_writing(booking)
    later = NOW + timedelta(seconds=64)
    for seconds in range(0, 65, 4):
        deliver(NOW + timedelta(seconds=seconds))
    assert messages(booking)["john"] == "customer_booked"
    forget(server)
    url = {"video_meeting_url": "https://meet.google.example/abc"}
    services.edit(booking=booking, changes=url, actor=cast.sarah, now=later)
    deliver(later)
    assert messages(booking)["john"] == "customer_changed"
    assert url["video_meeting_url"] in parts(server.to("john@")[0])["text/plain"]


def test_nothing_else_waits_for_a_calendar(book: Book, server: MailServer) -> None:
    _owe_writing(book())
    deliver()
    assert len(server.received) == 3
    assert Delivery.objects.filter(kind=CALENDAR_WRITE, state="ready").exists()


def test_a_host_whose_calendar_gets_bookings_is_sent_no_invitation_unless_it_fails(
    book: Book, cast: Cast, server: MailServer
) -> None:
    agendas = Agendas()
    undo = offered(agendas, IntegrationType.CALDAV)
    connecting(agendas)(cast.sarah)
    book(host=cast.sarah)
    deliver()
    assert "text/calendar" not in parts(server.to("sarah@")[0])
    assert "text/calendar" in parts(server.to("john@")[0])
    forget(server)
    CalendarIntegration.objects.update(failing_since=NOW)
    book(host=cast.sarah, start=after(hours=1))
    deliver()
    assert "text/calendar" in parts(server.to("sarah@")[0]), "nobody misses a meeting"
    undo()
