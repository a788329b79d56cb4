"""The private feed of a user's bookings."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.people.feeds import new_key
from meeting_manager.people.models import PersonalFeed, User
from meeting_manager.people.rules import may_edit_account


def make_feed(*, actor: User, user: User, now: datetime) -> PersonalFeed:
    """The feed of `user` under a new address; the one there was opens nothing any more. By themselves or a System
    Manager.

    Raises PermissionDenied, ValidationError.
    """
    _require_right(actor, user)
    if not user.is_active:
        raise ValidationError({"user": f"User '{user.email}' is not active. Please choose an active user."})
    feed, _ = PersonalFeed.objects.update_or_create(user=user, defaults={"key": new_key(), "made_at": now})
    return feed


def switch_feed_off(*, actor: User, user: User) -> None:
    """Close the feed of `user`, if there is one: its address opens nothing any more. Raises PermissionDenied."""
    _require_right(actor, user)
    PersonalFeed.objects.filter(user=user).delete()


def _require_right(actor: User, user: User) -> None:
    if not may_edit_account(actor, user):
        raise PermissionDenied("You may change your own feed only.")
