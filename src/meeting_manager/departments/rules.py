"""Who stands how to a department: predicates over user and department."""

from django.db.models import QuerySet

from meeting_manager.departments.models import Department, DepartmentMember
from meeting_manager.people.models import User
from meeting_manager.people.rules import AnyUser, is_system_manager


def leads(user: AnyUser, department: Department) -> bool:
    """Whether `user`, with an active account, is the department's leader; reads no row."""
    return user.is_active and user.pk == department.department_leader_id


def is_member(user: AnyUser, department: Department) -> bool:
    """Whether `user` has an active account and an active member row; reads one row."""
    return user.is_active and department.members.filter(member=user.pk, is_active=True).exists()


def may_manage(user: AnyUser, department: Department) -> bool:
    """Edit members and meeting types, decide about bookings: System Managers and the leader."""
    return is_system_manager(user) or leads(user, department)


def manages_some(user: AnyUser) -> bool:
    """As `may_manage`, of any department; reads a row for those who are no System Managers."""
    return is_system_manager(user) or (isinstance(user, User) and user.is_active and user.led_departments.exists())


def belongs(user: AnyUser, department: Department) -> bool:
    """See who works there: those who manage it and its members."""
    return may_manage(user, department) or is_member(user, department)


def active(members: "QuerySet[DepartmentMember]") -> "QuerySet[DepartmentMember]":
    """Those of `members` who take part: an active row and an active account."""
    return members.filter(is_active=True, member__is_active=True)
