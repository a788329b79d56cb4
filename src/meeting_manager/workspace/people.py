"""People as the workspace shows them: lists, roles, and what is still to come for somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings import queries as bookings
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.departments.queries import managed_by, member_departments
from meeting_manager.people import queries
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_invited, is_system_manager
from meeting_manager.people.validators import storable

OPEN = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a list: where they lead, where they are members, their state in words and the class of its tone."""

    user: User
    leads: Sequence[Department]
    memberships: Sequence[DepartmentMember]
    state: str | Promise
    tone: str


def list_of(user: User, q: str, department: str, role: str, state: str) -> QuerySet[User]:
    """Those whom `user` sees and who fit, by name, with their departments: two more queries, none for each."""
    rows = queries.visible_to(user)
    if q:
        fits = Q(full_name__icontains=q) | Q(email__icontains=q)
        rows = rows.filter(fits) if storable(q) else rows.none()
    if department:
        rows = rows.filter(memberships__department__department_slug=department)
    return with_departments(_in_state(_in_role(rows, role), state), user).order_by("full_name", "email")


def with_departments(rows: QuerySet[User], user: User) -> QuerySet[User]:
    """With the departments of each that `user` manages or is in; System Managers see all."""
    own_ids = member_departments(user).values("pk")
    shown = Department.objects.filter(Q(pk__in=managed_by(user).values("pk")) | Q(pk__in=own_ids))
    own = DepartmentMember.objects.filter(department__in=shown).select_related("department")
    return rows.prefetch_related(Prefetch("memberships", own), Prefetch("led_departments", shown))


def person_of(user: User) -> Person:
    """A user of `with_departments` as a line."""
    state, tone = _state(user)
    return Person(user, list(user.led_departments.all()), list(user.memberships.all()), state, tone)


def persons_of(users: Iterable[User]) -> list[Person]:
    """Each of them as a line."""
    return [person_of(user) for user in users]


def to_come(reader: User, host: User, now: datetime) -> QuerySet[Booking]:
    """The open bookings of `host` from `now` on that `reader` sees, the next first."""
    return bookings.listing(reader, bookings.Filters(member=host.email, since=now, statuses=OPEN))


def is_last_manager(user: User) -> bool:
    """Whether nobody else is a System Manager; reads a row for those who are one."""
    return is_system_manager(user) and not queries.system_managers().exclude(pk=user.pk).exists()


def _in_role(rows: QuerySet[User], role: str) -> QuerySet[User]:
    if role == "manager":
        return rows.filter(is_system_manager=True)
    if role == "leader":
        return rows.filter(pk__in=Department.objects.values("department_leader"))
    members = DepartmentMember.objects.filter(is_active=True).values("member")
    if role == "member":
        return rows.filter(pk__in=members)
    return rows.exclude(pk__in=members) if role == "none" else rows


def _in_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
    if state == "invited":
        return queries.invited(rows)
    return rows.filter(is_active=state == "active") if state else rows


def _state(user: User) -> tuple[str | Promise, str]:
    if not user.is_active:
        return _("Disabled"), "bad"
    return (_("Invited"), "wait") if is_invited(user) else (_("Active"), "good")
