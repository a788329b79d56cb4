"""The members of a department, edited by its leader and by System Managers.

Whoever changes members or weights starts Weighted anew: its balances are counted since then (system.md §7).
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from meeting_manager.departments import validators as fields_of
from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.departments.rules import active, may_manage
from meeting_manager.departments.services.locking import locked_department, locked_users
from meeting_manager.people import validators
from meeting_manager.people.models import User


def add_member(
    *, actor: User, department: Department, member: User | str, is_active: bool = True, assignment_priority: int = 1
) -> DepartmentMember:
    """A user (or e-mail address) becomes the last member of a department. Raises PermissionDenied, ValidationError."""
    _require_rights(actor, department)
    given = {"member": member, "is_active": is_active, "assignment_priority": assignment_priority}
    row = validators.read_fields(given, fields_of.NEW_MEMBER, of="a member")
    email = row.pop("member")
    with transaction.atomic():
        stored = locked_department(department)
        user = locked_users("member", [email])[email]
        if stored.members.filter(member=user).exists():
            raise ValidationError({"member": f"User '{email}' is already a member of this department."})
        last = stored.members.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        added = DepartmentMember.objects.create(department=stored, member=user, position=position, **row)
        _start_balances_anew(stored)
    return added


def edit_member(*, actor: User, member: DepartmentMember, changes: Mapping[str, object]) -> DepartmentMember:
    """Change `is_active` or `assignment_priority` of a member row. Raises PermissionDenied, ValidationError."""
    _require_rights(actor, member.department)
    kept = ("member", *fields_of.MEMBER_KEPT)
    values = validators.read_fields(changes, fields_of.MEMBER, of="a member", kept=kept)
    with transaction.atomic():
        department = locked_department(member.department)
        stored = department.members.select_related("member").get(pk=member.pk)
        changed = {field: value for field, value in values.items() if getattr(stored, field) != value}
        if changed.get("is_active") is False:
            _refuse_to_lose(stored, department, "is_active")
        for field, value in changed.items():
            setattr(stored, field, value)
        stored.save(update_fields=list(changed))
        if changed:
            _start_balances_anew(department)
            stored.weighted_balance = 0
    return stored


def remove_member(*, actor: User, member: DepartmentMember) -> None:
    """Take a user out of a department; their bookings stay theirs. Raises PermissionDenied, ValidationError."""
    _require_rights(actor, member.department)
    with transaction.atomic():
        department = locked_department(member.department)
        stored = department.members.select_related("member").get(pk=member.pk)
        _refuse_to_lose(stored, department, "member")
        stored.delete()
        _start_balances_anew(department)


def reorder_members(*, actor: User, department: Department, order: Sequence[User | str]) -> list[DepartmentMember]:
    """Put the members into this order (users or e-mail addresses), which settles ties of the assignment.

    Raises PermissionDenied, and ValidationError unless every member is named once.
    """
    _require_rights(actor, department)
    emails = [validators.read_fields({"order": one}, {"order": _ORDER}, of="an order")["order"] for one in order]
    with transaction.atomic():
        rows = {row.member.email: row for row in locked_department(department).members.select_related("member")}
        if sorted(emails) != sorted(rows):
            raise ValidationError({"order": "Order must name every member of the department exactly once."})
        for position, email in enumerate(emails):
            rows[email].position = position
        DepartmentMember.objects.bulk_update(rows.values(), ["position"])
    return [rows[email] for email in emails]


_ORDER = validators.account("Member")


def _refuse_to_lose(row: DepartmentMember, department: Department, field: str) -> None:
    user = row.member.email
    if department.department_leader_id == row.member_id:
        raise ValidationError({field: f"User '{user}' leads this department. Please choose another leader first."})
    if not active(department.members.exclude(pk=row.pk)).exists():
        message = f"User '{user}' is the last active member of this department. Please add another active member first."
        raise ValidationError({field: message})


def _start_balances_anew(department: Department) -> None:
    department.members.update(weighted_balance=0)


def _require_rights(actor: User, department: Department) -> None:
    if not may_manage(actor, department):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
