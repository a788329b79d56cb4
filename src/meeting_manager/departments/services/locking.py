"""Rows that are judged are locked first, departments before users: the lock order of docs/architecture.md."""

from collections.abc import Collection

from django.core.exceptions import ValidationError

from meeting_manager.departments.models import Department
from meeting_manager.people.models import User


def locked_department(department: Department) -> Department:
    """The department as stored, locked to the end of the transaction."""
    return Department.objects.select_for_update().get(pk=department.pk)


def locked_users(field: str, emails: Collection[str]) -> dict[str, User]:
    """Active users by e-mail address, locked in order of id. Raises ValidationError on `field` for any that is not."""
    found = User.objects.select_for_update(no_key=True).filter(email__in=emails).order_by("pk")
    users = {user.email: user for user in found}
    for email in emails:
        if email not in users:
            raise ValidationError({field: f"User '{email}' does not exist."})
        if not users[email].is_active:
            raise ValidationError({field: f"User '{email}' is not active. Please choose an active user."})
    return users
