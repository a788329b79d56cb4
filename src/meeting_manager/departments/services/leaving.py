"""What departments say when an account is to be disabled."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.departments.rules import active
from meeting_manager.people.models import User


def keep_departments_staffed(user: User) -> None:
    """Refuse to lose a leader or the last active member; else start the balances of Weighted anew.

    Effects: locks the departments of `user` in order of id, sets the balances of their members to 0. Raises
    ValidationError. To be called in the transaction that disables the account.
    """
    membership = DepartmentMember.objects.filter(member=user, department=OuterRef("pk"))
    departments = list(
        Department.objects.select_for_update()
        .filter(Q(department_leader=user) | Exists(membership))
        .order_by("pk")
        .values_list("pk", "name", "department_leader_id")
    )
    for _, name, leader in departments:
        if leader == user.pk:
            _refuse(f"User '{user.email}' leads department '{name}'. Please choose another leader first.")
    ids = [pk for pk, _, _ in departments]
    for name in _left_empty(user, ids):
        _refuse(
            f"User '{user.email}' is the last active member of department '{name}'. "
            "Please add another active member first."
        )
    DepartmentMember.objects.filter(department__in=ids).update(weighted_balance=0)


def start_balances_anew(user: User) -> None:
    """Set the balances of Weighted to 0 in every department of `user`, whose return changes who takes part.

    Effects: locks those departments in order of id. To be called in the transaction that opens the account.
    """
    own = Department.objects.filter(members__member=user).order_by("pk")
    ids = list(own.select_for_update(of=("self",)).values_list("pk", flat=True))
    DepartmentMember.objects.filter(department__in=ids).update(weighted_balance=0)


def _left_empty(user: User, departments: list[int]) -> list[str]:
    others = active(DepartmentMember.objects.filter(department=OuterRef("pk")).exclude(member=user))
    empty = Department.objects.filter(pk__in=departments).exclude(Exists(others))
    return list(empty.order_by("pk").values_list("name", flat=True))


def _refuse(message: str) -> None:
    raise ValidationError({"is_active": message})
