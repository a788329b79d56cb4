"""Calendars keep nothing that is no longer true."""

from datetime import timedelta

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Host, Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, executive
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import JOHN, SOON, deliver, entry, forget, messages, parts

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def approved(cast: Cast, book: Book, server: MailServer) -> Booking:
    """A confirmed booking of a type that needs approval, in the calendars of its people."""
    booking = book(meeting_type=executive(cast))
    deliver(NOW)
    services.approve(booking=booking, actor=cast.lead, now=NOW)
    deliver(NOW)
    return booking


def moved_by_guest(booking: Booking, server: MailServer, hours: int = 1) -> Booking:
    """The customer moves it, so that it is to be approved anew."""
    forget(server)
    b = services.reschedule(booking=booking, start=after(hours=hours), actor=system_user(), now=NOW).booking
    assert b.booking_status == "Pending"
    deliver(NOW)
    return b


def test_a_rejected_move_takes_the_entry_out_of_the_customers_calendar(
    cast: Cast, approved: Booking, server: MailServer
) -> None:
    b = moved_by_guest(approved, server)
    assert entry(server.to(JOHN)[0])[0] == "REQUEST"
    forget(server)
    services.reject(booking=b, actor=cast.lead, reason="No", now=NOW)
    deliver(NOW)
    assert messages()["john"] == "customer_rejected"
    assert "text/calendar" in parts(server.to(JOHN)[0])


def test_a_withdrawn_move_takes_the_entry_out_of_the_customers_calendar(
    cast: Cast, approved: Booking, server: MailServer
) -> None:
    b = moved_by_guest(approved, server)
    forget(server)
    services.cancel(booking=b, actor=system_user(), now=NOW)
    deliver(NOW)
    assert "text/calendar" in parts(server.to(JOHN)[0])


def test_a_second_move_while_pending_updates_entries(cast: Cast, approved: Booking, server: MailServer) -> None:
    b = moved_by_guest(approved, server)
    moved_by_guest(b, server, hours=3)
    assert "text/calendar" in parts(server.to(JOHN)[0]), "customer's"
    assert "text/calendar" in parts(server.to("sarah@")[0]), "host's"


def test_a_host_who_loses_a_moved_booking_while_pending_loses_the_entry(
    cast: Cast, approved: Booking, server: MailServer
) -> None:
    b = moved_by_guest(approved, server)
    forget(server)
    services.reassign(booking=b, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    assert messages()["sarah"] == "host_unassigned"
    assert "text/calendar" in parts(server.to("sarah@")[0])


def test_a_leader_who_hosts_gets_the_entry_moved_too(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book(meeting_type=executive(cast), host=cast.lead, actor=cast.admin)
    deliver(NOW)
    assert "text/calendar" in parts(server.to("lead@")[0])
    moved_by_guest(booking, server)
    assert any("text/calendar" in parts(m) for m in server.to("lead@"))


def test_who_hosts_for_a_while_stays_invited(cast: Cast, book: Book, server: MailServer) -> None:
    booking = services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        hosts=[Host(cast.sarah, is_primary=True)],
        participants=[Invitee("", "", cast.mike, "Internal")],
        actor=cast.lead,
        now=NOW,
    ).booking
    deliver(NOW)
    forget(server)
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    forget(server)
    t = NOW + HOUR
    services.reassign(booking=booking, new_user=cast.jane, actor=cast.lead, now=t)
    deliver(t + SOON)
    methods = [entry(m)[0] for m in server.to("mike@")]
    assert methods[-1] == "REQUEST", "he still takes part"


def test_the_address_a_customer_had_keeps_no_entry_when_corrected(cast: Cast, told: Book, server: MailServer) -> None:
    b = told()
    services.edit(booking=b, changes={"customer_email": "new@customer.example"}, actor=cast.lead, now=NOW)
    deliver(NOW)
    services.cancel(booking=b, actor=cast.lead, now=NOW)
    deliver(NOW)
    assert server.to(JOHN), "never told that it is cancelled"
