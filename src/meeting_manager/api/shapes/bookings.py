"""Bookings as JSON: whole for staff, their own for customers, in brief for whoever has the reference."""

from collections.abc import Sequence
from typing import Any

from meeting_manager.api.writing import instant
from meeting_manager.bookings import links, queries
from meeting_manager.bookings.models import AssignedUser, AssignmentHistory, Booking, BookingHistory, Participant
from meeting_manager.bookings.rules import may_decide
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.people.models import User

Json = dict[str, Any]


def brief(booking: Booking, warnings: Sequence[str] = ()) -> Json:
    """What a bare reference shows."""
    return {
        "booking_reference": booking.booking_reference,
        "booking_status": booking.booking_status,
        **_kind(booking),
        "start_datetime": instant(booking.start_datetime),
        "end_datetime": instant(booking.end_datetime),
        "duration": booking.duration,
        "rescheduled_to_reference": _latest_reference(queries.latest(booking), booking),
        "warnings": list(warnings),
    }


def row(booking: Booking) -> Json:
    """A booking in a list."""
    return {
        **_details(booking),
        "booking_source": booking.booking_source,
        "assignment_method": booking.assignment_method,
        "assigned_users": [_host(host) for host in booking.assigned_users.all()],
    }


def own(booking: Booking, warnings: Sequence[str] = ()) -> Json:
    """A customer's own booking, without the way to manage it (`with_link`); one query for the hosts."""
    hosts = booking.assigned_users.select_related("user")
    return {
        **_details(booking),
        "assigned_users": [
            {"user": host.user.email, "full_name": host.user.full_name, "is_primary_host": host.is_primary_host}
            for host in hosts
        ],
        "rescheduled_from": booking.rescheduled_from.name if booking.rescheduled_from else None,
        "rescheduled_to": booking.rescheduled_to.name if booking.rescheduled_to else None,
        "rescheduled_to_reference": None,
        "warnings": list(warnings),
    }


def requested(made: BookingRequest) -> Json:
    """A request that is to be confirmed by mail."""
    return {"status": "Confirmation Sent", "expires_at": instant(made.expires_at)}


def with_link(shown: Json, booking: Booking) -> Json:
    """An own booking with the link to manage it, and after a move with the link to what it became."""
    latest = queries.latest(booking)
    link = {"rescheduled_to_reference": _latest_reference(latest, booking), "manage_url": links.manage_url(latest)}
    return {**shown, **link}


def whole(booking: Booking, reader: User, warnings: Sequence[str] = ()) -> Json:
    """All of a booking; who does not decide on it gets neither its customer's link nor how its host was found."""
    decides = may_decide(reader, booking.meeting_type.department)
    successor = booking.rescheduled_to
    return {
        **row(booking),
        "participants": [participant(one) for one in booking.participants.all()],
        "approved_by": booking.approved_by.email if booking.approved_by else None,
        "approval_date": instant(booking.approval_date),
        "calendar_event_synced": booking.calendar_event_synced,
        "calendar_event": booking.calendar_event.name if booking.calendar_event else None,
        "external_calendar_link": booking.external_calendar_link,
        "reminders_sent": booking.reminders_sent,
        "last_reminder_sent": instant(booking.last_reminder_sent),
        "created_by": booking.created_by.email,
        "created_at": instant(booking.created_at),
        "modified_at": instant(booking.modified_at),
        "rescheduled_from": booking.rescheduled_from.name if booking.rescheduled_from else None,
        "rescheduled_to": successor.name if successor else None,
        "rescheduled_to_reference": successor.booking_reference if successor else None,
        "assignment_receipt": booking.assignment_receipt if decides else None,
        "manage_url": links.manage_url(booking) if decides and not booking.is_internal else None,
        "warnings": list(warnings),
    }


def participant(one: Participant) -> Json:
    """Somebody invited."""
    return {
        "participant_type": one.participant_type,
        "user": one.user.email if one.user else None,
        "name1": one.name1,
        "email": one.email,
        "response_status": one.response_status,
        "response_datetime": instant(one.response_datetime),
    }


def event(entry: BookingHistory) -> Json:
    """An entry of the booking's history."""
    return {
        "sequence": entry.sequence,
        "event_type": entry.event_type,
        "event_datetime": instant(entry.event_datetime),
        "event_by": entry.event_by.email,
        "event_description": entry.event_description,
    }


def assignment(entry: AssignmentHistory) -> Json:
    """An entry of the history of its hosts."""
    return {
        "sequence": entry.sequence,
        "action_type": entry.action_type,
        "user": entry.user.email,
        "action_datetime": instant(entry.action_datetime),
        "action_by": entry.action_by.email,
        "notes": entry.notes,
    }


def _kind(booking: Booking) -> Json:
    kind = booking.meeting_type
    return {
        "meeting_type": kind.name,
        "meeting_name": kind.meeting_name,
        "department": kind.department.name,
        "department_name": kind.department.department_name,
    }


def _details(booking: Booking) -> Json:
    return {
        "name": booking.name,
        "booking_reference": booking.booking_reference,
        "booking_status": booking.booking_status,
        "booking_date": booking.booking_date.isoformat(),
        **_kind(booking),
        "is_internal": booking.is_internal,
        "meeting_title": booking.meeting_title,
        "meeting_description": booking.meeting_description,
        "meeting_location": booking.meeting_location,
        "video_meeting_url": booking.video_meeting_url,
        "location_type": booking.location_type,
        "start_datetime": instant(booking.start_datetime),
        "end_datetime": instant(booking.end_datetime),
        "duration": booking.duration,
        "customer_name": booking.customer_name,
        "customer_email": booking.customer_email,
        "customer_phone": booking.customer_phone,
        "customer_notes": booking.customer_notes,
        "customer_timezone": booking.customer_timezone,
        "answers": booking.answers,
        "customer_language": booking.customer_language,
        "requires_approval": booking.requires_approval,
        "approval_status": booking.approval_status,
        "rejection_reason": booking.rejection_reason,
        "cancelled_at": instant(booking.cancelled_at),
        "cancellation_reason": booking.cancellation_reason,
    }


def _host(host: AssignedUser) -> Json:
    return {
        "user": host.user.email,
        "full_name": host.user.full_name,
        "is_primary_host": host.is_primary_host,
        "assigned_at": instant(host.assigned_at),
        "assigned_by": host.assigned_by.email,
    }


def _latest_reference(latest: Booking, booking: Booking) -> str | None:
    return None if latest == booking else latest.booking_reference
