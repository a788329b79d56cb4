"""Taking the demo away again, and nothing else."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import delete
from meeting_manager.demo.cast import ADMIN, PEOPLE, TEAMS, email
from meeting_manager.departments.models import Department
from meeting_manager.departments.services import delete_department, delete_meeting_type
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_managers, system_user
from meeting_manager.people.services import remove_account

_REPORT_EVERY = 50


def accounts() -> "list[User]":
    """The demo's accounts that are in this database."""
    return list(User.objects.filter(email__in=[email(person) for person in PEOPLE]))


def departments() -> "list[Department]":
    """The demo's departments: by their names, and because the demo's admin made their types."""
    names = [f"MM-DEPT-{slug}" for slug in TEAMS]
    ours = Department.objects.filter(name__in=names, meeting_types__created_by__email=ADMIN)
    return list(ours.distinct())


def remove(now: datetime, progress: Callable[[str], None]) -> list[str]:
    """Take all demo data away, with whatever was booked in its departments; in one transaction.

    Deleted bookings leave their tombstones. Returns what had to stay, one sentence each: accounts that other
    departments' records name. Raises ValidationError where no System Manager is left to act.
    """
    with transaction.atomic():
        for department in departments():
            _remove_department(department, now, progress)
        left = [sentence for user in accounts() if (sentence := _remove_account(user))]
        progress(f"{len(PEOPLE) - len(left)} accounts removed")
    return left


def _remove_department(department: Department, now: datetime, progress: Callable[[str], None]) -> None:
    actor = system_managers().first()
    if actor is None:
        raise ValidationError("There is no active System Manager. Please make one with `createadmin` first.")
    bookings = Booking.objects.filter(meeting_type__department=department).order_by("-pk")
    for number, booking in enumerate(bookings, start=1):
        # In the system's name: a tombstone that named a demo account would keep it here.
        delete(booking=booking, actor=system_user(), now=now)
        if number % _REPORT_EVERY == 0:
            progress(f"{number} bookings of {department.department_name} removed")
    for kind in department.meeting_types.select_related("department"):
        delete_meeting_type(actor=actor, meeting_type=kind)
    delete_department(actor=actor, department=department)
    progress(f"{department.department_name} removed")


def _remove_account(user: User) -> str:
    try:
        remove_account(user=user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
