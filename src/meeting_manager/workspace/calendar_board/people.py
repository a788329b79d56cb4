"""Whose columns somebody sees: leaders and System Managers those of their departments, others their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from meeting_manager.departments import queries as departments
from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.departments.rules import active
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager

MOST = 40
"""More columns nobody can read; whoever has more chooses a department."""


@dataclass(frozen=True, slots=True)
class Person:
    """A host. `zone` is their department's, where they have chosen none of their own."""

    id: int
    email: str
    label: str
    zone: str


def departments_of(user: User) -> list[Department]:
    """The departments that `user` manages, or works in, by name. One query, another for who is no System Manager."""
    own = Q(pk__in=departments.managed_by(user).values("pk")) | Q(pk__in=departments.member_departments(user))
    return list(Department.objects.filter(own).order_by("department_name", "pk"))


def people_of(user: User, among: Sequence[Department], *, is_narrowed: bool) -> list[Person]:
    """The active members of those of the departments that `user` manages, and `user`, if they work in one.

    Who manages nothing has a column of their own in any case, unless a department is chosen they do not work in.
    """
    led = [each.pk for each in among if is_system_manager(user) or each.department_leader_id == user.pk]
    rows = active(DepartmentMember.objects.filter(Q(department__in=led) | Q(department__in=among, member=user.pk)))
    found = {
        row.member_id: Person(row.member_id, row.member.email, row.member.display_name, row.department.timezone)
        for row in reversed(
            rows.select_related("member", "department").order_by("department__department_name", "position", "pk")
        )
    }
    people = list(reversed(found.values()))
    if people or is_narrowed:
        return people[:MOST]
    return [Person(user.pk, user.email, user.display_name, settings.SITE_TIME_ZONE)]
