"""A department's own words for a message: set, and taken back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from meeting_manager.departments.models import Department
from meeting_manager.notifications import validators
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.rules import may_word
from meeting_manager.people.models import User


def set_text(
    *, actor: User, department: Department, message: str, subject: str, text: str, now: datetime
) -> MailText | None:
    """Word a message for a department: `subject`, `text` or both, with the placeholders of `texts.placeholders`.

    What is empty stays the standard; both empty take the words back, and nothing is returned. `now` aware UTC.
    Raises PermissionDenied, ValidationError on `message`, `subject`, `text`.
    """
    _require_rights(actor, department)
    which = validators.wordable(message)
    values = validators.own_words(which, subject, text)
    if not any(values.values()):
        reset_text(actor=actor, department=department, message=which)
        return None
    stored, _ = MailText.objects.update_or_create(
        department=department, message=which, defaults={**values, "modified_at": now, "modified_by": actor}
    )
    return stored


def reset_text(*, actor: User, department: Department, message: str) -> None:
    """Take a department's own words for a message back: the standard ones hold again. Raises PermissionDenied,
    ValidationError on `message`."""
    _require_rights(actor, department)
    MailText.objects.filter(department=department, message=validators.wordable(message)).delete()


def _require_rights(actor: User, department: Department) -> None:
    if not may_word(actor, department):
        raise PermissionDenied("Only a department's leader or a System Manager may word its mails.")
