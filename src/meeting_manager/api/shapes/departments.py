"""Departments, members and meeting types as JSON: in public for everybody, whole for those who work there."""

from collections.abc import Callable
from typing import Any

from meeting_manager.api.writing import instant
from meeting_manager.departments.models import (
    Department,
    DepartmentMember,
    MeetingType,
    MeetingTypeQuestion,
    MeetingTypeReminder,
)
from meeting_manager.departments.queries import led_by, member_departments, questions_of
from meeting_manager.people.models import User
from meeting_manager.people.rules import AnyUser, is_system_manager

Json = dict[str, Any]

_OF_STAFF = (
    "is_active",
    "assignment_algorithm",
    "max_bookings_per_day",
    "notify_leader_on_booking",
    "notify_admin_on_booking",
    "members_may_book",
    "calendar_changes",
    "offer_unread_calendars",
)
_OF_TYPE = (
    "is_active",
    "is_public",
    "is_internal",
    "video_platform",
    "custom_location",
    "video_meeting_url",
    "no_show_mail",
    "thank_you_mail",
    "feedback_url",
    "next_steps",
)


def department_shape(reader: AnyUser) -> Callable[[Department], Json]:
    """How `reader` sees departments; reads once which are theirs."""
    is_own = _works_in(reader)
    return lambda one: department(one) if is_own(one.pk) else public_department(one)


def meeting_type_shape(reader: AnyUser) -> Callable[[MeetingType], Json]:
    """How `reader` sees meeting types; reads once which departments are theirs."""
    is_own = _works_in(reader)
    return lambda one: meeting_type(one) if is_own(one.department_id) else public_meeting_type(one)


def public_department(one: Department) -> Json:
    """As guests see it."""
    return {
        "name": one.name,
        "department_name": one.department_name,
        "department_slug": one.department_slug,
        "description": one.description,
        "timezone": one.timezone,
        "contact": one.contact,
        "accent_color": one.accent_color,
        "logo_url": one.logo_url,
        "public_booking_url": one.public_booking_url,
    }


def department(one: Department) -> Json:
    """Whole."""
    leader = one.department_leader
    own = {field: getattr(one, field) for field in _OF_STAFF}
    return {**public_department(one), **own, "department_leader": leader.email if leader else None}


def member(row: DepartmentMember) -> Json:
    """A member row with its user."""
    return {
        "member": row.member.email,
        "full_name": row.member.full_name,
        "is_active": row.is_active,
        "assignment_priority": row.assignment_priority,
        "total_assignments": row.total_assignments,
        "last_assigned_datetime": instant(row.last_assigned_datetime),
    }


def public_meeting_type(one: MeetingType) -> Json:
    """As guests see it: without the room that the meeting takes place in."""
    return {
        "name": one.name,
        "department": one.department.name,
        "meeting_name": one.meeting_name,
        "meeting_slug": one.meeting_slug,
        "duration": one.duration,
        "slot_interval": one.slot_interval,
        "description": one.description,
        "location_type": one.location_type,
        "requires_approval": one.requires_approval,
        "confirm_email": one.confirm_email,
        "color": one.color,
        "public_booking_url": one.public_booking_url,
        "questions": [question(row) for row in questions_of(one)],
    }


def meeting_type(one: MeetingType) -> Json:
    """Whole, with its reminders."""
    own = {field: getattr(one, field) for field in _OF_TYPE}
    return {
        **public_meeting_type(one),
        **own,
        "created_by": one.created_by.email if one.created_by else None,
        "reminders": [reminder(row) for row in one.reminders.all()],
    }


def reminder(row: MeetingTypeReminder) -> Json:
    """One reminder."""
    return {
        "hours_before_meeting": float(row.hours_before_meeting),
        "notification_type": row.notification_type,
        "is_active": row.is_active,
    }


def question(row: MeetingTypeQuestion) -> Json:
    """One question to customers."""
    return {
        "key": row.key,
        "label": row.label,
        "help_text": row.help_text,
        "question_type": row.question_type,
        "is_required": row.is_required,
        "options": row.options,
    }


def _works_in(reader: AnyUser) -> Callable[[int], bool]:
    if not isinstance(reader, User):
        return lambda _: False
    if is_system_manager(reader):
        return lambda _: True
    led, joined = led_by(reader), member_departments(reader)
    return {*led.values_list("pk", flat=True), *joined.values_list("pk", flat=True)}.__contains__
