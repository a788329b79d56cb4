"""Nothing is lost because something else came between: outages, changes of mind, killed planners."""

from datetime import datetime, timedelta

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.ledger.services import queue
from meeting_manager.notifications import tasks
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, executive
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import SOON, deliver, forget, messages

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = timedelta(seconds=4)
HOUR = timedelta(hours=1)


def later(start: datetime = NOW, hours: int = 6) -> None:
    """Work on from `start`, every five minutes."""
    for m in range(0, hours * 60, 5):
        deliver(start + timedelta(minutes=m))


def test_confirmation_survives_a_move_that_is_undone_while_it_waits(cast: Cast, book: Book, server: MailServer) -> None:
    server.stop()
    booking = book()
    deliver(NOW)
    server.start()
    t = NOW + 3 * HOUR
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=cast.lead, now=t).booking
    deliver(t + timedelta(seconds=2))  # the mails' turn comes within the ten seconds
    services.reschedule(booking=moved, start=TUESDAY_TEN, actor=cast.lead, now=t + MOMENT)
    later(t + SOON)
    assert messages().get("john") == "customer_booked"


def test_customers_own_move_survives_a_staff_move_that_is_undone(cast: Cast, told: Book, server: MailServer) -> None:
    booking = told()
    server.stop()
    b = services.reschedule(booking=booking, start=after(hours=1), actor=system_user(), now=NOW).booking
    deliver(NOW)
    server.start()
    t = NOW + 3 * HOUR
    c = services.reschedule(booking=b, start=after(hours=3), actor=cast.lead, now=t).booking
    deliver(t + timedelta(seconds=2))
    services.reschedule(booking=c, start=after(hours=1), actor=cast.lead, now=t + MOMENT)
    later(t + SOON)
    assert {"john", "sarah", "lead"} <= messages().keys()


def test_host_mail_survives_a_reassignment_that_is_undone(cast: Cast, book: Book, server: MailServer) -> None:
    server.stop()
    booking = book()
    deliver(NOW)
    server.start()
    t = NOW + 3 * HOUR
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=t)
    deliver(t + timedelta(seconds=2))
    services.reassign(booking=booking, new_user=cast.sarah, actor=cast.lead, now=t + MOMENT)
    later(t + SOON)
    assert "sarah" in messages()


def test_who_was_host_until_seconds_before_hears_of_the_cancellation(
    cast: Cast, told: Book, server: MailServer
) -> None:
    booking = told()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    services.cancel(booking=booking, actor=cast.lead, now=NOW + MOMENT)
    later(NOW + MOMENT)
    assert "sarah" in messages()


def test_who_lost_a_booking_hears_though_it_was_cancelled_while_the_mail_waited(
    cast: Cast, told: Book, server: MailServer
) -> None:
    booking = told()
    server.stop()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    services.cancel(booking=booking, actor=cast.lead, now=NOW + HOUR)
    server.start()
    later(NOW + HOUR)
    assert "sarah" in messages()


def test_who_lost_a_booking_hears_though_it_was_moved_while_the_mail_waited(
    cast: Cast, told: Book, server: MailServer
) -> None:
    booking = told()
    server.stop()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    deliver(NOW + SOON)
    services.reschedule(booking=booking, start=after(hours=1), actor=system_user(), now=NOW + HOUR)
    server.start()
    later(NOW + HOUR)
    assert "sarah" in messages()


def test_who_was_uninvited_hears_though_it_was_moved_while_the_mail_waited(
    cast: Cast, told: Book, server: MailServer
) -> None:
    booking = told()
    services.invite(booking=booking, invitees=[Invitee("guest@x.example", "Guest")], actor=cast.lead, now=NOW)
    deliver(NOW)
    forget(server)
    server.stop()
    services.uninvite(booking=booking, email="guest@x.example", actor=cast.lead, now=NOW)
    deliver(NOW)
    services.reschedule(booking=booking, start=after(hours=1), actor=system_user(), now=NOW + HOUR)
    server.start()
    later(NOW + HOUR)
    assert "guest" in messages()


def test_somebody_is_asked_to_decide_when_a_member_moves_there_and_back(
    cast: Cast, book: Book, server: MailServer
) -> None:
    booking = book(meeting_type=executive(cast))
    deliver(NOW)
    services.approve(booking=booking, actor=cast.lead, now=NOW)
    deliver(NOW)
    forget(server)
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=cast.sarah, now=NOW).booking
    back = services.reschedule(booking=moved, start=TUESDAY_TEN, actor=cast.sarah, now=NOW + MOMENT).booking
    assert back.booking_status == "Pending"
    later(NOW + MOMENT)
    assert messages().get("lead") == "staff_approval_asked"


def test_a_planner_that_died_after_its_commit_loses_nothing(cast: Cast, told: Book, server: MailServer) -> None:
    booking = told()
    services.edit(booking=booking, changes={"meeting_title": "Second"}, actor=cast.lead, now=NOW)
    (job,) = queue.claim(NOW, "doomed", ["notify"], 1)
    tasks.notify(job, NOW)  # committed; the worker dies before `finish`
    Delivery.objects.filter(pk=job.id).update(lease_until=NOW - timedelta(days=400))
    run_due(NOW, ["mail"])
    forget(server)
    services.edit(booking=booking, changes={"meeting_title": "Third"}, actor=cast.lead, now=NOW + HOUR)
    later(NOW + HOUR)
    assert messages().get("john") == "customer_changed"


def test_thank_you_survives_a_correction_there_and_back(cast: Cast, told: Book, server: MailServer) -> None:
    cast.call.thank_you_mail = True
    cast.call.save()
    booking, ended = told(), after(hours=1)
    server.stop()
    services.complete(booking=booking, actor=cast.sarah, now=ended)
    deliver(ended + SOON)
    services.mark_no_show(booking=booking, actor=cast.sarah, now=ended + HOUR)
    server.start()
    later(ended + HOUR)
    services.complete(booking=booking, actor=cast.sarah, now=ended + 8 * HOUR)
    later(ended + 8 * HOUR)
    assert messages() == {"john": "customer_thank_you"}
