"""Meeting types, their reminders and their questions, edited by the department's leader and by System Managers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from meeting_manager.departments import validators as fields_of
from meeting_manager.departments.models import Department, MeetingType, MeetingTypeQuestion, MeetingTypeReminder
from meeting_manager.departments.rules import may_manage
from meeting_manager.departments.services.locking import locked_department
from meeting_manager.people import validators
from meeting_manager.people.models import User


def create_meeting_type(
    *,
    actor: User,
    department: Department,
    fields: Mapping[str, object],
    reminders: Sequence[Mapping[str, object]] = (),
    questions: Sequence[Mapping[str, object]] = (),
) -> MeetingType:
    """A new meeting type of a department, with its reminders and questions.

    `fields` by their names in system.md §2, the slug made from the name where it is missing. Raises
    PermissionDenied, ValidationError.
    """
    _require_rights(actor, department)
    validators.require(fields, {"meeting_name": "Meeting Name"})
    values = _read(validators.with_slug(fields, "meeting_name", "meeting_slug"))
    rows = fields_of.read_reminders(reminders)
    fields_of.check_ways(rows)
    asked = fields_of.read_questions(questions)
    new = MeetingType(department=department, created_by=actor, **values)
    new.name = f"MM-MT-{department.department_slug}-{new.meeting_slug}"
    fields_of.check_meeting_type(_checked_fields(new))
    with transaction.atomic():
        locked_department(department)
        _save(new)
        _write_reminders(new, rows)
        _write_questions(new, asked)
    return new


def edit_meeting_type(*, actor: User, meeting_type: MeetingType, changes: Mapping[str, object]) -> MeetingType:
    """Change fields of a meeting type; bookings made before keep what they copied, and its document name stays.

    Returns it as stored. Raises PermissionDenied, ValidationError.
    """
    _require_rights(actor, meeting_type.department)
    values = _read(changes)
    with transaction.atomic():
        stored = (
            MeetingType.objects.select_for_update(of=("self",)).select_related("department").get(pk=meeting_type.pk)
        )
        for field, value in values.items():
            setattr(stored, field, value)
        fields_of.check_meeting_type(_checked_fields(stored))
        _save(stored)
    return stored


def delete_meeting_type(*, actor: User, meeting_type: MeetingType) -> None:
    """Remove a meeting type that was never booked, with its reminders and questions.

    Raises PermissionDenied, ValidationError.
    """
    _require_rights(actor, meeting_type.department)
    try:
        with transaction.atomic():
            # Whoever is booking it holds this lock; their booking then shows, and protects the type.
            locked_department(meeting_type.department)
            meeting_type.delete()
    except ProtectedError as error:
        message = f"Meeting Type '{meeting_type.name}' has bookings. Please deactivate it instead."
        raise ValidationError({"name": message}) from error


def set_reminders(
    *, actor: User, meeting_type: MeetingType, reminders: Sequence[Mapping[str, object]]
) -> list[MeetingTypeReminder]:
    """Make these rows the whole reminder schedule of a type: `hours_before_meeting`, `notification_type`, `is_active`.

    Rows by SMS are taken where the site has a gateway, or had one when they were made. Raises PermissionDenied,
    ValidationError.
    """
    _require_rights(actor, meeting_type.department)
    rows = fields_of.read_reminders(reminders)
    with transaction.atomic():
        MeetingType.objects.select_for_update().get(pk=meeting_type.pk)
        fields_of.check_ways(rows, meeting_type.reminders.all())
        meeting_type.reminders.all().delete()
        return _write_reminders(meeting_type, rows)


def set_questions(
    *, actor: User, meeting_type: MeetingType, questions: Sequence[Mapping[str, object]]
) -> list[MeetingTypeQuestion]:
    """Make these rows all that a type asks its customers, in this order: `label`, `help_text`, `question_type`,
    `is_required`, `options` (of a Choice), and `key` by which a question stays itself when its label changes.

    Bookings keep what they were asked. Raises PermissionDenied, ValidationError.
    """
    _require_rights(actor, meeting_type.department)
    rows = fields_of.read_questions(questions)
    with transaction.atomic():
        MeetingType.objects.select_for_update().get(pk=meeting_type.pk)
        meeting_type.questions.all().delete()
        return _write_questions(meeting_type, rows)


def _read(given: Mapping[str, object]) -> dict[str, Any]:
    return validators.read_fields(given, fields_of.MEETING_TYPE, of="a meeting type", kept=fields_of.MEETING_TYPE_KEPT)


def _checked_fields(meeting_type: MeetingType) -> dict[str, Any]:
    return {field: getattr(meeting_type, field) for field in fields_of.MEETING_TYPE}


def _save(meeting_type: MeetingType) -> None:
    """Write the row; a slug or document name that is there already is an error of the slug."""
    slug = meeting_type.meeting_slug
    # "a-b" + "c" and "a" + "b-c" make the same document name, and that may belong to another department's type.
    taken = f"Meeting Slug '{slug}' is already taken. Please choose another slug."
    with validators.refusing_duplicates("meeting_slug", taken):
        meeting_type.save()


def _write_reminders(meeting_type: MeetingType, rows: list[dict[str, Any]]) -> list[MeetingTypeReminder]:
    return MeetingTypeReminder.objects.bulk_create(
        MeetingTypeReminder(meeting_type=meeting_type, **row) for row in rows
    )


def _write_questions(meeting_type: MeetingType, rows: list[dict[str, Any]]) -> list[MeetingTypeQuestion]:
    return MeetingTypeQuestion.objects.bulk_create(
        MeetingTypeQuestion(meeting_type=meeting_type, position=position, **row) for position, row in enumerate(rows)
    )


def _require_rights(actor: User, department: Department) -> None:
    if not may_manage(actor, department):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
