"""What happens to a booking after it was made. First the right is checked, then the change, then the rules."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.errors import AuthenticationError

from meeting_manager.api.answering import FIELDS_OF_REQUEST, offering_alternatives, show, staff_reply
from meeting_manager.api.caller import caller_of, user_of
from meeting_manager.api.creating import START
from meeting_manager.api.finding import Found, booking_at, staff_booking, user_named
from meeting_manager.api.operations import PROOF, Operations
from meeting_manager.api.reading import fields_named, read_as, read_instant, read_object, read_optional_instant
from meeting_manager.api.schemas import inputs, outputs
from meeting_manager.bookings import services, validators
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.engine.lifecycle import check_change
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from meeting_manager.web.access import Audience

operations = Operations("Changes of bookings")

Shown = outputs.Booking | outputs.CustomerBooking


def _named() -> AbstractContextManager[None]:
    return fields_named(FIELDS_OF_REQUEST)


@operations.add(
    "POST",
    "/bookings/{booking}/cancel",
    Audience.GUEST_WITH_REFERENCE,
    Shown,
    403,
    404,
    409,
    429,
    takes=inputs.GuestCancelIn,
    parameters=PROOF,
)
def cancel_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Cancel. Guests prove with `token` or `email`, in the query or in the body, that the booking is theirs."""
    now = timezone.now()
    found, data = _found_for_change(request, booking)
    check_change(found.booking.booking_status, BookingStatus.CANCELLED)
    body = read_as(inputs.GuestCancelIn, data)
    with _named():
        result = services.cancel(booking=found.booking, actor=found.user or system_user(), now=now, reason=body.reason)
    return show(Found(result.booking, found.user, found.is_customer), result.warnings)


@operations.add(
    "POST",
    "/bookings/{booking}/reschedule",
    Audience.GUEST_WITH_REFERENCE,
    Shown,
    403,
    404,
    409,
    429,
    takes=inputs.RescheduleIn,
    parameters=PROOF,
)
def reschedule_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Move to another time; answers with the new booking. Guests prove as in cancel; `host`, `force_reason`: staff."""
    now = timezone.now()
    found, data = _found_for_change(request, booking)
    old = found.booking
    check_change(old.booking_status, BookingStatus.RESCHEDULED)
    body = read_as(inputs.RescheduleIn if found.user else inputs.GuestRescheduleIn, data)
    start, end = read_instant(body.start, "start", START), read_optional_instant(body.end, "end")
    host, force = _staff_wishes(found, body)
    kind = old.meeting_type
    with _named(), offering_alternatives(kind, start, now, Moving.of(old), end):
        result = services.reschedule(
            booking=old,
            start=start,
            end=end,
            actor=found.user or system_user(),
            now=now,
            host=host,
            reason=body.reason,
            force_reason=force,
        )
    return show(Found(result.booking, found.user, found.is_customer), result.warnings)


@operations.add(
    "POST",
    "/bookings/{booking}/approve",
    Audience.DECIDES_BOOKING,
    outputs.Booking,
    403,
    404,
    409,
    takes=inputs.ApproveIn,
)
def approve_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Approve a booking that awaits approval."""
    user, found = _for_decision(request, booking, "approve or reject")
    validators.awaits_decision(found, BookingStatus.CONFIRMED)
    body = read_as(inputs.ApproveIn, read_object(request))
    result = services.approve(booking=found, actor=user, now=timezone.now(), comment=body.comment)
    return staff_reply(result.booking, user, result.warnings)


@operations.add(
    "POST",
    "/bookings/{booking}/reject",
    Audience.DECIDES_BOOKING,
    outputs.Booking,
    403,
    404,
    409,
    takes=inputs.ReasonIn,
)
def reject_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Reject a booking that awaits approval; the customer gets the reason."""
    user, found = _for_decision(request, booking, "approve or reject")
    validators.awaits_decision(found, BookingStatus.CANCELLED)
    body = read_as(inputs.ReasonIn, read_object(request))
    with _named():
        result = services.reject(booking=found, actor=user, now=timezone.now(), reason=body.reason)
    return staff_reply(result.booking, user, result.warnings)


@operations.add(
    "POST",
    "/bookings/{booking}/reassign",
    Audience.DECIDES_BOOKING,
    outputs.Booking,
    403,
    404,
    409,
    takes=inputs.ReassignIn,
)
def reassign_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """Give the booking to another host, who must be free."""
    user, found = _for_decision(request, booking, "reassign")
    validators.reassignable(found)
    body = read_as(inputs.ReassignIn, read_object(request))
    if not body.new_user:
        raise ValidationError({"new_user": "New User is required."})
    names = {**FIELDS_OF_REQUEST, "assigned_users": "new_user"}
    with fields_named(names):
        result = services.reassign(
            booking=found,
            new_user=user_named(body.new_user, "new_user"),
            old_user=user_named(body.old_user, "old_user") if body.old_user else None,
            actor=user,
            now=timezone.now(),
            reason=body.reason,
            force_reason=body.force_reason.strip(),
        )
    return staff_reply(result.booking, user, result.warnings)


@operations.add(
    "POST",
    "/bookings/{booking}/complete",
    Audience.SEES_BOOKING,
    outputs.Booking,
    403,
    404,
    409,
    takes=inputs.NotesIn,
)
def complete_booking(request: HttpRequest, booking: str) -> HttpResponse:
    """The meeting took place."""
    return _conclude(request, booking, BookingStatus.COMPLETED, services.complete)


@operations.add(
    "POST",
    "/bookings/{booking}/no-show",
    Audience.SEES_BOOKING,
    outputs.Booking,
    403,
    404,
    409,
    takes=inputs.NotesIn,
)
def mark_no_show(request: HttpRequest, booking: str) -> HttpResponse:
    """The customer did not come."""
    return _conclude(request, booking, BookingStatus.NO_SHOW, services.mark_no_show)


def _conclude(
    request: HttpRequest, booking: str, status: BookingStatus, service: Callable[..., Result]
) -> HttpResponse:
    user = user_of(request)
    found = staff_booking(user, booking)
    check_change(found.booking_status, status)
    body = read_as(inputs.NotesIn, read_object(request))
    result = service(booking=found, actor=user, now=timezone.now(), notes=body.notes)
    return staff_reply(result.booking, user, result.warnings)


def _found_for_change(request: HttpRequest, booking: str) -> tuple[Found, dict[str, object]]:
    """The booking for somebody who may change it, and the body, whose token or address may be the proof."""
    data = read_object(request)
    token, email = (str(data.get(field) or "") for field in ("token", "email"))
    caller = caller_of(request)
    proof = token or email or request.GET.get("token") or request.GET.get("email")
    if not isinstance(caller, User) and not proof and not booking.upper().startswith("MM-MB-"):
        raise AuthenticationError(message="Please send the token of the booking's link, or the customer's email.")
    return booking_at(request, booking, now=timezone.now(), token=token, email=email), data


def _staff_wishes(found: Found, body: inputs.GuestRescheduleIn) -> tuple[User | None, str]:
    if not isinstance(body, inputs.RescheduleIn) or found.user is None:
        return None, ""
    return user_named(body.host, "host") if body.host else None, body.force_reason.strip()


def _for_decision(request: HttpRequest, booking: str, what: str) -> tuple[User, Booking]:
    user = user_of(request)
    found = staff_booking(user, booking)
    if not may_decide(user, found.meeting_type.department):
        raise PermissionDenied(f"Only a department leader or a System Manager may {what} bookings.")
    return user, found
