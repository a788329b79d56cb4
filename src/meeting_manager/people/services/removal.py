"""Accounts that go without a trace, for those that were never in use; all others are disabled."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system


def remove_account(*, user: User) -> None:
    """Delete an account with its settings, tokens, rules and calendars; for the operator of the machine, who asks
    for no rights.

    Raises ValidationError where records that are kept name this user.
    """
    if is_system(user):
        raise ValidationError({"email": f"User '{user.email}' belongs to the system and cannot be removed."})
    try:
        with transaction.atomic():
            user.delete()
    except ProtectedError as error:
        message = f"User '{user.email}' is named in records that are kept. Please disable the account instead."
        raise ValidationError({"email": message}) from error
