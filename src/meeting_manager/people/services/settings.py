"""The settings of a user."""

import json
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.engine.hours import HoursError, parse_weekly_hours
from meeting_manager.people import validators
from meeting_manager.people.models import User, UserSettings
from meeting_manager.people.queries import settings_name
from meeting_manager.people.rules import may_edit_account


def edit_settings(*, actor: User, user: User, changes: Mapping[str, object]) -> UserSettings:
    """Change time zone, bio and working hours of `user`: by themselves, or by a System Manager.

    The bio is sanitised. Raises PermissionDenied, ValidationError.
    """
    if not may_edit_account(actor, user):
        raise PermissionDenied("You may edit your own settings only.")
    fields = validators.read_fields(changes, _READERS, of="user settings", kept=("name", "user", "profile_picture"))
    stored, _ = UserSettings.objects.update_or_create(
        user=user, defaults=fields, create_defaults={"name": settings_name(user), **fields}
    )
    return stored


def _working_hours(value: object) -> object:
    """Working hours as an object, or as its JSON text; stored as given, since the engine reads that form."""
    try:
        hours = json.loads(value) if isinstance(value, str) else value
        parse_weekly_hours(hours)
    except HoursError as error:
        raise ValidationError(str(error)) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValidationError("Working Hours must be a JSON object with the days monday to sunday.") from error
    return hours


_READERS = {
    "timezone": validators.zone("Timezone", empty=True),
    "bio": validators.rich_text("Bio"),
    "working_hours_json": _working_hours,
}
