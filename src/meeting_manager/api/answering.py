"""Showing a booking to whoever asked, as far as they may see it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse

from meeting_manager.api.finding import Found
from meeting_manager.api.replies import reply
from meeting_manager.api.shapes import bookings as shapes
from meeting_manager.bookings import queries
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.times import alternatives
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User

FIELDS_OF_REQUEST: Mapping[str, str] = {
    "start_datetime": "start",
    "end_datetime": "end",
    "customer_name": "customer.name",
    "customer_email": "customer.email",
    "customer_phone": "customer.phone",
    "customer_notes": "customer.notes",
    "customer_timezone": "customer.timezone",
    "customer_language": "customer.language",
    "cancellation_reason": "reason",
    "rejection_reason": "reason",
    "reassignment_reason": "reason",
}
"""The names that requests have for the fields of the record."""


def show(found: Found, warnings: Sequence[str] = ()) -> HttpResponse:
    """The booking, to staff whole, to its customer as theirs, else in brief."""
    if found.user:
        return staff_reply(found.booking, found.user, warnings)
    if found.is_customer:
        return reply(shapes.with_link(shapes.own(found.booking, warnings), found.booking))
    return reply(shapes.brief(found.booking, warnings))


def staff_reply(
    booking: Booking, reader: User, warnings: Sequence[str] = (), status: int = HTTPStatus.OK
) -> HttpResponse:
    """The booking as it is now, whole; with its address where it is new."""
    headers = {"Location": f"/api/v1/bookings/{booking.name}"} if status == HTTPStatus.CREATED else {}
    return reply(shapes.whole(reread(booking), reader, warnings), status, headers)


def reread(booking: Booking) -> Booking:
    """The booking with all that is shown of it. Who changed it may see it, even if they just gave it away."""
    return queries.whole(Booking.objects.filter(pk=booking.pk)).get()


@contextmanager
def offering_alternatives(
    kind: MeetingType, start: datetime, now: datetime, moving: Moving | None = None, end: datetime | None = None
) -> Iterator[None]:
    """Name up to three other times where the time is taken; the transaction that found out is over by then."""
    try:
        yield
    except TimeTaken as taken:
        minutes = round((end - start).total_seconds() / 60) if end else 0
        near = alternatives(meeting_type=kind, start=start, now=now, moving=moving, hosts=taken.hosts, minutes=minutes)
        raise TimeTaken(str(taken), near) from taken
