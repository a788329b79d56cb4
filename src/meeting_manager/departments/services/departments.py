"""Departments: made, edited, deleted; all three are for System Managers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from meeting_manager.departments import validators as fields_of
from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.departments.rules import active
from meeting_manager.departments.services.locking import locked_department, locked_users
from meeting_manager.people import validators
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager


def create_department(
    *, actor: User, fields: Mapping[str, object], members: Sequence[Mapping[str, object]]
) -> Department:
    """A new department with its first members, at least one of them active.

    `fields` by their names in system.md §2, the slug made from the name where it is missing; `members` are rows
    with `member` (user or e-mail), `is_active`, `assignment_priority`. Raises PermissionDenied, ValidationError.
    """
    _require_manager(actor)
    validators.require(fields, {"department_name": "Department Name"})
    values = _read(validators.with_slug(fields, "department_name", "department_slug"))
    rows = fields_of.read_new_members(members)
    leader = values.pop("department_leader", "")
    slug = values["department_slug"]
    with transaction.atomic():
        users = locked_users("members", [row["member"] for row in rows])
        with validators.refusing_duplicates("department_slug", _taken(slug)):
            department = Department.objects.create(name=f"MM-DEPT-{slug}", **values)
        _add_first_members(department, rows, users)
        _require_active_member(department)
        _appoint(department, leader)
        department.save(update_fields=["department_leader"])
    return department


def edit_department(*, actor: User, department: Department, changes: Mapping[str, object]) -> Department:
    """Change fields of a department, its leader among them; its document name stays. Returns it as stored.

    Raises PermissionDenied, ValidationError.
    """
    _require_manager(actor)
    values = _read(changes)
    with transaction.atomic():
        stored = locked_department(department)
        if "department_leader" in values:
            _appoint(stored, values.pop("department_leader"))
        for field, value in values.items():
            setattr(stored, field, value)
        with validators.refusing_duplicates("department_slug", _taken(stored.department_slug)):
            stored.save()
    return stored


def delete_department(*, actor: User, department: Department) -> None:
    """Remove a department that has no meeting types, with its member rows. Raises PermissionDenied, ValidationError."""
    _require_manager(actor)
    try:
        with transaction.atomic():
            locked_department(department).delete()
    except ProtectedError as error:
        message = f"Department '{department.name}' has meeting types. Please delete them first, or deactivate it."
        raise ValidationError({"name": message}) from error


def _read(given: Mapping[str, object]) -> dict[str, Any]:
    return validators.read_fields(given, fields_of.DEPARTMENT, of="a department", kept=fields_of.DEPARTMENT_KEPT)


def _add_first_members(department: Department, rows: list[dict[str, Any]], users: dict[str, User]) -> None:
    DepartmentMember.objects.bulk_create(
        DepartmentMember(**{**row, "department": department, "member": users[row["member"]], "position": position})
        for position, row in enumerate(rows)
    )


def _require_active_member(department: Department) -> None:
    if not active(department.members.all()).exists():
        raise ValidationError({"members": "At least one active member must be in this department."})


def _appoint(department: Department, email: str) -> None:
    """Make an active member the leader; an empty address leaves the department without one."""
    row = active(department.members.select_related("member")).filter(member__email=email).first()
    if email and row is None:
        message = f"Department Leader '{email}' must be an active member of this department."
        raise ValidationError({"department_leader": f"{message} Please add them as a member first."})
    department.department_leader = row.member if row else None


def _taken(slug: str) -> str:
    return f"Department Slug '{slug}' is already taken. Please choose another slug."


def _require_manager(actor: User) -> None:
    if not is_system_manager(actor):
        raise PermissionDenied("Only System Managers may do this.")
