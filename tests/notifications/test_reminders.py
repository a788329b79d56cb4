"""Reminders: each active row of the schedule, to each person, while the meeting lies ahead."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings

from meeting_manager.adapters.sms.recording import RecordingGateway
from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import MeetingTypeReminder
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.services.reminders import plan_due
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, executive
from tests.cast import Cast
from tests.mailserver import MailServer
from tests.notifications.mailroom import JOHN, deliver, forget, messages, parts, states

pytestmark = pytest.mark.django_db(transaction=True)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _schedule(cast: Cast) -> None:
    """24 hours and one hour before; the row in between is switched off."""
    for hours, is_active in (("24", True), ("2", False), ("1", True)):
        row = {"hours_before_meeting": Decimal(hours), "is_active": is_active}
        MeetingTypeReminder.objects.create(meeting_type=cast.call, **row)
    plan_due(NOW)


@pytest.fixture
def meeting(book: Book, server: MailServer) -> Booking:
    """Tuesday at ten, booked on Monday at seven, of which everybody has heard."""
    booking = book()
    deliver()
    forget(server)
    return booking


def remind(now: object) -> None:
    """What the worker does at that time."""
    plan_due(now)  # type: ignore[arg-type]
    deliver(now)  # type: ignore[arg-type]


def test_each_active_row_reminds_customer_host_and_participants(
    cast: Cast, meeting: Booking, server: MailServer
) -> None:
    services.invite(booking=meeting, invitees=[Invitee("guest@x.example", "Guest")], actor=cast.sarah, now=NOW)
    deliver()
    forget(server)
    remind(TUESDAY_TEN - DAY - timedelta(seconds=1))
    assert server.received == []
    remind(TUESDAY_TEN - DAY)
    assert messages() == {"john": "customer_reminder", "sarah": "host_reminder", "guest": "participant_reminder"}
    forget(server)
    remind(TUESDAY_TEN - 2 * HOUR)
    assert server.received == [], "the row is switched off"
    remind(TUESDAY_TEN - HOUR)
    assert len(server.received) == 3


def test_a_reminder_comes_once_however_often_the_clock_ticks(meeting: Booking, server: MailServer) -> None:
    for seconds in (0, 0, 20, 40, 3600):
        remind(TUESDAY_TEN - DAY + timedelta(seconds=seconds))
    assert len(server.to(JOHN)) == 1


def test_a_booking_keeps_record_of_its_reminders(meeting: Booking, server: MailServer) -> None:
    remind(TUESDAY_TEN - DAY)
    meeting.refresh_from_db()
    assert meeting.last_reminder_sent == TUESDAY_TEN - DAY
    assert meeting.reminders_sent == ["2026-12-07T10:00:00+00:00"] * 2
    told = list(meeting.booking_history.filter(event_type="Reminder Sent").values_list("event_description", flat=True))
    assert sorted(told) == [
        "Reminder sent to john@customer.example by mail, 24 hours before",
        "Reminder sent to sarah@bestsecurity.example by mail, 24 hours before",
    ]


def test_a_booking_made_inside_the_window_skips_what_is_past(book: Book, server: MailServer) -> None:
    now = TUESDAY_TEN - timedelta(hours=3)
    book(now=now)
    deliver(now)
    forget(server)
    remind(now + timedelta(minutes=1))
    assert server.received == []
    remind(TUESDAY_TEN - HOUR)
    assert messages()["john"] == "customer_reminder"


def test_a_move_reminds_for_the_new_time_only(meeting: Booking, server: MailServer) -> None:
    services.reschedule(booking=meeting, start=TUESDAY_TEN + DAY, actor=system_user(), now=NOW)
    deliver()
    forget(server)
    remind(TUESDAY_TEN - DAY)
    assert server.received == []
    remind(TUESDAY_TEN)
    assert messages()["john"] == "customer_reminder"


@pytest.mark.parametrize("end", ["cancel", "pending"])
def test_only_confirmed_bookings_remind(cast: Cast, book: Book, meeting: Booking, server: MailServer, end: str) -> None:
    services.cancel(booking=meeting, actor=system_user(), now=NOW)
    if end == "pending":
        kind = executive(cast)
        MeetingTypeReminder.objects.create(meeting_type=kind, hours_before_meeting=Decimal(24))
        book(meeting_type=kind)
    deliver()
    forget(server)
    remind(TUESDAY_TEN - DAY)
    assert server.received == []


def test_after_an_outage_only_the_nearest_of_several_is_sent(meeting: Booking, server: MailServer) -> None:
    remind(TUESDAY_TEN - timedelta(minutes=30))
    assert len(server.to(JOHN)) == 1
    (row,) = Delivery.objects.filter(payload__message="customer_reminder")
    assert row.payload["hours_before"] == "1"


def test_no_reminder_goes_out_once_the_meeting_began(meeting: Booking, server: MailServer) -> None:
    remind(TUESDAY_TEN)
    assert server.received == []


def test_reminders_that_could_not_be_sent_in_time_are_not_sent_later(meeting: Booking, server: MailServer) -> None:
    server.stop()
    remind(TUESDAY_TEN - DAY)
    plan_due(TUESDAY_TEN - HOUR)
    server.start()
    deliver(TUESDAY_TEN - timedelta(minutes=50))
    assert len(server.to(JOHN)) == 1, "of two that waited, the nearer one"
    assert sorted(state for state, _ in states("customer_reminder")) == ["done", "skipped"]


def test_a_reminder_that_waited_beyond_the_start_is_skipped(meeting: Booking, server: MailServer) -> None:
    server.stop()
    remind(TUESDAY_TEN - HOUR)
    server.start()
    deliver(TUESDAY_TEN + timedelta(minutes=1))
    assert server.received == []
    assert states("customer_reminder") == [("skipped", "The meeting has begun.")]


def test_a_row_added_later_does_not_remind_of_what_is_past(cast: Cast, meeting: Booking, server: MailServer) -> None:
    now = TUESDAY_TEN - timedelta(hours=5)
    remind(TUESDAY_TEN - DAY)
    remind(now)
    forget(server)
    MeetingTypeReminder.objects.create(meeting_type=cast.call, hours_before_meeting=Decimal(6))
    remind(now + timedelta(minutes=2))
    assert server.received == []


def test_fractions_of_an_hour_remind_to_the_minute(cast: Cast, meeting: Booking, server: MailServer) -> None:
    MeetingTypeReminder.objects.create(meeting_type=cast.call, hours_before_meeting=Decimal("0.25"))
    remind(TUESDAY_TEN - timedelta(minutes=16))
    forget(server)
    remind(TUESDAY_TEN - timedelta(minutes=15))
    assert messages()["john"] == "customer_reminder"


def test_a_clock_that_was_wrong_does_not_silence_reminders(meeting: Booking, server: MailServer) -> None:
    plan_due(TUESDAY_TEN + timedelta(days=400))
    remind(TUESDAY_TEN - DAY)
    assert messages()["john"] == "customer_reminder"


def test_a_quiet_tick_costs_few_queries(
    meeting: Booking, django_assert_max_num_queries: object, cast: Cast, book: Book
) -> None:
    for hour in range(1, 4):
        book(start=after(hours=hour))
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        plan_due(NOW + timedelta(minutes=1))


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[RecordingGateway]:
    """An SMS gateway that keeps what it sends."""
    with override_settings(SMS={"gateway": "record", "folder": str(tmp_path)}):
        yield RecordingGateway(tmp_path, region="")


@pytest.mark.parametrize(("way", "texts", "mails"), [("SMS", 1, 0), ("Both", 1, 1), ("Email", 0, 1)])
def test_sms_go_to_whoever_has_a_number(
    meeting: Booking, server: MailServer, phone: RecordingGateway, way: str, texts: int, mails: int
) -> None:
    MeetingTypeReminder.objects.update(notification_type=way)
    remind(TUESDAY_TEN - DAY)
    assert len(phone.sent()) == texts
    assert len(server.to(JOHN)) == mails
    assert len(server.to("sarah@")) == 1, "no number is known of hosts"
    if texts:
        assert "05:00 America/New York" in phone.sent()[0].text
        assert phone.sent()[0].to == "+15551234567"


def test_without_a_gateway_sms_fall_back_to_mail_and_say_so(meeting: Booking, server: MailServer) -> None:
    MeetingTypeReminder.objects.update(notification_type="SMS")
    remind(TUESDAY_TEN - DAY)
    assert messages()["john"] == "customer_reminder"
    assert states("customer_reminder") == [("done", "Sent. Sent by mail: No SMS gateway is set up.")]


def test_a_number_the_gateway_refuses_falls_back_to_mail(
    book: Book, server: MailServer, phone: RecordingGateway
) -> None:
    from meeting_manager.bookings.inputs import Customer

    MeetingTypeReminder.objects.update(notification_type="SMS")
    book(customer=Customer("John Doe", JOHN, "0000000", "", ""))
    deliver()
    forget(server)
    remind(TUESDAY_TEN - DAY)
    assert phone.sent() == []
    assert len(server.to(JOHN)) == 1
    assert "begins in 24 hours" in parts(server.to(JOHN)[0])["text/plain"]
