"""Bookings that meet at Jitsi get a room of their own."""

import re

from pytest_django import Settings

from meeting_manager.bookings import services
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import edit_meeting_type
from tests.bookings.desk import NOW, Book, after
from tests.cast import Cast

ROOM = re.compile(r"https://meet\.jit\.si/support-[\w-]{22,}")


def _without_link(cast: Cast) -> MeetingType:
    return edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"video_meeting_url": ""})


def test_each_booking_has_a_room_that_nobody_can_guess(cast: Cast, book: Book) -> None:
    kind = _without_link(cast)
    first, second = book(meeting_type=kind), book(meeting_type=kind, start=after(hours=1))
    assert ROOM.fullmatch(first.video_meeting_url)
    assert ROOM.fullmatch(second.video_meeting_url)
    assert first.video_meeting_url != second.video_meeting_url


def test_a_moved_booking_keeps_its_room(cast: Cast, book: Book) -> None:
    booking = book(meeting_type=_without_link(cast))
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=cast.lead, now=NOW).booking
    assert moved.video_meeting_url == booking.video_meeting_url


def test_the_link_of_the_type_goes_before(book: Book) -> None:
    assert book().video_meeting_url == "https://meet.example/a"


def test_other_platforms_and_a_site_without_jitsi_make_no_room(cast: Cast, book: Book, settings: Settings) -> None:
    kind = _without_link(cast)
    settings.JITSI_URL = ""
    assert book(meeting_type=kind).video_meeting_url == ""
    settings.JITSI_URL = "https://meet.own.example/{room}"
    zoom = edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"video_platform": "Zoom"})
    assert book(meeting_type=zoom, start=after(hours=1)).video_meeting_url == ""
