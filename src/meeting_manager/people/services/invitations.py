"""Inviting somebody: an account that cannot sign in yet, and a mail with the link to choose a password."""

from datetime import datetime
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from meeting_manager.people.models import User
from meeting_manager.people.rules import is_invited, is_system_manager
from meeting_manager.people.services.account_mail import owe
from meeting_manager.people.services.accounts import create_user

_TEMPLATES = "account/email/invitation"
_DAY = 86_400


def invite_user(
    *, actor: User, email: str, now: datetime, full_name: str = "", is_system_manager: bool = False
) -> User:
    """A new account without a password, whose owner is written how to choose one; for System Managers.

    Effects: account, settings and one mail owed, in one transaction. Raises PermissionDenied, ValidationError.
    """
    with transaction.atomic():
        user = create_user(actor=actor, email=email, full_name=full_name, is_system_manager=is_system_manager, now=now)
        owe(_letter(user, actor), now=now)
    return user


def invite_again(*, actor: User, user: User, now: datetime) -> None:
    """Write once more to somebody who has not chosen a password yet; links from before still hold until they expire.

    Effect: owes one mail. Raises PermissionDenied, and ValidationError for those who have a password or are disabled.
    """
    if not is_system_manager(actor):
        raise PermissionDenied("Only System Managers may do this.")
    if not is_invited(user):
        message = f"User '{user.email}' is not waiting for an invitation."
        raise ValidationError({"email": f"{message} They can choose a new password on the page to sign in."})
    owe(_letter(user, actor), now=now)


def _letter(user: User, inviter: User) -> EmailMessage:
    """The mail, in the language spoken now."""
    words = {
        "name": user.full_name,
        "inviter": inviter.display_name,
        "site": settings.SITE_NAME,
        "link": _link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // _DAY,
        "current_site": {"domain": urlsplit(settings.SITE_URL).netloc},
    }
    subject = " ".join(render_to_string(f"{_TEMPLATES}_subject.txt", words).split())
    return EmailMessage(subject, render_to_string(f"{_TEMPLATES}_message.txt", words).strip(), to=[user.email])


def _link(user: User) -> str:
    """The page to choose a password, as the mail for a forgotten one has it; it expires, and works once."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": token}
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"
