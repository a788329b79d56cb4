"""Bookings: listed, made, read, edited, deleted."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query

from meeting_manager.api.answering import show, staff_reply
from meeting_manager.api.caller import caller_of, user_of
from meeting_manager.api.creating import create_by_guest, create_by_staff
from meeting_manager.api.finding import booking_at, staff_booking
from meeting_manager.api.operations import IDEMPOTENCY_KEY, PAGED, PROOF, Operations
from meeting_manager.api.paging import page
from meeting_manager.api.reading import is_date, read_date, read_flag, read_instant, read_object
from meeting_manager.api.replies import nothing, reply
from meeting_manager.api.schemas import inputs, outputs
from meeting_manager.api.shapes import bookings as shapes
from meeting_manager.bookings import queries, services
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_delete
from meeting_manager.people.models import User
from meeting_manager.web.access import Audience

operations = Operations("Bookings")

Shown = outputs.Booking | outputs.CustomerBooking | outputs.BookingBrief


@operations.add("GET", "/bookings", Audience.SIGNED_IN, outputs.Page[outputs.BookingRow], parameters=PAGED)
def list_bookings(
    request: HttpRequest,
    department: str = "",
    meeting_type: str = "",
    member: str = "",
    status: Annotated[list[str], Query()] = [],  # noqa: B006 - ninja copies it
    since: Annotated[str, Query(alias="from")] = "",
    to: str = "",
    customer: str = "",
    q: str = "",
    is_internal: str = "",
    approval_status: str = "",
) -> HttpResponse:
    """The bookings that the caller may see, by start.

    `from` (inclusive) and `to` (exclusive) bound the start and are datetimes; of dates both are inclusive, in UTC.
    `member` and `customer` are e-mail addresses, `q` looks in names, addresses, references, titles and notes; `status`
    may be given several times.
    """
    filters = queries.Filters(
        department=department,
        meeting_type=meeting_type,
        member=member,
        statuses=_among(status, BookingStatus.values, "status"),
        since=_bound(since, "from", is_end=False),
        until=_bound(to, "to", is_end=True),
        customer=customer,
        search=q,
        is_internal=read_flag(is_internal, "is_internal"),
        approval_status="".join(
            _among([approval_status] if approval_status else [], ApprovalStatus.values, "approval_status")
        ),
    )
    return reply(page(request, queries.listing(user_of(request), filters), "start_datetime", shapes.row))


@operations.add(
    "POST",
    "/bookings",
    Audience.ANYBODY,
    outputs.Booking | outputs.CustomerBooking,
    403,
    404,
    409,
    429,
    status=HTTPStatus.CREATED,
    or_else={202: outputs.ConfirmationSent},
    takes=inputs.StaffBookingIn,
    parameters=(IDEMPOTENCY_KEY,),
)
def create_booking(request: HttpRequest) -> HttpResponse:
    """Book. Guests send `department`, `meeting_type`, `start`, `customer`, and `answers` to what the type asks; the
    other fields are for staff, who may leave answers out.

    Where the meeting type has guests confirm by mail (`confirm_email`), guests get 202: nothing is booked or held until
    the customer follows the link in the mail, which works until `expires_at`.

    Repeat a request with the same `Idempotency-Key` and body, and it still happens once.
    """
    caller = caller_of(request)
    now = timezone.now()
    return create_by_staff(request, caller, now) if isinstance(caller, User) else create_by_guest(request, now)


@operations.add("GET", "/bookings/{booking}", Audience.GUEST_WITH_REFERENCE, Shown, 404, 429, parameters=PROOF)
def get_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """A booking by document name (staff) or reference.

    A bare reference shows guests status, time, type and department; `token` (from the link) or the customer's `email`
    all of it. A booking that was moved keeps status "Rescheduled" and leads on by `rescheduled_to_reference`.
    """
    return show(booking_at(request, booking, now=timezone.now()))


@operations.add(
    "PATCH", "/bookings/{booking}", Audience.SEES_BOOKING, outputs.Booking, 403, 404, 409, takes=inputs.EditIn
)
def edit_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Change what a booking says; times, hosts and status have operations of their own."""
    user = user_of(request)
    found = staff_booking(user, booking)
    now = timezone.now()
    services.edit(booking=found, changes={}, actor=user, now=now)  # a closed booking comes before bad fields
    changes = read_object(request)
    link = {field: changes.pop(field) for field in _LINK if field in changes}
    answers = _answers(changes.pop("answers", None))
    problems = {
        field: f"Field '{field}' must be text." for field, value in changes.items() if not isinstance(value, str)
    }
    if problems.keys() & services.EDITABLE:
        raise ValidationError({field: text for field, text in problems.items() if field in services.EDITABLE})
    with transaction.atomic():
        result = services.edit(booking=found, changes=changes, answers=answers, actor=user, now=now)
        if link:
            result = _link(result.booking, link, user, now)
    return staff_reply(result.booking, user, result.warnings)


def _answers(given: object) -> Mapping[str, object]:
    if not isinstance(given, dict | None):
        raise ValidationError({"answers": "Field 'answers' is of the wrong type: an object is expected."})
    return given or {}


_LINK = ("calendar_event", "calendar_event_synced")


def _link(booking: Booking, link: Mapping[str, object], user: User, now: datetime) -> Result:
    """Name another calendar event, or say whether the booking is in the calendar; what is not sent stays."""
    stored = booking.calendar_event.name if booking.calendar_event else ""
    event_name, synced = link.get("calendar_event", stored), link.get("calendar_event_synced")
    if synced is None:
        synced = booking.calendar_event_synced and not (stored and not event_name)
    if not isinstance(event_name, str):
        raise ValidationError({"calendar_event": "Field 'calendar_event' must be text."})
    if not isinstance(synced, bool):
        raise ValidationError({"calendar_event_synced": "Field 'calendar_event_synced' must be true or false."})
    return services.link_calendar_event(booking=booking, event_name=event_name, synced=synced, actor=user, now=now)


@operations.add("DELETE", "/bookings/{booking}", Audience.DELETES_BOOKING, None, 403, 404, status=HTTPStatus.NO_CONTENT)
def delete_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Delete a booking for good; a tombstone stays. For System Managers; everybody else cancels."""
    user = user_of(request)
    found = staff_booking(user, booking)
    if not may_delete(user):
        raise PermissionDenied("Only a System Manager may delete bookings. Cancel it instead.")
    services.delete(booking=found, actor=user, now=timezone.now())
    return nothing()


@operations.add("GET", "/bookings/{booking}/history", Audience.SEES_BOOKING, outputs.History, 404)
def get_history(request: HttpRequest, booking: str) -> HttpResponse:
    """Everything that happened to a booking and to its hosts."""
    found = staff_booking(user_of(request), booking)
    return reply(
        {
            "booking_history": [shapes.event(entry) for entry in queries.booking_history(found)],
            "assignment_history": [shapes.assignment(entry) for entry in queries.assignment_history(found)],
        }
    )


def _bound(given: str, field: str, *, is_end: bool) -> datetime | None:
    if not given:
        return None
    if not is_date(given):
        return read_instant(given, field, field)
    day = read_date(given, field, field.capitalize())
    try:
        return datetime.combine(day + timedelta(days=int(is_end)), time.min, UTC)
    except OverflowError:
        return None


def _among(given: list[str], known: list[str], field: str) -> list[str]:
    for value in given:
        if value not in known:
            raise ValidationError({field: f"Field '{field}' must be one of {', '.join(known)}."})
    return given
