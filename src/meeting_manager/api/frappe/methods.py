"""The five methods, by the same services as everything else; arguments and results are the founding document's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meeting_manager.api.caller import caller_of
from meeting_manager.api.finding import user_named
from meeting_manager.api.frappe.wire import Arguments, mapping, message, naive, text, texts
from meeting_manager.api.reading import is_date, read_date, read_instant
from meeting_manager.api.shapes.bookings import requested, row
from meeting_manager.bookings import queries, services, validators
from meeting_manager.bookings.choices import BookingSource, BookingStatus
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.departments.models import MeetingType
from meeting_manager.people import queries as people
from meeting_manager.people.models import User
from meeting_manager.web import limits
from meeting_manager.web.guests import admit

MOST_BOOKINGS = 1000
_CUSTOMER = ("name", "email", "phone", "notes", "timezone", "language")

NOT_SIGNED_IN = "Please sign in: send 'Authorization: Bearer' and a token."


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what it does, whether guests may call it, whether it only reads."""

    run: Callable[[HttpRequest, Arguments], HttpResponse]
    for_guests: bool = False
    reads: bool = False


def create_customer_booking(request: HttpRequest, given: Arguments) -> HttpResponse:
    """Book as a guest; a token changes nothing here but that nobody who has one needs to confirm by mail."""
    now = timezone.now()
    client = limits.client_of(request)
    limits.check_bookings(client=client, now=now)
    name = text(given, "meeting_type", required="Meeting Type")
    kind = MeetingType.objects.select_related("department").get(name=name)
    start = read_instant(text(given, "start_datetime"), "start_datetime", "Start DateTime")
    end = read_instant(text(given, "end_datetime"), "end_datetime", "End DateTime")
    details = mapping(given, "customer_details")
    customer = Customer(**texts(details, "customer_details", *_CUSTOMER))
    make = _request if kind.confirm_email and not isinstance(caller_of(request), User) else _book
    with transaction.atomic():
        answer = make(kind, start, end, customer, mapping(details, "answers"), now)
        limits.count_booking(client=client, now=now)
    return answer


def _book(
    kind: MeetingType, start: datetime, end: datetime, customer: Customer, answers: Arguments, now: datetime
) -> HttpResponse:
    result = services.book(
        meeting_type=kind,
        start=start,
        end=end,
        customer=customer,
        actor=people.system_user(),
        now=now,
        source=BookingSource.PUBLIC,
        answers=answers,
    )
    made = result.booking
    body = {"booking_name": made.name, "booking_reference": made.booking_reference, "status": made.booking_status}
    return message(body, result.warnings)


def _request(
    kind: MeetingType, start: datetime, end: datetime, customer: Customer, answers: Arguments, now: datetime
) -> HttpResponse:
    made = services.request(meeting_type=kind, start=start, end=end, customer=customer, answers=answers, now=now)
    nothing = {"booking_name": None, "booking_reference": None}
    return message(naive({**nothing, **requested(made)}), status=HTTPStatus.ACCEPTED)


def cancel_booking(request: HttpRequest, given: Arguments) -> HttpResponse:
    """Cancel by reference: of guests the bare one is enough here, held by the limits on look-ups and misses."""
    now = timezone.now()
    reference = text(given, "booking_reference", required="Booking Reference")
    reason = text(given, "cancellation_reason")
    booking, actor = _cancellable(request, reference, now)
    result = services.cancel(booking=booking, actor=actor, now=now, reason=reason)
    told = f"Booking {result.booking.booking_reference} has been cancelled."
    return message({"status": "cancelled", "message": told}, result.warnings)


def reassign_booking(request: HttpRequest, given: Arguments) -> HttpResponse:
    """Give a booking to another host."""
    user = _signed_in(request)
    booking = _decided_on(user, given, "reassign")
    validators.reassignable(booking)
    new_user = user_named(text(given, "new_user", required="New User"), "new_user")
    reason = text(given, "reassignment_reason")
    result = services.reassign(booking=booking, new_user=new_user, actor=user, now=timezone.now(), reason=reason)
    return message({"status": "success", "new_assigned_user": new_user.email}, result.warnings)


def approve_reject_booking(request: HttpRequest, given: Arguments) -> HttpResponse:
    """Decide on a booking; `reason` is the comment of an approval, and required to reject."""
    user = _signed_in(request)
    booking = _decided_on(user, given, "approve or reject")
    action, reason = text(given, "action", required="Action"), text(given, "reason")
    now = timezone.now()
    if action == "approve":
        result = services.approve(booking=booking, actor=user, now=now, comment=reason)
    elif action == "reject":
        result = services.reject(booking=booking, actor=user, now=now, reason=reason)
    else:
        raise ValidationError({"action": "Action must be 'approve' or 'reject'."})
    done = "approved" if action == "approve" else "rejected"
    return message({"status": done, "booking_status": result.booking.booking_status}, result.warnings)


def get_user_bookings(request: HttpRequest, given: Arguments) -> HttpResponse:
    """The bookings of a user (unless named the caller) that the caller may see, by start; dates are inclusive."""
    caller = _signed_in(request)
    email = text(given, "user")
    member = people.get_for(caller, email) if email else caller
    status = text(given, "status")
    if status and status not in BookingStatus.values:
        raise ValidationError({"status": f"Status must be one of {', '.join(BookingStatus.values)}."})
    filters = queries.Filters(
        member=member.email,
        statuses=[status] if status else [],
        since=_bound(given, "start_date", is_end=False),
        until=_bound(given, "end_date", is_end=True),
    )
    found = list(queries.listing(caller, filters)[: MOST_BOOKINGS + 1])
    cut = f"Only the first {MOST_BOOKINGS} bookings are listed. Please choose a shorter range of dates."
    rows = [naive(row(booking)) for booking in found[:MOST_BOOKINGS]]
    return message(rows, [cut] if len(found) > MOST_BOOKINGS else [])


METHODS = {
    "meeting_manager.api.create_customer_booking": Method(create_customer_booking, for_guests=True),
    "meeting_manager.api.cancel_booking": Method(cancel_booking, for_guests=True),
    "meeting_manager.api.reassign_booking": Method(reassign_booking),
    "meeting_manager.api.approve_reject_booking": Method(approve_reject_booking),
    "meeting_manager.api.get_user_bookings": Method(get_user_bookings, reads=True),
}


def _signed_in(request: HttpRequest) -> User:
    caller = caller_of(request)
    if not isinstance(caller, User):
        raise PermissionDenied(NOT_SIGNED_IN)
    return caller


def _cancellable(request: HttpRequest, reference: str, now: datetime) -> tuple[Booking, User]:
    caller = caller_of(request)
    if isinstance(caller, User):
        own = queries.visible_to(caller).filter(booking_reference=reference.strip().upper()).first()
        if own:
            return own, caller
    client = limits.client_of(request)
    return admit(reference=reference, token="", email="", client=client, now=now).booking, people.system_user()


def _decided_on(user: User, given: Arguments, what: str) -> Booking:
    booking = queries.get_for(user, text(given, "booking_name", required="Booking Name"))
    if not may_decide(user, booking.meeting_type.department):
        raise PermissionDenied(f"Only a department leader or a System Manager may {what} bookings.")
    return booking


def _bound(given: Arguments, name: str, *, is_end: bool) -> datetime | None:
    value = text(given, name)
    if not value:
        return None
    if not is_date(value):
        return read_instant(value, name, name)
    day = read_date(value, name, name.replace("_", " ").title())
    try:
        return datetime.combine(day + timedelta(days=int(is_end)), time.min, UTC)
    except OverflowError:
        return None
