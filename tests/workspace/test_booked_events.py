"""How a booking stands in its hosts' calendars, and the buttons for what was done to it there."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from meeting_manager.adapters.calendar.errors import AuthRevokedError
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarEventSync
from tests.bookings.desk import NOW, TUESDAY_TEN, Book
from tests.calendars.agenda import Agenda, Agendas, offered
from tests.calendars.carrying import carry, connecting, read
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

START = int(TUESDAY_TEN.timestamp())
HOUR = 3600
LINK = "https://calendar.example/"


@pytest.fixture
def agenda(cast: Cast) -> Iterator[Agenda]:
    """Sarah's calendar, which gets her bookings."""
    agendas = Agendas()
    undo = offered(agendas, IntegrationType.CALDAV)
    yield connecting(agendas)(cast.sarah)
    undo()


@pytest.fixture
def booking(agenda: Agenda, book: Book) -> Booking:
    """A call with Sarah, written to her calendar."""
    made = book()
    carry()
    return made


@pytest.fixture
def moved(agenda: Agenda, booking: Booking) -> Booking:
    """The same, after its event was moved by an hour in the calendar."""
    agenda.move(agenda.ours[0], START + HOUR, START + HOUR + 1800)
    read(NOW + timedelta(minutes=20))
    return booking


@pytest.fixture
def deleted(agenda: Agenda, booking: Booking) -> Booking:
    """The same, after its event was deleted there."""
    agenda.remove(agenda.ours[0])
    read(NOW + timedelta(minutes=20))
    return booking


def page(booking: Booking, what: str = "") -> str:
    return f"/workspace/bookings/{booking.name}/{what}"


def press(cast: Cast, who: str, booking: Booking, what: str) -> tuple[int, str]:
    """Status and words after pressing a button of the page."""
    data = {"event": CalendarEventSync.objects.get().name}
    answer = signed_in(getattr(cast, who)).post(page(booking, f"calendar/{what}/"), data, follow=True)
    return answer.status_code, text(answer)


def test_without_calendars_the_page_says_nothing_of_them(cast: Cast, book: Book) -> None:
    assert 'id="calendars"' not in signed_in(cast.lead).get(page(book())).content.decode()


def test_what_is_written_is_told_and_its_owner_gets_the_link(cast: Cast, booking: Booking) -> None:
    host, lead = (signed_in(who).get(page(booking)) for who in (cast.sarah, cast.lead))
    for answer in (host, lead):
        assert re.search(r"Calendars Sarah\S* Written", text(answer))
    assert f'href="{LINK}' in host.content.decode()
    assert LINK not in lead.content.decode()


def test_what_waits_for_its_turn_is_told(cast: Cast, agenda: Agenda, book: Book) -> None:
    assert "Being written" in text(signed_in(cast.lead).get(page(book())))


def test_what_could_not_be_written_is_told_with_its_error(cast: Cast, agenda: Agenda, book: Book) -> None:
    agenda.faults = [AuthRevokedError("Please connect the calendar anew.")]
    booking = book()
    carry()
    assert "Not written Please connect the calendar anew." in text(signed_in(cast.lead).get(page(booking)))


def test_a_move_there_is_told_with_two_ways_out(cast: Cast, moved: Booking) -> None:
    seen = text(signed_in(cast.lead).get(page(moved)))
    assert "Moved there" in seen
    assert "The event was moved to Tuesday, 8 December 2026, 11:00 in the calendar of Sarah" in seen
    assert "Follow: move the booking too" in seen
    assert "Restore: move the event back" in seen


def test_following_moves_the_booking_and_leads_to_the_new_one(cast: Cast, moved: Booking) -> None:
    status, seen = press(cast, "sarah", moved, "follow")
    assert (status, "The booking follows the calendar." in seen) == (200, True)
    assert "Tuesday, 8 December 2026, 11:00–11:30" in seen
    assert "Follow:" not in seen
    assert Booking.objects.get(rescheduled_from=moved).start_datetime == TUESDAY_TEN + timedelta(hours=1)


def test_restoring_moves_the_event_back(cast: Cast, agenda: Agenda, moved: Booking) -> None:
    _, seen = press(cast, "lead", moved, "restore")
    assert "The event is written again as the booking says." in seen
    carry(NOW + timedelta(minutes=21))
    assert agenda.events[agenda.ours[0]].start == START
    assert Booking.objects.count() == 1


def test_following_a_deletion_cancels_the_booking(cast: Cast, deleted: Booking) -> None:
    seen = text(signed_in(cast.sarah).get(page(deleted)))
    assert "The event was deleted in the calendar of Sarah" in seen
    assert "Restore: write the event again" in seen
    press(cast, "lead", deleted, "follow")
    deleted.refresh_from_db()
    assert deleted.booking_status == "Cancelled"


def test_a_time_that_is_taken_is_refused_in_words(cast: Cast, moved: Booking, book: Book) -> None:
    book(host=cast.sarah, start=TUESDAY_TEN + timedelta(hours=1))
    status, seen = press(cast, "lead", moved, "follow")
    assert status == 409
    assert "is not available at the selected time" in seen
    assert "Follow: move the booking too" in seen


def test_what_was_settled_meanwhile_is_refused_in_words(cast: Cast, moved: Booking) -> None:
    press(cast, "lead", moved, "restore")
    status, seen = press(cast, "sarah", moved, "follow")
    assert (status, "This was settled meanwhile." in seen) == (409, True)


@pytest.mark.parametrize("what", ["follow", "restore"])
def test_nobody_else_settles_it_and_opening_settles_nothing(cast: Cast, moved: Booking, what: str) -> None:
    path = page(moved, f"calendar/{what}/")
    data = {"event": CalendarEventSync.objects.get().name}
    assert signed_in(cast.mike).post(path, data).status_code == 404
    assert signed_in(None).post(path, data).status_code == 302
    assert signed_in(cast.lead, checks_csrf=True).post(path, data).status_code == 403
    assert signed_in(cast.lead).post(path, {"event": "none"}).status_code == 404
    assert signed_in(cast.lead).get(path)["Location"] == page(moved)
    assert CalendarEventSync.objects.get().external_change == "Moved"
