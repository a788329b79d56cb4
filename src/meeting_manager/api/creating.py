"""New bookings: by guests, and by staff for customers or among colleagues. A key makes a repeat harmless."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse

from meeting_manager.api.answering import FIELDS_OF_REQUEST, offering_alternatives
from meeting_manager.api.finding import bookable_type, user_named
from meeting_manager.api.reading import fields_named, read_as, read_instant, read_object, read_optional_instant
from meeting_manager.api.replies import reply
from meeting_manager.api.schemas.inputs import CustomerIn, GuestBookingIn, ParticipantIn, StaffBookingIn
from meeting_manager.api.shapes import bookings as shapes
from meeting_manager.bookings import queries, services
from meeting_manager.bookings.choices import BookingSource, ParticipantType
from meeting_manager.bookings.inputs import Customer, Details, Host, Invitee, Result
from meeting_manager.bookings.rules import may_decide
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.rules import is_member
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from meeting_manager.people.rules import AnyUser
from meeting_manager.web import limits
from meeting_manager.web.idempotency import Answer, once, scope_of_guest, scope_of_user

START, END = "Start DateTime", "End DateTime"
_HOST = {**FIELDS_OF_REQUEST, "assigned_users": "host"}


def create_by_guest(request: HttpRequest, now: datetime) -> HttpResponse:
    """Book one of the offered times with whom the department chooses; 201 with the customer's own view of it.

    Where the type has guests confirm by mail, 202, and nothing is booked yet. Effects: as `services.book` or
    `services.request`, counts toward GUEST_BOOKINGS_PER_HOUR. Raises what reading and booking raise.
    """
    client = limits.client_of(request)
    if not request.headers.get("Idempotency-Key"):  # a repeat gets its answer at the limit, too
        limits.check_bookings(client=client, now=now)
    data = read_object(request)
    kind = _type_in(request, data)
    body = read_as(GuestBookingIn, data)
    start, end = _span(body)

    def work() -> Answer:
        limits.check_bookings(client=client, now=now)
        make = _request if kind.confirm_email else _book
        answer = make(kind, start, end, _customer(body.customer), body.answers, now)
        limits.count_booking(client=client, now=now)
        return answer

    with fields_named(FIELDS_OF_REQUEST), offering_alternatives(kind, start, now):
        answer = _once(request, scope_of_guest(body.customer.email), data, now, work)
    if answer.status == HTTPStatus.ACCEPTED:
        return reply(dict(answer.body), answer.status)
    reference = answer.body["booking_reference"]
    # The link is a secret, so that it is made anew and never stored with the answer.
    shown = shapes.with_link(dict(answer.body), queries.by_reference(reference))
    return reply(shown, answer.status, {"Location": f"/api/v1/bookings/{reference}"})


def create_by_staff(request: HttpRequest, user: User, now: datetime) -> HttpResponse:
    """Book for a customer, or with `is_internal` among colleagues; 201 with the whole booking."""
    data = read_object(request)
    kind = _type_in(request, data)
    body = _read_for_staff(kind, data, user)
    start, end = _span(body)

    def work() -> Answer:
        result = _book_for_staff(body, kind, user, now)
        return Answer(HTTPStatus.CREATED, {"name": result.booking.name, "warnings": list(result.warnings)})

    names = FIELDS_OF_REQUEST if body.is_internal else _HOST
    with fields_named(names), offering_alternatives(kind, start, now, end=end):
        answer = _once(request, scope_of_user(user), data, now, work)
    return _whole(answer, user)


def book_as_asked(kind: MeetingType, data: Mapping[str, Any], user: User, now: datetime) -> Result:
    """Book what `data`, a body as `create_by_staff` reads it, asks for. Raises what reading and booking raise."""
    body = _read_for_staff(kind, data, user)
    with fields_named(FIELDS_OF_REQUEST):
        return _book_for_staff(body, kind, user, now)


def _read_for_staff(kind: MeetingType, data: Mapping[str, Any], user: User) -> StaffBookingIn:
    decides = may_decide(user, kind.department)
    if not decides and not (kind.department.members_may_book and is_member(user, kind.department)):
        raise PermissionDenied("You may not create bookings for this department.")
    body = read_as(StaffBookingIn, data)
    if body.is_internal and not decides:
        raise PermissionDenied("Only a department leader or a System Manager may create internal meetings.")
    return body


def _book_for_staff(body: StaffBookingIn, kind: MeetingType, user: User, now: datetime) -> Result:
    book = _book_internal if body.is_internal else _book_customer
    return book(body, kind, *_span(body), user, now)


def invitee(one: ParticipantIn) -> Invitee:
    """A participant as the services take them. Raises ValidationError where the user does not exist."""
    user = user_named(one.user, "participants") if one.user else None
    kind = ParticipantType.INTERNAL if user and "participant_type" not in one.model_fields_set else one.participant_type
    return Invitee(one.email, one.name1, user, kind, one.response_status)


def _type_in(request: HttpRequest, data: Mapping[str, Any]) -> MeetingType:
    caller: AnyUser = request.auth  # type: ignore[attr-defined] # set by ninja
    keys = ["" if data.get(field) is None else data[field] for field in ("department", "meeting_type")]
    if not all(isinstance(key, str) for key in keys):
        raise ValidationError({"meeting_type": "Department and Meeting Type must be text."})
    return bookable_type(caller, *keys)


def _span(body: GuestBookingIn) -> tuple[datetime, datetime | None]:
    return read_instant(body.start, "start", START), read_optional_instant(body.end, "end")


def _book(
    kind: MeetingType,
    start: datetime,
    end: datetime | None,
    customer: Customer,
    answers: Mapping[str, object],
    now: datetime,
) -> Answer:
    result = services.book(
        meeting_type=kind,
        start=start,
        end=end,
        customer=customer,
        actor=system_user(),
        now=now,
        source=BookingSource.PUBLIC,
        answers=answers,
    )
    return Answer(HTTPStatus.CREATED, shapes.own(result.booking, result.warnings))


def _request(
    kind: MeetingType,
    start: datetime,
    end: datetime | None,
    customer: Customer,
    answers: Mapping[str, object],
    now: datetime,
) -> Answer:
    made = services.request(meeting_type=kind, start=start, end=end, customer=customer, answers=answers, now=now)
    return Answer(HTTPStatus.ACCEPTED, shapes.requested(made))


def _book_customer(
    body: StaffBookingIn, kind: MeetingType, start: datetime, end: datetime | None, user: User, now: datetime
) -> Result:
    if body.assigned_users and body.host:
        raise ValidationError({"host": "Please name hosts either as 'host' or as 'assigned_users'."})
    return services.book(
        meeting_type=kind,
        start=start,
        end=end,
        customer=_customer(body.customer),
        actor=user,
        now=now,
        source=BookingSource.API,
        host=user_named(body.host, "host") if body.host else None,
        hosts=_hosts(body),
        details=_details(body),
        participants=_invitees(body),
        force_reason=body.force_reason.strip(),
        answers=body.answers,
    )


def _book_internal(
    body: StaffBookingIn, kind: MeetingType, start: datetime, end: datetime | None, user: User, now: datetime
) -> Result:
    if "customer" in body.model_fields_set or body.host:
        field = "host" if body.host else "customer"
        raise ValidationError({field: "Internal meetings have no customer, and their hosts are the 'assigned_users'."})
    if body.answers:
        raise ValidationError({"answers": "Internal meetings have no customer who answers. Please leave them out."})
    return services.book_internal(
        meeting_type=kind,
        start=start,
        end=end,
        hosts=_hosts(body),
        actor=user,
        now=now,
        source=BookingSource.API,
        participants=_invitees(body),
        details=_details(body),
        force_reason=body.force_reason.strip(),
    )


def _hosts(body: StaffBookingIn) -> list[Host]:
    return [Host(user_named(one.user, "assigned_users"), bool(one.is_primary_host)) for one in body.assigned_users]


def _customer(given: CustomerIn) -> Customer:
    return Customer(given.name, given.email, given.phone, given.notes, given.timezone, given.language)


def _invitees(body: StaffBookingIn) -> Sequence[Invitee]:
    return [invitee(one) for one in body.participants]


def _details(body: StaffBookingIn) -> Details:
    return Details(
        title=body.meeting_title,
        description=body.meeting_description,
        location_type=body.location_type,
        location=body.meeting_location,
        video_url=body.video_meeting_url,
    )


def _once(request: HttpRequest, scope: str, data: Mapping[str, Any], now: datetime, work: Any) -> Answer:  # noqa: ANN401
    key = request.headers.get("Idempotency-Key", "")
    return once(scope=scope, key=key, request=[request.method, request.path, data], now=now, work=work)


def _whole(answer: Answer, user: User) -> HttpResponse:
    stored = queries.whole(queries.visible_to(user)).get(name=answer.body["name"])
    location = {"Location": f"/api/v1/bookings/{stored.name}"}
    return reply(shapes.whole(stored, user, answer.body["warnings"]), answer.status, location)
