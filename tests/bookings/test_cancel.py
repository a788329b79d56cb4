"""Cancelling and deleting."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.models import Booking, BookingHistory, BookingTombstone
from meeting_manager.busy.models import BusyTime
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, Book, events, hosts
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_guest_cancels_and_the_time_is_free_again(cast: Cast, book: Book) -> None:
    booking = book()
    warned = services.cancel(booking=booking, actor=system_user(), now=NOW).warnings
    assert warned == ("Cancellation Reason is recommended when cancelling a booking.",)
    booking.refresh_from_db()
    assert (booking.booking_status, booking.cancelled_at) == ("Cancelled", NOW)
    assert not BusyTime.objects.filter(booking=booking).exists()
    entry = booking.booking_history.latest("sequence")
    assert entry.event_description == "Booking status changed from Confirmed to Cancelled. By John Doe"
    assert entry.event_by == system_user()
    taken = {hosts(book())[0] for _ in range(4)}
    assert len(taken) == 4


def test_the_reason_is_kept_in_booking_and_history(cast: Cast, book: Book) -> None:
    booking = book()
    result = services.cancel(booking=booking, actor=cast.lead, now=NOW, reason="Holiday\r\nSorry")
    assert result.warnings == ()
    booking.refresh_from_db()
    assert booking.cancellation_reason == "Holiday\nSorry"
    assert "Reason: Holiday\nSorry" in booking.booking_history.latest("sequence").event_description


def test_what_is_cancelled_stays_cancelled(cast: Cast, book: Book) -> None:
    booking = book()
    services.cancel(booking=booking, actor=cast.lead, now=NOW)
    with pytest.raises(IllegalChange, match=r"Cannot change booking status from 'Cancelled' to 'Cancelled'\."):
        services.cancel(booking=booking, actor=cast.lead, now=NOW)
    assert events(booking) == ["Created", "Confirmed", "Cancelled"]


def test_guests_cancel_before_the_start_only_and_staff_afterwards_too(cast: Cast, book: Book) -> None:
    booking = book()
    late = booking.start_datetime
    with pytest.raises(Conflict, match="already started"):
        services.cancel(booking=booking, actor=system_user(), now=late)
    services.cancel(booking=booking, actor=cast.lead, now=late + timedelta(hours=1))
    assert Booking.objects.get(pk=booking.pk).booking_status == "Cancelled"


def test_the_host_may_cancel_and_a_colleague_may_not(cast: Cast, book: Book) -> None:
    booking = book(actor=cast.lead, host=cast.mike)
    with pytest.raises(PermissionDenied):
        services.cancel(booking=booking, actor=cast.jane, now=NOW)
    services.cancel(booking=booking, actor=cast.mike, now=NOW)


def test_deleting_leaves_a_tombstone_and_never_frees_the_number(cast: Cast, book: Book) -> None:
    booking = book()
    for who in (cast.lead, cast.mike):
        with pytest.raises(PermissionDenied):
            services.delete(booking=booking, actor=who, now=NOW)
    stone = services.delete(booking=booking, actor=cast.admin, now=NOW)
    assert not Booking.objects.exists()
    assert not BookingHistory.objects.exists()
    assert not BusyTime.objects.exists()
    assert (stone.name, stone.booking_reference) == (booking.name, booking.booking_reference)
    assert BookingTombstone.objects.get().history_length == 3
    assert book().name.endswith("-0002")
