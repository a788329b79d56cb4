"""Mails about what staff do with one movement wait for a change of mind, and then tell the net change."""

from datetime import timedelta

import pytest
from django.test import override_settings

from meeting_manager.bookings import services
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import JOHN, SOON, deliver, messages, parts

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = timedelta(seconds=4)


def test_a_move_by_staff_waits_ten_seconds(cast: Cast, told: Book, server: MailServer) -> None:
    services.reschedule(booking=told(), start=after(hours=1), actor=cast.lead, now=NOW)
    deliver(NOW + timedelta(seconds=9))
    assert messages() == {}
    deliver(NOW + timedelta(seconds=10))
    assert messages()["john"] == "customer_rescheduled"


def test_a_move_by_the_customer_does_not_wait(told: Book, server: MailServer) -> None:
    services.reschedule(booking=told(), start=after(hours=1), actor=system_user(), now=NOW)
    deliver(NOW)
    assert messages()["john"] == "customer_rescheduled"


def test_a_move_that_was_undone_is_told_to_nobody(cast: Cast, told: Book, server: MailServer) -> None:
    moved = services.reschedule(booking=told(), start=after(hours=1), actor=cast.lead, now=NOW).booking
    services.reschedule(booking=moved, start=TUESDAY_TEN, actor=cast.lead, now=NOW + MOMENT)
    deliver(NOW + timedelta(seconds=10))
    assert messages() == {}, "the undoing may be undone for ten seconds too"
    deliver(NOW + MOMENT + SOON)
    assert messages() == {}
    assert server.received == []


def test_a_reassignment_that_was_undone_is_told_to_nobody(cast: Cast, told: Book, server: MailServer) -> None:
    booking = told()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    services.reassign(booking=booking, new_user=cast.sarah, actor=cast.lead, now=NOW + MOMENT)
    deliver(NOW + timedelta(minutes=1))
    assert server.received == []


def test_who_had_not_heard_of_a_booking_hears_of_it_though_it_was_moved_and_moved_back(
    cast: Cast, book: Book, server: MailServer
) -> None:
    server.stop()
    booking = book()
    deliver()
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=cast.lead, now=NOW).booking
    back = services.reschedule(booking=moved, start=TUESDAY_TEN, actor=cast.lead, now=NOW + MOMENT).booking
    server.start()
    deliver(NOW + timedelta(hours=1))
    assert messages() == {"john": "customer_booked", "sarah": "host_booked", "lead": "staff_booked"}
    assert back.booking_reference in parts(server.to(JOHN)[0])["text/plain"]


def test_two_moves_are_told_as_one(cast: Cast, told: Book, server: MailServer) -> None:
    moved = services.reschedule(booking=told(), start=after(hours=1), actor=cast.lead, now=NOW).booking
    services.reschedule(booking=moved, start=after(hours=3), actor=cast.lead, now=NOW + MOMENT)
    deliver(NOW + timedelta(minutes=1))
    assert messages() == {"john": "customer_rescheduled", "sarah": "host_rescheduled", "lead": "staff_rescheduled"}
    text = parts(server.to(JOHN)[0])["text/plain"]
    assert "05:00" in text
    assert "08:00" in text
    assert "06:00" not in text, "nobody ever knew the time in between"


def test_two_reassignments_tell_the_one_in_between_nothing(cast: Cast, told: Book, server: MailServer) -> None:
    booking = told()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    services.reassign(booking=booking, new_user=cast.jane, actor=cast.lead, now=NOW + MOMENT)
    deliver(NOW + timedelta(minutes=1))
    assert messages() == {
        "john": "customer_reassigned",
        "jane": "host_assigned",
        "sarah": "host_unassigned",
        "lead": "staff_reassigned",
    }


def test_what_happens_while_a_move_waits_is_told_together_with_it(cast: Cast, told: Book, server: MailServer) -> None:
    moved = services.reschedule(booking=told(), start=after(hours=1), actor=cast.lead, now=NOW).booking
    services.edit(booking=moved, changes={"meeting_title": "Call about MFA"}, actor=cast.lead, now=NOW + MOMENT)
    deliver(NOW + MOMENT)
    assert server.received == []
    deliver(NOW + timedelta(minutes=1))
    assert messages()["john"] == "customer_rescheduled"
    assert len(server.to(JOHN)) == 1


def test_a_booking_that_is_moved_and_cancelled_at_once_is_told_as_cancelled(
    cast: Cast, told: Book, server: MailServer
) -> None:
    moved = services.reschedule(booking=told(), start=after(hours=1), actor=cast.lead, now=NOW).booking
    services.cancel(booking=moved, actor=cast.lead, now=NOW + MOMENT)
    deliver(NOW + timedelta(minutes=1))
    assert messages() == {"john": "customer_cancelled", "sarah": "host_cancelled", "lead": "staff_cancelled"}


def test_a_conclusion_that_was_corrected_at_once_sends_the_right_follow_up(
    cast: Cast, told: Book, server: MailServer
) -> None:
    cast.call.thank_you_mail = cast.call.no_show_mail = True
    cast.call.save()
    booking, ended = told(), after(hours=1)
    services.mark_no_show(booking=booking, actor=cast.sarah, now=ended)
    services.complete(booking=booking, actor=cast.sarah, now=ended + MOMENT)
    deliver(ended + timedelta(minutes=1))
    assert messages() == {"john": "customer_thank_you"}


@override_settings(GUEST_MAILS_PER_HOUR=2)
def test_a_guest_cannot_flood_an_address(book: Book, server: MailServer) -> None:
    for hour in range(4):
        book(start=after(hours=hour))
    deliver(NOW)
    assert len(server.to(JOHN)) == 2
    assert len(server.to("@bestsecurity.example")) == 4 + 3, "four hosts, and the leader, who hosts one"
    waiting = Delivery.objects.filter(recipient=JOHN, state="ready")
    assert {row.due.replace(microsecond=0) for row in waiting} == {NOW + timedelta(hours=1)}
    deliver(NOW + timedelta(hours=1, minutes=1))
    assert len(server.to(JOHN)) == 4


@override_settings(GUEST_MAILS_PER_HOUR=1)
def test_what_staff_do_reaches_the_customer_whatever_guests_did(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    services.cancel(booking=booking, actor=cast.lead, now=NOW)
    deliver()
    assert len(server.to(JOHN)) == 2
