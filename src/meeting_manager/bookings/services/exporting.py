"""What bookings keep of somebody, told as JSON for them. Reads, and changes nothing."""

from collections.abc import Iterator
from typing import Any

from meeting_manager.bookings.models import AssignedUser, Booking, BookingHistory, Participant
from meeting_manager.bookings.personal import bookings_with, names_in
from meeting_manager.bookings.perspective import side_of, title_for
from meeting_manager.bookings.queries import whole
from meeting_manager.bookings.services.requests import requests_of, typed_by
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.people.erasure import Person
from meeting_manager.people.models import User

Json = dict[str, Any]

_OF_BOOKING = (
    "booking_reference",
    "booking_status",
    "booking_source",
    "is_internal",
    "meeting_location",
    "video_meeting_url",
    "location_type",
    "start_datetime",
    "end_datetime",
    "created_at",
    "modified_at",
    "cancelled_at",
    "approval_status",
)
_OF_CUSTOMER = (
    "customer_name",
    "customer_email",
    "customer_phone",
    "customer_notes",
    "customer_timezone",
    "customer_language",
    "answers",
    "meeting_description",
    "cancellation_reason",
    "rejection_reason",
)


def export(address: str) -> Json:
    """Everything in bookings about the person with this address; a few queries for each booking."""
    found = whole(bookings_with(address))
    return {
        "bookings": [told_about(booking, address) for booking in found.iterator(chunk_size=100)],
        "requests_to_confirm": [_request(asked) for asked in requests_of(address)],
    }


def export_of_host(user: User) -> list[Json]:
    """The bookings that a colleague hosts or hosted, without what is their customers'."""
    rows = AssignedUser.objects.filter(user=user).select_related("booking").order_by("booking_id")
    return [
        {
            "booking": row.booking.name,
            "booking_status": row.booking.booking_status,
            "start_datetime": row.booking.start_datetime,
            "end_datetime": row.booking.end_datetime,
            "is_primary_host": row.is_primary_host,
            "assigned_at": row.assigned_at,
        }
        for row in rows
    ]


def acts_of(user: User) -> list[Json]:
    """What a colleague did to bookings, as the histories have it."""
    rows = BookingHistory.objects.filter(event_by=user).select_related("booking").order_by("pk")
    return [
        {"booking": row.booking.name, "event": row.event_type, "at": row.event_datetime} for row in rows.iterator(1000)
    ]


def told_about(booking: Booking, address: str) -> Json:
    """What is stored about this person in a booking that is whole, with the entries of its histories about them; to who
    only takes part, nothing that is its customer's.
    """
    is_customer = booking.customer_email == address
    person = Person(address, names_in(booking, address))
    return {
        "booking": booking.name,
        "meeting_type": booking.meeting_type.meeting_name,
        "department": booking.meeting_type.department.department_name,
        **{field: getattr(booking, field) for field in _OF_BOOKING},
        **({field: getattr(booking, field) for field in _OF_CUSTOMER} if is_customer else {}),
        "meeting_title": title_for(booking, side_of(booking, address)),
        "role": "customer" if is_customer else "participant",
        "hosts": [host.user.email for host in booking.assigned_users.all()],
        "participation": [_participation(row) for row in booking.participants.all() if row.email == address],
        "history": [text for text in _history_of(booking) if is_customer or person.is_named_in(str(text["text"]))],
    }


def _participation(row: Participant) -> Json:
    return {
        "name": row.name1,
        "email": row.email,
        "response_status": row.response_status,
        "response_datetime": row.response_datetime,
    }


def _history_of(booking: Booking) -> Iterator[Json]:
    for event in booking.booking_history.order_by("sequence"):
        yield {"event": event.event_type, "at": event.event_datetime, "text": event.event_description}
    for change in booking.assignment_history.order_by("sequence"):
        yield {"event": change.action_type, "at": change.action_datetime, "text": change.notes}


def _request(asked: BookingRequest) -> Json:
    customer = typed_by(asked)
    return {
        "meeting_type": asked.meeting_type.meeting_name,
        "start_datetime": asked.start_datetime,
        "expires_at": asked.expires_at,
        "customer": {field: getattr(customer, field) for field in ("name", "email", "phone", "notes", "timezone")},
    }
