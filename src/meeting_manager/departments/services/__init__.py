"""What may happen to departments, their members and their meeting types."""

from meeting_manager.departments.services.departments import create_department, delete_department, edit_department
from meeting_manager.departments.services.leaving import keep_departments_staffed, start_balances_anew
from meeting_manager.departments.services.logos import remove_logo, set_logo
from meeting_manager.departments.services.meeting_types import (
    create_meeting_type,
    delete_meeting_type,
    edit_meeting_type,
    set_questions,
    set_reminders,
)
from meeting_manager.departments.services.members import add_member, edit_member, remove_member, reorder_members

__all__ = [
    "add_member",
    "create_department",
    "create_meeting_type",
    "delete_department",
    "delete_meeting_type",
    "edit_department",
    "edit_meeting_type",
    "edit_member",
    "keep_departments_staffed",
    "remove_logo",
    "remove_member",
    "reorder_members",
    "set_logo",
    "set_questions",
    "set_reminders",
    "start_balances_anew",
]
