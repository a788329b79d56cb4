"""Accounts: made, edited, disabled, enabled."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from meeting_manager.people import validators
from meeting_manager.people.models import PersonalFeed, User, UserSettings
from meeting_manager.people.queries import settings_name
from meeting_manager.people.rules import is_system, is_system_manager, may_edit_account

Check = Callable[[User], None]
_on_disabling: list[Check] = []
_on_enabling: list[Check] = []

_KEPT = ("email", "date_joined", "is_active", "last_login")
_name = validators.text("Full Name", 140)
_email = validators.email("Email")
_flag = validators.flag("Is System Manager")


def on_disabling(check: Check) -> Check:
    """Have `check(user)` called in the transaction that disables a user; it refuses by raising ValidationError.

    For the rooms above, at start-up. It may be called twice (before and after the user's row is locked), and locks
    what it judges.
    """
    _on_disabling.append(check)
    return check


def on_enabling(effect: Check) -> Check:
    """Have `effect(user)` called in the transaction that opens an account again; for the rooms above, at start-up."""
    _on_enabling.append(effect)
    return effect


def create_user(
    *,
    actor: User,
    email: str,
    now: datetime,
    full_name: str = "",
    password: str | None = None,
    is_system_manager: bool = False,
) -> User:
    """A new account with its settings; for System Managers.

    Without a password it is set through the page for forgotten ones. Raises PermissionDenied and ValidationError.
    """
    _require_manager(actor)
    return _new_account(email, full_name, password, manager=is_system_manager, now=now)


def create_admin(*, email: str, password: str | None, now: datetime, full_name: str = "") -> User:
    """A System Manager, made by the operator of the machine: asks for no rights. Raises ValidationError."""
    return _new_account(email, full_name, password, manager=True, now=now)


def _new_account(email: str, full_name: str, password: str | None, *, manager: bool, now: datetime) -> User:
    given = {"email": email, "full_name": full_name, "is_system_manager": manager}
    readers = {"email": _email, "full_name": _name, "is_system_manager": _flag}
    fields = validators.read_fields(given, readers, of="a user")
    user = User(date_joined=now, **fields)
    _set_password(user, password)
    taken = f"User '{user.email}' exists already. Please use another e-mail address."
    with validators.refusing_duplicates("email", taken):
        user.save()
        UserSettings.objects.create(user=user, name=settings_name(user))
    return user


def _set_password(user: User, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from error
    user.set_password(password)


def edit_user(*, actor: User, user: User, changes: Mapping[str, object]) -> User:
    """Change the name of a user (their own, or a System Manager), or who is a System Manager (System Managers).

    The e-mail address is the user's name everywhere and does not change. Raises PermissionDenied, ValidationError.
    """
    if not may_edit_account(actor, user) or is_system(user):
        raise PermissionDenied("You may edit your own account only.")
    if "is_system_manager" in changes:
        _require_manager(actor)
    readers = {"full_name": _name, "is_system_manager": _flag}
    fields = validators.read_fields(changes, readers, of="a user", kept=_KEPT)
    with transaction.atomic():
        if fields.get("is_system_manager") is False:
            _keep_a_manager(user, "is_system_manager")
        User.objects.filter(pk=user.pk).update(**fields)
    user.refresh_from_db()
    return user


def disable_user(*, actor: User, user: User, now: datetime) -> User:
    """Close an account at once: its sessions end, its tokens and its feed open nothing any more; for System Managers.

    Raises PermissionDenied, and ValidationError where somebody else has to take over first (`on_disabling`).
    """
    _require_manager(actor)
    if is_system(user):
        raise ValidationError({"is_active": f"User '{user.email}' belongs to the system and cannot be changed."})
    with transaction.atomic():
        _ask_the_rooms_above(user)
        _keep_a_manager(user, "is_active")
        locked = User.objects.get(pk=user.pk)
        # Again, for what was committed while the row was waited for.
        _ask_the_rooms_above(locked)
        locked.is_active = False
        locked.session_version += 1
        locked.save(update_fields=["is_active", "session_version"])
        locked.api_tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
        PersonalFeed.objects.filter(user=locked).delete()
    return locked


def enable_user(*, actor: User, user: User) -> User:
    """Open a disabled account again; its former sessions, tokens and feed stay closed. For System Managers."""
    _require_manager(actor)
    if is_system(user):
        raise ValidationError({"is_active": f"User '{user.email}' belongs to the system and cannot be changed."})
    with transaction.atomic():
        for effect in _on_enabling:
            effect(user)
        User.objects.filter(pk=user.pk).update(is_active=True)
    user.refresh_from_db()
    return user


def _ask_the_rooms_above(user: User) -> None:
    for check in _on_disabling:
        check(user)


def _keep_a_manager(user: User, field: str) -> None:
    """Lock the user and the System Managers and refuse to lose the last one."""
    # One query, so that all are locked in order of id: two who disable each other wait, and don't wait in a circle.
    rows = User.objects.filter(Q(pk=user.pk) | Q(is_active=True, is_system_manager=True)).order_by("pk")
    locked = list(rows.select_for_update(no_key=True))
    if [row.pk for row in locked if row.is_active and row.is_system_manager] == [user.pk]:
        message = f"User '{user.email}' is the last active System Manager. Please name another one first."
        raise ValidationError({field: message})


def _require_manager(actor: User) -> None:
    if not is_system_manager(actor):
        raise PermissionDenied("Only System Managers may do this.")
