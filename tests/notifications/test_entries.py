"""Invitations in mails keep one entry of each calendar in step."""

from collections.abc import Iterator

import pytest

from meeting_manager.bookings import services
from meeting_manager.notifications.composing import leave_entries_to
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, Book, after, executive
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import JOHN, SOON, deliver, entry, forget, parts

pytestmark = pytest.mark.django_db(transaction=True)

SARAH = "sarah@bestsecurity.example"


def test_one_entry_for_the_whole_life_of_a_booking(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    moved = services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW).booking
    deliver()
    services.reassign(booking=moved, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    services.cancel(booking=moved, actor=system_user(), now=NOW + SOON)
    deliver(NOW + SOON)
    entries = [entry(mail) for mail in server.to(JOHN)]
    assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for _, event in entries} == {booking.ical_uid}
    assert {str(event["ORGANIZER"]) for _, event in entries} == {"mailto:noreply@127.0.0.1"}
    sequences = [event.sequence for _, event in entries]
    assert sequences == sorted(set(sequences)), "raised on every change"
    assert [event.start for _, event in entries] == [booking.start_datetime] + [moved.start_datetime] * 3


def test_who_loses_a_booking_loses_its_entry_too(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    assert entry(server.to("sarah@")[0])[0] == "CANCEL"
    assert entry(server.to("mike@")[0])[0] == "REQUEST"


@pytest.fixture
def _sarah_is_synced() -> Iterator[None]:
    undo = leave_entries_to(lambda addresses: {SARAH} & set(addresses))
    yield
    undo()


@pytest.mark.usefixtures("_sarah_is_synced")
def test_a_host_whose_calendar_is_synced_gets_the_mail_without_an_invitation(book: Book, server: MailServer) -> None:
    book()
    deliver()
    assert set(parts(server.to("sarah@")[0])) == {"text/plain", "text/html"}
    assert "text/calendar" in parts(server.to(JOHN)[0])


def test_a_confirmed_booking_moved_into_approval_stays_in_the_calendar_as_tentative(
    cast: Cast, book: Book, server: MailServer
) -> None:
    booking = book(meeting_type=executive(cast))
    services.approve(booking=booking, actor=cast.lead, now=NOW)
    deliver()
    forget(server)
    services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW)
    deliver()
    method, event = entry(server.to(JOHN)[0])
    assert (method, str(event["STATUS"])) == ("REQUEST", "TENTATIVE")


def test_leaders_get_no_invitation(book: Book, server: MailServer) -> None:
    book()
    deliver()
    assert "text/calendar" not in parts(server.to("lead@")[0])


def test_a_rejected_request_that_was_in_no_calendar_takes_nothing_out(
    cast: Cast, book: Book, server: MailServer
) -> None:
    booking = book(meeting_type=executive(cast))
    services.reject(booking=booking, actor=cast.lead, now=NOW, reason="No")
    deliver()
    assert "text/calendar" not in parts(server.to(JOHN)[0])
