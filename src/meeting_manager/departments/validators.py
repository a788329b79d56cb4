"""The fields of departments, members, meeting types, reminders and questions that people may set, and the rules among
them."""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError

from meeting_manager.adapters import sms
from meeting_manager.departments import colors
from meeting_manager.departments.choices import (
    AssignmentAlgorithm,
    CalendarChanges,
    LocationType,
    NotificationType,
    QuestionType,
    VideoPlatform,
)
from meeting_manager.departments.models import MeetingTypeReminder
from meeting_manager.names.rules import clean_slug
from meeting_manager.people import validators
from meeting_manager.people.validators import Reader

MOST_BOOKINGS_A_DAY = 10_000
LONGEST_NEXT_STEPS = 2_000
MOST_QUESTIONS = 20
LONGEST_KEY = 60
FEWEST_OPTIONS, MOST_OPTIONS = 2, 50
_HOURS_STEP = Decimal("0.0001")


def _slug(label: str) -> Reader:
    plain = validators.text(label, 140, required=True)

    def read(value: object) -> str:
        slug = clean_slug(plain(value))
        if not slug:
            raise ValidationError(f"{label} must contain letters (a-z) or digits. Please choose another slug.")
        return slug

    return read


def _hours(value: object) -> Decimal:
    message = "Hours Before Meeting must be a number between 0 and 720, with at most four decimals."
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValidationError(message)
    try:
        hours = Decimal(str(value).strip())
        exact = hours.quantize(_HOURS_STEP)
    except InvalidOperation as error:
        raise ValidationError(message) from error
    if hours != exact or not 0 <= hours <= 720:
        raise ValidationError(message)
    return exact


def _key(value: object) -> str:
    key: str = validators.text("Key", LONGEST_KEY)(value)
    if key != clean_slug(key):
        message = "Key may have small letters (a-z), digits and single hyphens between them."
        raise ValidationError(f"{message} Please leave it out to have one made from the label.")
    return key


def _options(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise ValidationError("Options must be a list of texts.")
    if len(value) > MOST_OPTIONS:
        raise ValidationError(f"Options must be at most {MOST_OPTIONS}. Please leave some out.")
    read = [validators.text("Each of the options", 200)(one) for one in value]
    if not all(read):
        raise ValidationError("Options must not be empty. Please leave those out that are.")
    if len(set(read)) < len(read):
        raise ValidationError("Options must differ from each other. Please leave out those that come twice.")
    return read


def _accent(value: object) -> str:
    """A colour in which text can be read on white, or none."""
    if value in (None, ""):
        return ""
    color: str = validators.color("Accent Color")(value)
    ratio = colors.contrast(color, colors.WHITE)
    if ratio < colors.READABLE:
        seen = math.floor(ratio * 10) / 10  # never rounded up to what would do
        found = f"({seen} : 1, at least {colors.READABLE} : 1 is needed)"
        darker = colors.readable_on(colors.WHITE, color)
        remedy = f"Please choose a darker one, such as {darker}."
        raise ValidationError(f"Accent Color '{color}' is too light to read on white {found}. {remedy}")
    return color


DEPARTMENT: dict[str, Reader] = {
    "department_name": validators.text("Department Name", 140, required=True),
    "department_slug": _slug("Department Slug"),
    "is_active": validators.flag("Is Active"),
    "description": validators.rich_text("Description"),
    "department_leader": validators.account("Department Leader", empty=True),
    "timezone": validators.zone("Timezone"),
    "assignment_algorithm": validators.choice("Assignment Algorithm", AssignmentAlgorithm.values),
    "max_bookings_per_day": validators.whole("Max Bookings Per Day", 0, MOST_BOOKINGS_A_DAY),
    "notify_leader_on_booking": validators.flag("Notify Leader on Booking"),
    "notify_admin_on_booking": validators.flag("Notify Admin on Booking"),
    "members_may_book": validators.flag("Members May Book"),
    "contact": validators.text("Contact", 200),
    "accent_color": _accent,
    "calendar_changes": validators.choice("Calendar Changes", CalendarChanges.values),
    "offer_unread_calendars": validators.flag("Offer Unread Calendars"),
}
DEPARTMENT_KEPT = ("name", "public_booking_url", "members", "logo_url")

MEMBER: dict[str, Reader] = {
    "is_active": validators.flag("Is Active"),
    "assignment_priority": validators.whole("Assignment Priority", 1, 10),
}
NEW_MEMBER: dict[str, Reader] = {"member": validators.account("Member"), **MEMBER}
MEMBER_KEPT = ("department", "position", "total_assignments", "last_assigned_datetime", "weighted_balance")

MEETING_TYPE: dict[str, Reader] = {
    "meeting_name": validators.text("Meeting Name", 140, required=True),
    "meeting_slug": _slug("Meeting Slug"),
    "is_active": validators.flag("Is Active"),
    "duration": validators.whole("Duration", 1, 480),
    "slot_interval": validators.whole("Slot Interval", 1, 1440, empty=True),
    "is_public": validators.flag("Is Public"),
    "is_internal": validators.flag("Is Internal"),
    "description": validators.rich_text("Description"),
    "location_type": validators.choice("Location Type", LocationType.values),
    "video_platform": validators.choice("Video Platform", VideoPlatform.values, empty=True),
    "custom_location": validators.text("Custom Location", 500),
    "video_meeting_url": validators.web_address("Video Meeting URL"),
    "requires_approval": validators.flag("Requires Approval"),
    "confirm_email": validators.flag("Confirm Email"),
    "no_show_mail": validators.flag("No-Show Mail"),
    "thank_you_mail": validators.flag("Thank You Mail"),
    "feedback_url": validators.web_address("Feedback URL"),
    "next_steps": validators.text("Next Steps", LONGEST_NEXT_STEPS, lines=True),
    "color": validators.color("Color"),
}
MEETING_TYPE_KEPT = ("name", "department", "public_booking_url", "created_by", "reminders", "questions")

REMINDER: dict[str, Reader] = {
    "hours_before_meeting": _hours,
    "notification_type": validators.choice("Notification Type", NotificationType.values),
    "is_active": validators.flag("Is Active"),
}

QUESTION: dict[str, Reader] = {
    "key": _key,
    "label": validators.text("Label", 200, required=True),
    "help_text": validators.text("Help Text", 300),
    "question_type": validators.choice("Question Type", QuestionType.values),
    "is_required": validators.flag("Is Required"),
    "options": _options,
}


def read_new_members(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """The member rows of a new department. Raises ValidationError on `members`."""
    read = read_rows("members", rows, NEW_MEMBER, "a member", {"member": "Member"}, MEMBER_KEPT)
    if len({row["member"] for row in read}) < len(read):
        raise ValidationError({"members": "Duplicate users found in members. Each user can only be a member once."})
    return read


def read_reminders(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """The rows of a reminder schedule. Raises ValidationError on `reminders`."""
    labels = {"hours_before_meeting": "Hours Before Meeting"}
    read = read_rows("reminders", rows, REMINDER, "a reminder", labels)
    if len({row["hours_before_meeting"] for row in read}) < len(read):
        message = "Duplicate reminders found. Each number of hours before the meeting can only be used once."
        raise ValidationError({"reminders": message})
    return read


def read_questions(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """The questions of a meeting type in their order, each with its key: the one it was sent with, or a new one made
    from its label. Raises ValidationError on `questions`.
    """
    if len(rows) > MOST_QUESTIONS:
        message = f"A meeting type may ask at most {MOST_QUESTIONS} questions. Please leave some out."
        raise ValidationError({"questions": message})
    read = read_rows("questions", rows, QUESTION, "a question", {"label": "Label"})
    for number, row in enumerate(read, start=1):
        if problem := _problem_with_options(row):
            raise ValidationError({"questions": f"Row {number}: {problem}"})
    return _with_keys(read)


def _problem_with_options(question: Mapping[str, Any]) -> str:
    given = len(question.get("options", ()))
    is_choice = question.get("question_type") == QuestionType.CHOICE
    if is_choice and given < FEWEST_OPTIONS:
        return f"A Choice needs at least {FEWEST_OPTIONS} options. Please add some, or choose another Question Type."
    if given and not is_choice:
        return "Options are for the Question Type 'Choice' only. Please leave them out, or choose that type."
    return ""


def _with_keys(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    taken: set[str] = set()
    for number, key in enumerate((question.get("key") for question in questions), start=1):
        if key in taken:
            message = f"Row {number}: Key '{key}' is another question's already. Please change it, or leave it out."
            raise ValidationError({"questions": message})
        taken |= {key} if key else set()
    for question in questions:
        if not question.get("key"):
            question["key"] = _new_key(question["label"], taken)
            taken.add(question["key"])
    return list(questions)


def _new_key(label: str, taken: Container[str]) -> str:
    """A free key that speaks of the label, as far as its letters allow."""
    room = LONGEST_KEY - len(f"-{MOST_QUESTIONS}")
    plain = clean_slug(label)[:room].strip("-") or "question"
    numbered = (f"{plain}-{number}" for number in count(2))
    return next(key for key in chain([plain], numbered) if key not in taken)


def check_ways(rows: Sequence[Mapping[str, Any]], stored: Iterable[MeetingTypeReminder] = ()) -> None:
    """Refuse new reminders by SMS where the site has no gateway for it; those in `stored` may stay, or be turned off.

    Raises ValidationError on `reminders`.
    """
    if sms.gateway() is not None:
        return
    there = {(row.hours_before_meeting, row.notification_type): row.is_active for row in stored}
    for number, row in enumerate(rows, start=1):
        way = row.get("notification_type", NotificationType.EMAIL)
        was_active = there.get((row["hours_before_meeting"], way))
        is_new = was_active is None or (row.get("is_active", True) and not was_active)
        if way != NotificationType.EMAIL and is_new:
            remedy = "Please choose Email, or have the operator of the site set SMS_URL."
            raise ValidationError(
                {"reminders": f"Row {number}: {way} is not offered, as no gateway for SMS is set up. {remedy}"}
            )


def read_rows(
    field: str,
    rows: Sequence[Mapping[str, object]],
    readers: Mapping[str, Reader],
    of: str,
    required: Mapping[str, str],
    kept: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Child rows through their readers; whatever is refused is told on `field`, with the number of its row."""
    read = []
    for number, row in enumerate(rows, start=1):
        try:
            validators.require(row, required)
            read.append(validators.read_fields(row, readers, of=of, kept=kept))
        except ValidationError as error:
            raise ValidationError({field: [f"Row {number}: {message}" for message in error.messages]}) from error
    return read


def check_meeting_type(meeting_type: Mapping[str, Any]) -> None:
    """Rules between the fields of a whole meeting type. Raises ValidationError."""
    errors: dict[str, str] = {}
    if not meeting_type["is_public"] and not meeting_type["is_internal"]:
        errors["is_public"] = "Meeting Type must be public, internal or both. Please set Is Public or Is Internal."
    if meeting_type["location_type"] == LocationType.VIDEO_CALL and not meeting_type["video_platform"]:
        errors["video_platform"] = "Video Platform is required when Location Type is 'Video Call'."
    if errors:
        raise ValidationError(errors)
