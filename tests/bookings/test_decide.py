"""Approving, rejecting, and what happens when nobody does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, block, events, executive, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(cast: Cast, book: Book) -> Booking:
    return book(meeting_type=executive(cast))


def test_the_leader_approves_and_signs(cast: Cast, waiting: Booking) -> None:
    services.approve(booking=waiting, actor=cast.lead, now=NOW, comment="Big client")
    waiting.refresh_from_db()
    assert (waiting.booking_status, waiting.approval_status) == ("Confirmed", "Approved")
    assert (waiting.approved_by, waiting.approval_date) == (cast.lead, NOW)
    assert events(waiting) == ["Created", "Approved", "Confirmed"]
    approved = waiting.booking_history.get(event_type="Approved")
    assert approved.event_description == "Booking approved. Comment: Big client"
    assert approved.event_by == cast.lead


def test_a_rejection_needs_a_reason_and_frees_the_time(cast: Cast, waiting: Booking) -> None:
    with pytest.raises(ValidationError) as error:
        services.reject(booking=waiting, actor=cast.lead, now=NOW, reason="  ")
    assert error.value.message_dict == {"rejection_reason": ["Rejection Reason is required when rejecting a booking."]}
    services.reject(booking=waiting, actor=cast.admin, now=NOW, reason="Board meeting")
    waiting.refresh_from_db()
    assert (waiting.booking_status, waiting.approval_status) == ("Cancelled", "Rejected")
    assert waiting.rejection_reason == waiting.cancellation_reason == "Board meeting"
    assert waiting.cancelled_at == waiting.approval_date == NOW
    assert events(waiting) == ["Created", "Rejected", "Cancelled"]
    assert not BusyTime.objects.filter(booking=waiting).exists()


@pytest.mark.parametrize("who", ["sarah", "mike", "outsider"])
def test_members_do_not_decide(cast: Cast, waiting: Booking, who: str) -> None:
    with pytest.raises(PermissionDenied):
        services.approve(booking=waiting, actor=getattr(cast, who), now=NOW)
    with pytest.raises(PermissionDenied):
        services.reject(booking=waiting, actor=system_user(), now=NOW, reason="Spam")


def test_what_needs_no_approval_cannot_be_approved(cast: Cast, book: Book) -> None:
    with pytest.raises(Conflict, match=r"^This booking does not require approval\.$"):
        services.approve(booking=book(), actor=cast.lead, now=NOW)


def test_nothing_is_decided_twice(cast: Cast, waiting: Booking) -> None:
    services.approve(booking=waiting, actor=cast.lead, now=NOW)
    with pytest.raises(Conflict, match=r"^Booking already Approved\.$"):
        services.reject(booking=waiting, actor=cast.lead, now=NOW, reason="Too late")


def test_a_cancelled_request_cannot_be_approved(cast: Cast, waiting: Booking) -> None:
    services.cancel(booking=waiting, actor=system_user(), now=NOW)
    with pytest.raises(IllegalChange, match=r"Cannot change booking status from 'Cancelled' to 'Confirmed'\."):
        services.approve(booking=waiting, actor=cast.lead, now=NOW)


def test_approval_looks_for_a_clash_again_and_for_nothing_else(cast: Cast, waiting: Booking) -> None:
    host = waiting.assigned_users.get().user
    block(host, waiting.start_datetime, waiting.end_datetime)
    with pytest.raises(TimeTaken, match=f"User '{host.email}' is not available at the selected time: "):
        services.approve(booking=waiting, actor=cast.lead, now=NOW)
    waiting.refresh_from_db()
    assert waiting.approval_status == "Pending"


def test_approval_minds_neither_notice_nor_hours(cast: Cast, waiting: Booking) -> None:
    just_before = waiting.start_datetime - timedelta(minutes=1)
    services.approve(booking=waiting, actor=cast.lead, now=just_before)
    assert Booking.objects.get(pk=waiting.pk).booking_status == "Confirmed"


def test_a_meeting_that_began_cannot_be_approved(cast: Cast, waiting: Booking) -> None:
    with pytest.raises(ValidationError):
        services.approve(booking=waiting, actor=cast.lead, now=waiting.start_datetime)


def test_requests_nobody_decided_on_end_with_their_start(cast: Cast, waiting: Booking, book: Book) -> None:
    later = book(meeting_type=executive(cast), start=TUESDAY_TEN + timedelta(days=1))
    assert services.expire_unapproved(waiting.start_datetime - timedelta(seconds=1)) == 0
    assert services.expire_unapproved(waiting.start_datetime) == 1
    assert services.expire_unapproved(waiting.start_datetime) == 0
    waiting.refresh_from_db()
    later.refresh_from_db()
    assert (waiting.booking_status, later.booking_status) == ("Cancelled", "Pending")
    assert waiting.cancellation_reason == "Not approved in time"
    assert waiting.booking_history.latest("sequence").event_by == system_user()


def test_a_pending_booking_keeps_others_out(cast: Cast, book: Book) -> None:
    taken = {hosts(book(meeting_type=executive(cast)))[0] for _ in range(4)}
    assert len(taken) == 4
    with pytest.raises(TimeTaken):
        try_to_book(cast)


def test_a_decision_in_another_zone_is_stored_in_utc(cast: Cast, waiting: Booking) -> None:
    services.approve(booking=waiting, actor=cast.lead, now=datetime(2026, 12, 7, 7, 30, tzinfo=UTC))
    waiting.refresh_from_db()
    assert waiting.approval_date == datetime(2026, 12, 7, 7, 30, tzinfo=UTC)


def test_a_host_who_left_the_department_is_checked_for_a_clash_too(cast: Cast, waiting: Booking) -> None:
    host = waiting.assigned_users.get().user
    DepartmentMember.objects.filter(member=host).update(is_active=False)
    block(host, waiting.start_datetime, waiting.end_datetime)
    with pytest.raises(TimeTaken, match=host.email):
        services.approve(booking=waiting, actor=cast.admin, now=NOW)


def test_one_bad_booking_does_not_keep_the_others_waiting(cast: Cast, waiting: Booking, book: Book) -> None:
    second = book(meeting_type=executive(cast), start=TUESDAY_TEN + timedelta(hours=1))
    # Its next history row is there already, so that ending it fails.
    row = waiting.booking_history.latest("sequence")
    row.pk, row.sequence = None, waiting.history_length + 1
    row.save(force_insert=True)
    assert services.expire_unapproved(second.start_datetime) == 1
    second.refresh_from_db()
    assert second.booking_status == "Cancelled"
