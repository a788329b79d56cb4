"""MM Meeting Booking: read, made, deleted; `booking_changes.py` has what saving a changed one means."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from meeting_manager.api.creating import book_as_asked
from meeting_manager.api.finding import meeting_type_for
from meeting_manager.api.frappe.documents.doctype import Doctype, Json
from meeting_manager.api.frappe.documents.kinds.booking_changes import KEPT_OF_HOST, KEPT_OF_PARTICIPANT, save_changed
from meeting_manager.api.frappe.documents.kinds.rows import take_rows
from meeting_manager.api.reading import read_instant
from meeting_manager.api.shapes import bookings as shapes
from meeting_manager.api.writing import instant
from meeting_manager.bookings import queries, services
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_delete
from meeting_manager.people.models import User

_CUSTOMER = ("name", "email", "phone", "notes", "timezone", "language")
_SAME = (
    "name",
    "booking_reference",
    "booking_status",
    "booking_date",
    "booking_source",
    "is_internal",
    "meeting_title",
    "meeting_description",
    "meeting_location",
    "video_meeting_url",
    "location_type",
    "start_datetime",
    "end_datetime",
    "duration",
    *(f"customer_{field}" for field in _CUSTOMER),
    "requires_approval",
    "approval_status",
    "approval_date",
    "rejection_reason",
    "calendar_event_synced",
    "external_calendar_link",
    "last_reminder_sent",
    "cancelled_at",
    "cancellation_reason",
    "assignment_method",
    "created_at",
    "modified_at",
)


def _rows(reader: User) -> QuerySet[Booking]:
    return queries.whole(queries.visible_to(reader))


def _shape(reader: User) -> Callable[[Booking], Json]:
    def show(booking: Booking) -> Json:
        shown = shapes.whole(booking, reader)
        frappes = {"owner": shown["created_by"], "creation": shown["created_at"], "modified": shown["modified_at"]}
        del shown["warnings"]
        return {**shown, **frappes}

    return show


def _histories(booking: Booking) -> Json:
    return {
        "booking_history": [shapes.event(entry) for entry in queries.booking_history(booking)],
        "assignment_history": [shapes.assignment(entry) for entry in queries.assignment_history(booking)],
    }


def _create(actor: User, fields: Json) -> Booking:
    hosts = take_rows(fields, "assigned_users", without=KEPT_OF_HOST)
    people = take_rows(fields, "participants", without=KEPT_OF_PARTICIPANT)
    kind_name = fields.pop("meeting_type", None) or ""
    if not isinstance(kind_name, str):
        raise ValidationError({"meeting_type": "Meeting Type must be the name of a document."})
    kind = meeting_type_for(actor, "", kind_name)
    asked = {**fields, **({"assigned_users": hosts} if hosts else {}), **({"participants": people} if people else {})}
    _name_as_rest(asked)
    return book_as_asked(kind, asked, actor, timezone.now()).booking


def _name_as_rest(asked: Json) -> None:
    """The fields of the document under the names by which REST takes them. Raises ValidationError."""
    for field, short, label in (("start_datetime", "start", "Start DateTime"), ("end_datetime", "end", "End DateTime")):
        value = asked.pop(field, None)
        moment = _moment(value, field, label) if value or short == "start" else None
        if moment:
            asked[short] = instant(moment)
    customer = {field: asked.pop(f"customer_{field}") for field in _CUSTOMER if f"customer_{field}" in asked}
    if customer:
        asked["customer"] = customer


def _moment(value: Any, field: str, label: str) -> datetime:  # noqa: ANN401 - JSON
    if not isinstance(value, str | None):
        raise ValidationError({field: f"{label} must be text such as 2026-01-31 09:00:00."})
    return read_instant(value, field, label)


def _delete(actor: User, booking: Booking) -> None:
    if not may_delete(actor):
        raise PermissionDenied("Only a System Manager may delete bookings. Cancel it instead.")
    services.delete(booking=booking, actor=actor, now=timezone.now())


BOOKING = Doctype(
    name="MM Meeting Booking",
    rows=_rows,
    shape=_shape,
    columns={
        **{field: field for field in _SAME},
        "meeting_type": "meeting_type__name",
        "meeting_name": "meeting_type__meeting_name",
        "department": "meeting_type__department__name",
        "department_name": "meeting_type__department__department_name",
        "approved_by": "approved_by__email",
        "calendar_event": "calendar_event__name",
        "created_by": "created_by__email",
        "rescheduled_from": "rescheduled_from__name",
        "rescheduled_to": "successor__name",
        "rescheduled_to_reference": "successor__booking_reference",
        "owner": "created_by__email",
        "creation": "created_at",
        "modified": "modified_at",
    },
    unsorted=("answers", "reminders_sent"),
    tables={
        "assigned_users": "MM Meeting Booking Assigned User",
        "participants": "MM Meeting Booking Participant",
        "booking_history": "MM Meeting Booking History",
        "assignment_history": "MM Meeting Booking Assignment History",
    },
    more=_histories,
    only_single=("assignment_receipt", "manage_url"),
    create=_create,
    update=save_changed,
    delete=_delete,
)
