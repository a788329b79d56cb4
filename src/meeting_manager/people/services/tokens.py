"""Bearer tokens of users."""

import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.people import validators
from meeting_manager.people.models import ApiToken, User
from meeting_manager.people.queries import token_digest
from meeting_manager.people.rules import is_system_manager

_PREFIX = "mmt_"
_RANDOM_BYTES = 32
_SHOWN = 8
_label = validators.text("Label", 100)


def create_token(*, actor: User, user: User, now: datetime, label: str = "") -> tuple[ApiToken, str]:
    """A new token of `user` and its text, which is stored as a digest and never shown again.

    Everybody makes their own: a token acts in its user's name. Raises PermissionDenied, ValidationError.
    """
    if actor.pk != user.pk:
        raise PermissionDenied("You may create tokens for yourself only.")
    if not user.is_active:
        raise ValidationError({"user": f"User '{user.email}' is not active. Please choose an active user."})
    fields = validators.read_fields({"label": label}, {"label": _label}, of="a token")
    text = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    token = ApiToken.objects.create(user=user, digest=token_digest(text), hint=text[:_SHOWN], created_at=now, **fields)
    return token, text


def revoke_token(*, actor: User, token: ApiToken, now: datetime) -> ApiToken:
    """Close a token at once: one's own, or any as System Manager. Raises PermissionDenied."""
    if not is_system_manager(actor) and not (actor.is_active and actor.pk == token.user_id):
        raise PermissionDenied("You may revoke your own tokens only.")
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)
    token.refresh_from_db()
    return token
