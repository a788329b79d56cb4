"""Finding bookings: what one may not see does not exist."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from meeting_manager.bookings.models import (
    AssignedUser,
    AssignmentHistory,
    Booking,
    BookingHistory,
    Participant,
)
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.models import User
from meeting_manager.people.queries import token_digest
from meeting_manager.people.rules import is_system_manager
from meeting_manager.people.validators import storable

_SEARCHED = ("customer_name", "customer_email", "booking_reference", "meeting_title", "customer_notes", "name")
_MOST_WORDS = 6
"""So many are looked for one by one; what comes after them is looked for as it stands."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means everything. Datetimes are aware, `since` inclusive, `until` exclusive,
    both over the start. `search` looks in name, e-mail, reference, title and notes;
    each of its words must be somewhere."""

    department: str = ""
    meeting_type: str = ""
    member: str = ""
    statuses: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    customer: str = ""
    search: str = ""
    is_internal: bool | None = None
    approval_status: str = ""


def visible_to(user: User) -> QuerySet[Booking]:
    """System Managers see all bookings, leaders those of their departments, hosts those assigned to them."""
    if not user.is_active:
        return Booking.objects.none()
    if is_system_manager(user):
        return Booking.objects.all()
    led = list(departments.led_by(user).values_list("pk", flat=True))
    if not led:
        return Booking.objects.filter(_hosted_by(user.pk))
    types = list(MeetingType.objects.filter(department__in=led).values_list("pk", flat=True))
    return Booking.objects.filter(Q(meeting_type__in=types) | _hosted_by(user.pk))


def listing(user: User, filters: Filters) -> QuerySet[Booking]:
    """The visible bookings that fit, by start, with what a list shows: one more query for hosts, none for each row."""
    return with_hosts(narrow(visible_to(user), filters)).order_by("start_datetime", "pk")


def narrow(rows: QuerySet[Booking], filters: Filters) -> QuerySet[Booking]:
    """Apply the filters. Meeting types and members are looked up first, so that the list itself joins nothing."""
    if filters.department or filters.meeting_type:
        rows = rows.filter(meeting_type__in=_type_ids(filters.department, filters.meeting_type))
    if filters.member:
        hosts = User.objects.filter(email=_sane(filters.member).lower()).values_list("pk", flat=True)
        rows = rows.filter(_hosted_by(hosts.first() or 0))
    if filters.statuses:
        rows = rows.filter(booking_status__in=filters.statuses)
    if filters.since:
        rows = rows.filter(start_datetime__gte=filters.since)
    if filters.until:
        rows = rows.filter(start_datetime__lt=filters.until)
    if filters.customer:
        rows = rows.filter(customer_email=_sane(filters.customer).lower())
    if filters.is_internal is not None:
        rows = rows.filter(is_internal=filters.is_internal)
    if filters.approval_status:
        rows = rows.filter(approval_status=filters.approval_status)
    return _search(rows, _sane(filters.search)) if filters.search else rows


def get_for(user: User, name: str) -> Booking:
    """The booking with this document name, whole. Raises Booking.DoesNotExist, also where it is not visible."""
    return whole(visible_to(user)).get(name=_sane(name))


def get_to_answer(user: User, name: str) -> Booking:
    """The booking with this document name, where `user` sees it or is invited to it. Raises Booking.DoesNotExist."""
    invited = Exists(Participant.objects.filter(booking=OuterRef("pk"), user=user.pk))
    rows = Booking.objects.filter(Q(pk__in=visible_to(user).values("pk")) | invited)
    return whole(rows if user.is_active else rows.none()).get(name=_sane(name))


def by_reference(reference: str) -> Booking:
    """The booking with this reference, whatever its case; what of it a guest is shown is the caller's to decide."""
    rows = Booking.objects.select_related("meeting_type__department", "successor")
    return rows.get(booking_reference=_sane(reference.strip()).upper())


def latest(booking: Booking) -> Booking:
    """Where the booking stands today: the end of its chain of moves. One query for each move."""
    while (successor := booking.rescheduled_to) is not None:
        booking = by_reference(successor.booking_reference)
    return booking


def with_hosts(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """With type, department and hosts, for lists."""
    hosts = Prefetch("assigned_users", AssignedUser.objects.select_related("user", "assigned_by"))
    return rows.select_related("meeting_type__department").prefetch_related(hosts)


def whole(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """With everything a booking's own page shows but its histories."""
    people = Prefetch("participants", Participant.objects.select_related("user"))
    related = ("created_by", "approved_by", "rescheduled_from", "successor", "calendar_event", "series")
    return with_hosts(rows).select_related(*related).prefetch_related(people)


def booking_history(booking: Booking) -> QuerySet[BookingHistory]:
    """The booking's history in order, with its actors."""
    return booking.booking_history.select_related("event_by").order_by("sequence")


def assignment_history(booking: Booking) -> QuerySet[AssignmentHistory]:
    """The history of its hosts in order, with users and actors."""
    return booking.assignment_history.select_related("user", "action_by").order_by("sequence")


def request_of(token: str) -> BookingRequest:
    """What the token in a mail is to confirm, with its type and department. Raises BookingRequest.DoesNotExist.

    Found by digest: how long it takes tells nothing about tokens that exist.
    """
    return BookingRequest.objects.select_related("meeting_type__department").get(digest=token_digest(token))


def _hosted_by(user_id: int) -> Exists:
    return Exists(AssignedUser.objects.filter(booking=OuterRef("pk"), user=user_id))


def _type_ids(department: str, meeting_type: str) -> list[int]:
    rows = MeetingType.objects.all()
    if department:
        key = _sane(department)
        rows = rows.filter(Q(department__department_slug=key) | Q(department__name=key))
    if meeting_type:
        key = _sane(meeting_type)
        rows = rows.filter(Q(meeting_slug=key) | Q(name=key))
    return list(rows.values_list("pk", flat=True))


def _search(rows: QuerySet[Booking], text: str) -> QuerySet[Booking]:
    words = text.split()
    for word in [*words[: _MOST_WORDS - 1], " ".join(words[_MOST_WORDS - 1 :])]:
        found = Q()
        for field in _SEARCHED:
            found |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(found)
    return rows


def _sane(text: str) -> str:
    """Text that a database takes; what it would choke on matches nothing."""
    return text if storable(text) else "-"
