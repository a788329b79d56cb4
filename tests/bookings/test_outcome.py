"""Completed, No-Show, and the correction of either."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.engine.lifecycle import IllegalChange
from tests.bookings.desk import NOW, Book, after, events, executive, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("verb", "status"), [(services.complete, "Completed"), (services.mark_no_show, "No-Show")])
def test_how_it_went_is_said_after_the_start_only(
    cast: Cast, book: Book, verb: Callable[..., Result], status: str
) -> None:
    booking = book()
    with pytest.raises(ValidationError) as error:
        verb(booking=booking, actor=cast.lead, now=NOW)
    assert error.value.message_dict["booking_status"] == [
        f"Cannot mark a future booking as '{status}'. This status can only be set for past bookings."
    ]
    verb(booking=booking, actor=cast.lead, now=after(), notes="As agreed")
    booking.refresh_from_db()
    assert booking.booking_status == status
    assert events(booking) == ["Created", "Confirmed", status]
    assert booking.booking_history.latest("sequence").event_description == (
        f"Booking status changed from Confirmed to {status}. Notes: As agreed"
    )


def test_a_completed_meeting_counts_but_blocks_nothing(cast: Cast, book: Book) -> None:
    booking = book(actor=cast.lead, host=cast.sarah)
    services.complete(booking=booking, actor=cast.sarah, now=after(minutes=5))
    assert list(BusyTime.objects.values_list("kind", flat=True)) == [3]
    again = try_to_book(
        cast, actor=cast.lead, host=cast.sarah, start=after(minutes=10), now=after(minutes=6), force_reason="Short"
    )
    assert again.booking.booking_status == "Confirmed"


def test_a_correction_goes_there_and_back_and_is_recorded(cast: Cast, book: Book) -> None:
    booking = book()
    services.complete(booking=booking, actor=cast.lead, now=after(hours=1))
    services.mark_no_show(booking=booking, actor=cast.lead, now=after(hours=2))
    assert not BusyTime.objects.exists()
    services.complete(booking=booking, actor=cast.lead, now=after(hours=3))
    assert BusyTime.objects.count() == 1
    assert events(booking)[2:] == ["Completed", "No-Show", "Completed"]


def test_a_request_that_waits_was_not_held(cast: Cast, book: Book) -> None:
    waiting = book(meeting_type=executive(cast))
    with pytest.raises(IllegalChange, match=r"Cannot change booking status from 'Pending' to 'Completed'\."):
        services.complete(booking=waiting, actor=cast.lead, now=after(hours=1))


def test_only_host_and_those_who_decide_say_how_it_went(cast: Cast, book: Book) -> None:
    booking: Booking = book(actor=cast.lead, host=cast.sarah)
    with pytest.raises(PermissionDenied):
        services.complete(booking=booking, actor=cast.mike, now=after(hours=1))
    services.complete(booking=booking, actor=cast.sarah, now=after(hours=1))
