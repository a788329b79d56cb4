"""Mail servers that refuse, delay, drop or are gone: nothing is lost that still makes sense."""

from datetime import timedelta

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Customer
from meeting_manager.departments.services import edit_department
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event, announce
from meeting_manager.notifications.services.trouble import PAUSE, notice_dead
from meeting_manager.people.queries import system_user
from meeting_manager.people.services import disable_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import JOHN, SOON, deliver, forget, messages, parts, states, subjects

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def test_a_server_that_was_gone_for_six_hours_gets_every_mail_that_still_makes_sense(
    book: Book, server: MailServer
) -> None:
    server.stop()
    kept, ended = book(), book(start=after(hours=1))
    for hour in range(6):
        deliver(NOW + hour * HOUR)
    services.cancel(booking=ended, actor=system_user(), now=NOW + 5 * HOUR)
    server.start()
    for minutes in range(0, 130, 5):
        deliver(NOW + 6 * HOUR + timedelta(minutes=minutes))
    assert messages(kept) == {"john": "customer_booked", "sarah": "host_booked", "lead": "staff_booked"}
    assert messages(ended) == {"john": "customer_cancelled"}, "hosts never knew of it"
    assert not Delivery.objects.filter(state__in=["ready", "running", "dead"]).exists()


def test_a_confirmation_that_could_not_be_sent_before_the_meeting_was_over_is_skipped(
    book: Book, server: MailServer
) -> None:
    server.stop()
    book()
    deliver()
    server.start()
    deliver(TUESDAY_TEN + HOUR)
    assert server.received == []
    assert states("customer_booked") == [("skipped", "The meeting is over.")]


def test_a_dropped_connection_repeats_the_mail_with_the_same_identity(book: Book, server: MailServer) -> None:
    server.drop_after_data = 1
    book()
    deliver()
    deliver(NOW + HOUR)
    assert len(server.received) == 4
    assert len({mail["Message-ID"] for mail in server.received}) == 3


def test_a_server_that_defers_is_asked_again(book: Book, server: MailServer) -> None:
    server.verdict = "451 4.7.1 Come back later"
    book()
    deliver()
    assert set(Delivery.objects.filter(kind="mail").values_list("state", flat=True)) == {"ready"}
    assert "Come back later" in Delivery.objects.filter(kind="mail")[0].last_error
    server.verdict = "250 Taken"
    deliver(NOW + HOUR)
    assert len(server.received) == 3


def test_an_address_that_does_not_exist_is_given_up_at_once_and_holds_up_nobody(book: Book, server: MailServer) -> None:
    server.refuse[JOHN] = "550 5.1.1 No such user"
    book()
    deliver()
    assert states("customer_booked") == [("dead", "")]
    assert messages() == {"sarah": "host_booked", "lead": "staff_booked"}


def test_a_booking_that_was_moved_while_mail_waited_is_told_as_it_is(book: Book, server: MailServer) -> None:
    server.stop()
    booking = book()
    deliver()
    services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW)
    deliver()
    server.start()
    deliver(NOW + HOUR)
    assert messages() == {"john": "customer_booked", "sarah": "host_booked", "lead": "staff_booked"}
    (mail,) = server.to(JOHN)
    assert "07:00" in parts(mail)["text/plain"]
    assert ("skipped", "There is nothing left to tell.") in states("customer_booked")


def test_nobody_hears_of_a_reassignment_that_was_taken_back_while_mail_waited(
    cast: Cast, book: Book, server: MailServer
) -> None:
    booking = book()
    deliver()
    forget(server)
    server.stop()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    services.reassign(booking=booking, new_user=cast.sarah, actor=cast.lead, now=NOW + 2 * SOON)
    server.start()
    deliver(NOW + HOUR)
    assert messages() == {}
    assert {state for state, _ in states("host_unassigned")} == {"skipped"}
    assert server.received == []


def test_a_leader_whose_account_was_disabled_hears_nothing_more(cast: Cast, book: Book, server: MailServer) -> None:
    server.stop()
    edit_department(actor=cast.admin, department=cast.support, changes={"notify_admin_on_booking": True})
    book()
    deliver()
    cast.support.refresh_from_db()
    cast.support.department_leader = None
    cast.support.save()
    disable_user(actor=cast.admin, user=cast.lead, now=NOW)
    server.start()
    deliver(NOW + HOUR)
    assert messages() == {"john": "customer_booked", "sarah": "host_booked", "admin": "staff_booked"}


def dead_letters(book: Book, server: MailServer, count: int) -> None:
    """So many customers' addresses do not exist."""
    server.refuse[JOHN] = "550 5.1.1 No such user"
    for hour in range(count):
        book(start=after(hours=hour))
    deliver()
    server.received.clear()


def test_dead_letters_raise_one_notice_for_the_admins_not_a_flood(cast: Cast, book: Book, server: MailServer) -> None:
    dead_letters(book, server, 3)
    for minutes in (0, 5, 10):
        notice_dead(NOW + timedelta(minutes=minutes))
        deliver(NOW + timedelta(minutes=minutes))
    (notice,) = server.received
    assert notice["To"] == "Admin <admin@bestsecurity.example>"
    text = parts(notice)["text/plain"]
    assert "3" in text
    assert "/workspace/deliveries/" in text


def test_new_dead_letters_wait_for_the_next_notice(book: Book, server: MailServer) -> None:
    dead_letters(book, server, 1)
    notice_dead(NOW)
    book(start=after(hours=3))
    deliver(NOW + HOUR)
    assert notice_dead(NOW + 2 * HOUR) == 0
    assert notice_dead(NOW + PAUSE) == 1
    assert notice_dead(NOW + 3 * PAUSE) == 0, "nothing new"


def test_a_notice_that_cannot_be_delivered_raises_no_notice(book: Book, server: MailServer) -> None:
    dead_letters(book, server, 1)
    server.refuse["admin@bestsecurity.example"] = "550 5.1.1 No such user"
    notice_dead(NOW + HOUR)
    deliver(NOW + HOUR)
    assert notice_dead(NOW + HOUR + PAUSE) == 0


def test_without_dead_letters_there_is_no_notice(book: Book, server: MailServer) -> None:
    book()
    deliver()
    assert notice_dead(NOW) == 0
    assert "fail" not in " ".join(subjects(server.received)).lower()


def calendar_trouble(cast: Cast, **more: object) -> None:
    """What the calendars room announces."""
    payload = {
        "user": cast.sarah.email,
        "calendar": "MM-CI-sarah-0001",
        "label": "Work",
        "error": "The password is no longer right.",
        **more,
    }
    announce([Event("calendar.trouble", "calendar.trouble:1", payload)], now=NOW)


def test_the_owner_of_a_calendar_in_trouble_is_told_once_a_day(cast: Cast, server: MailServer) -> None:
    calendar_trouble(cast)
    calendar_trouble(cast)
    deliver()
    (notice,) = server.received
    assert notice["To"] == "Sarah <sarah@bestsecurity.example>"
    assert "The password is no longer right." in parts(notice)["text/plain"]


def test_trouble_that_goes_on_is_told_to_the_admins_too(cast: Cast, server: MailServer) -> None:
    calendar_trouble(cast, repeated=True, since=NOW.isoformat())
    deliver()
    assert {str(mail["To"]).rpartition("<")[2] for mail in server.received} == {
        "sarah@bestsecurity.example>",
        "admin@bestsecurity.example>",
    }


def test_a_customer_without_a_number_leaves_no_empty_row(book: Book, server: MailServer) -> None:
    book(customer=Customer("Ben Okafor", "ben@customer.example"))
    deliver()
    assert "tel:" not in parts(server.to("sarah@")[0])["text/html"]
    assert "Phone" not in parts(server.to("sarah@")[0])["text/plain"]
