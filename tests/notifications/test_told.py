"""The table of who hears what, through the services, the ledger and a real mail server."""

from collections.abc import Callable

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Host, Invitee, Result
from meeting_manager.departments.services import edit_department, edit_meeting_type
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.models import Thread
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, executive, hosts
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import JOHN, SOON, deliver, entry, forget, messages, parts, states

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_booking_is_told_to_its_customer_host_and_leader(book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    assert messages() == {"john": "customer_booked", "sarah": "host_booked", "lead": "staff_booked"}
    (mail,) = server.to(JOHN)
    text = parts(mail)["text/plain"]
    assert "Sarah" in text
    assert booking.booking_reference in text
    assert f"/booking/{booking.booking_reference}?token=" in text
    assert "John Doe" in parts(server.to("sarah@")[0])["text/plain"]


def test_admins_hear_where_the_department_wants_it_and_the_leader_not_where_not(
    cast: Cast, book: Book, server: MailServer
) -> None:
    fields = {"notify_leader_on_booking": False, "notify_admin_on_booking": True}
    edit_department(actor=cast.admin, department=cast.support, changes=fields)
    book()
    deliver()
    assert messages() == {"john": "customer_booked", "sarah": "host_booked", "admin": "staff_booked"}


def test_a_leader_who_hosts_gets_one_mail(cast: Cast, book: Book, server: MailServer) -> None:
    book(host=cast.lead, actor=cast.lead)
    deliver()
    assert messages() == {"john": "customer_booked", "lead": "host_booked"}
    assert len(server.received) == 2


def test_a_request_asks_the_leader_and_tells_the_customer_to_wait(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book(meeting_type=executive(cast))
    deliver()
    assert messages() == {"lead": "staff_approval_asked", "john": "customer_awaiting"}
    assert f"/workspace/bookings/{booking.name}/" in parts(server.to("lead@")[0])["text/plain"]
    assert "text/calendar" not in parts(server.to(JOHN)[0]), "nothing to put into a calendar yet"


def test_without_a_leader_the_admins_are_asked(cast: Cast, book: Book, server: MailServer) -> None:
    book(meeting_type=cast.consultation)
    deliver()
    assert messages() == {"admin": "staff_approval_asked", "john": "customer_awaiting"}


def test_an_approval_confirms(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book(meeting_type=executive(cast))
    deliver()
    forget(server)
    services.approve(booking=booking, actor=cast.lead, now=NOW)
    deliver()
    assert messages() == {"john": "customer_booked", "sarah": "host_booked"}


def test_a_rejection_tells_the_customer_why(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book(meeting_type=executive(cast))
    deliver()
    forget(server)
    services.reject(booking=booking, actor=cast.lead, now=NOW, reason="The budget is spent.")
    deliver()
    assert messages() == {"john": "customer_rejected"}
    text = parts(server.to(JOHN)[0])["text/plain"]
    assert "The budget is spent." in text
    assert "/book/support/executive" in text


def test_a_customer_who_moves_tells_everybody_the_old_and_the_new_time(book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW)
    deliver()
    assert messages() == {"john": "customer_rescheduled", "sarah": "host_rescheduled", "lead": "staff_rescheduled"}
    text = parts(server.to(JOHN)[0])["text/plain"]
    assert "05:00" in text  # 10:00 UTC in New York
    assert "07:00" in text
    assert "America/New York" in text


def test_a_move_that_needs_another_host_tells_both(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    book(start=after(hours=2), host=cast.sarah, actor=cast.lead)
    deliver()
    forget(server)
    moved = services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW).booking
    deliver()
    assert hosts(moved) == ["mike"]
    assert messages() == {
        "john": "customer_rescheduled",
        "mike": "host_assigned",
        "sarah": "host_unassigned",
        "lead": "staff_rescheduled",
    }
    assert "Sarah" in parts(server.to("sarah@")[0])["text/plain"]


def test_a_reassignment_tells_customer_both_hosts_and_leader(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW, reason="Sarah is ill.")
    deliver(NOW + SOON)
    assert messages() == {
        "john": "customer_reassigned",
        "mike": "host_assigned",
        "sarah": "host_unassigned",
        "lead": "staff_reassigned",
    }
    assert "Mike" in parts(server.to(JOHN)[0])["text/plain"]


def test_a_cancellation_says_by_whom_and_why_and_how_to_book_again(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    services.cancel(booking=booking, actor=cast.sarah, now=NOW, reason="A flood in the office.")
    deliver()
    assert messages() == {"john": "customer_cancelled", "sarah": "host_cancelled", "lead": "staff_cancelled"}
    text = parts(server.to(JOHN)[0])["text/plain"]
    assert "Sarah of Support" in text
    assert "A flood in the office." in text
    assert cast.call.public_booking_url in text


def test_a_request_nobody_decided_on_is_told_as_such(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book(meeting_type=executive(cast))
    deliver()
    forget(server)
    services.decide.expire_unapproved(booking.start_datetime)
    deliver(booking.start_datetime)
    assert messages()["john"] == "customer_cancelled"


def test_participants_are_invited_updated_and_told_of_the_end(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    guests = [
        Invitee("guest@elsewhere.example", "Gustav Guest"),
        Invitee(user=cast.outsider, participant_type="Internal"),
    ]
    services.invite(booking=booking, invitees=guests, actor=cast.sarah, now=NOW)
    deliver()
    assert messages() == {"guest": "participant_invited", "outsider": "participant_invited"}
    assert "/answer?token=" in parts(server.to("guest@")[0])["text/plain"]
    forget(server)
    services.uninvite(booking=booking, email="guest@elsewhere.example", actor=cast.sarah, now=NOW)
    deliver()
    assert messages() == {"guest": "participant_cancelled"}
    assert entry(server.to("guest@")[0])[0] == "CANCEL"
    forget(server)
    services.cancel(booking=booking, actor=cast.sarah, now=NOW)
    deliver()
    assert messages()["outsider"] == "participant_cancelled"
    assert "guest" not in messages()


def test_an_internal_meeting_invites_everybody(cast: Cast, server: MailServer) -> None:
    services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        participants=[Invitee(user=cast.outsider, participant_type="Internal")],
        actor=cast.lead,
        now=NOW,
    )
    deliver()
    assert messages() == {
        "sarah": "host_booked",
        "mike": "host_booked",
        "outsider": "participant_invited",
        "lead": "staff_booked",
    }


def test_a_new_link_for_the_same_meeting_is_told(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    changes = {"video_meeting_url": "https://meet.example/other"}
    services.edit(booking=booking, changes=changes, actor=cast.sarah, now=NOW)
    deliver()
    assert messages() == {"john": "customer_changed", "sarah": "host_changed"}
    assert "https://meet.example/other" in parts(server.to(JOHN)[0])["text/plain"]


def test_a_corrected_address_gets_the_confirmation_and_the_wrong_one_loses_its_entry(
    cast: Cast, book: Book, server: MailServer
) -> None:
    booking = book()
    deliver()
    forget(server)
    services.edit(booking=booking, changes={"customer_email": "jon@customer.example"}, actor=cast.sarah, now=NOW)
    deliver()
    assert messages() == {"jon": "customer_booked", "john": "participant_cancelled"}
    (withdrawn,) = server.to(JOHN)
    assert entry(withdrawn)[0] == "CANCEL"
    assert "token=" not in parts(withdrawn)["text/plain"]


def test_notes_are_changed_without_a_mail(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    forget(server)
    services.edit(booking=booking, changes={"customer_notes": "Brings a dog"}, actor=cast.sarah, now=NOW)
    deliver()
    assert messages() == {}


@pytest.mark.parametrize(
    ("conclude", "setting", "message"),
    [
        (services.complete, "thank_you_mail", "customer_thank_you"),
        (services.mark_no_show, "no_show_mail", "customer_no_show"),
    ],
)
def test_follow_ups_come_where_the_type_asks_for_them(
    cast: Cast, book: Book, server: MailServer, conclude: Callable[..., Result], setting: str, message: str
) -> None:
    quiet, loud = book(), book(start=after(hours=2))
    deliver()
    forget(server)
    conclude(booking=quiet, actor=cast.lead, now=after(hours=1))
    deliver(after(hours=1) + SOON)
    assert messages() == {}
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={setting: True})
    conclude(booking=loud, actor=cast.lead, now=after(hours=3))
    deliver(after(hours=3) + SOON)
    assert messages() == {"john": message}
    (mail,) = server.received
    assert "unsubscribe" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_transactional_mail_cannot_be_unsubscribed_from(book: Book, server: MailServer) -> None:
    book()
    deliver()
    assert {mail["List-Unsubscribe"] for mail in server.received} == {None}


def test_answers_go_to_the_host_and_the_customer(book: Book, server: MailServer) -> None:
    book()
    deliver()
    assert server.to(JOHN)[0]["Reply-To"] == "Sarah <sarah@bestsecurity.example>"
    assert server.to("sarah@")[0]["Reply-To"] == "John Doe <john@customer.example>"


def test_every_mail_says_that_no_person_wrote_it_and_belongs_to_its_booking(book: Book, server: MailServer) -> None:
    book()
    deliver()
    assert {mail["Auto-Submitted"] for mail in server.received} == {"auto-generated"}
    assert len({mail["References"] for mail in server.received}) == 1
    assert len({mail["Message-ID"] for mail in server.received}) == 3


def test_one_booking_costs_one_delivery_in_its_transaction(book: Book) -> None:
    booking = book()
    (row,) = Delivery.objects.all()
    assert (row.kind, row.about, row.state) == ("notify", booking.name, "ready")


def test_planning_again_owes_nothing_twice(book: Book, server: MailServer) -> None:
    book()
    deliver()
    Delivery.objects.filter(kind="notify").update(state="ready", finished_at=None)
    deliver()
    assert len(server.received) == 3


def test_a_deleted_booking_is_told_to_nobody(cast: Cast, book: Book, server: MailServer) -> None:
    services.delete(booking=book(), actor=cast.admin, now=NOW)
    deliver()
    assert server.received == []
    assert [state for state, _ in states("customer_booked")] == []


def test_one_thread_remembers_what_was_told(book: Book) -> None:
    booking = book()
    deliver()
    moved = services.reschedule(booking=booking, start=after(hours=2), actor=system_user(), now=NOW).booking
    deliver()
    thread = Thread.objects.get()
    assert (thread.uid, thread.booking) == (booking.ical_uid, moved.name)
    heard = dict(thread.heard.values_list("address", "has_entry"))
    assert heard == {JOHN: True, "sarah@bestsecurity.example": True, "lead@bestsecurity.example": False}
    assert {row.told["booking"] for row in thread.heard.all()} == {moved.name}


def test_a_deleted_booking_takes_what_people_were_told_with_it(cast: Cast, book: Book, server: MailServer) -> None:
    booking = book()
    deliver()
    services.delete(booking=booking, actor=cast.admin, now=NOW)
    deliver()
    assert not Thread.objects.exists()
    assert not Delivery.objects.exclude(kind="notify").exists()
