"""Who may word a department's mails."""

from meeting_manager.departments.models import Department
from meeting_manager.departments.rules import may_manage
from meeting_manager.people.rules import AnyUser


def may_word(user: AnyUser, department: Department) -> bool:
    """Write a department's own subjects and texts: System Managers and its leader."""
    return may_manage(user, department)
