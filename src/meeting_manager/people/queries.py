"""Finding people: what one may not see does not exist."""

import hashlib
import hmac
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from meeting_manager.people import feeds
from meeting_manager.people.models import SYSTEM_EMAIL, ApiToken, PersonalFeed, User, UserSettings
from meeting_manager.people.rules import AnyUser, is_system_manager
from meeting_manager.people.validators import storable


def system_user() -> User:
    """The reserved user in whose name guests and the system act; made where a database has lost it."""
    user, _ = User.objects.get_or_create(
        email=SYSTEM_EMAIL, defaults={"full_name": "System", "is_active": False, "password": "!"}
    )
    return user


def get_user(email: str) -> User:
    """The user with this e-mail address, whatever its case. Raises User.DoesNotExist."""
    return User.objects.get_by_natural_key(email if storable(email) else None)


def visible_to(user: AnyUser) -> QuerySet[User]:
    """Those whom `user` may see: System Managers everybody; others themselves, the members of departments they lead
    and their colleagues (active members of a department in which they are one). Nobody sees the reserved user.
    """
    if not user.is_active:
        return User.objects.none()
    if is_system_manager(user):
        return User.objects.exclude(email=SYSTEM_EMAIL)
    led = User.objects.filter(memberships__department__department_leader=user.pk)
    # One filter call, so that both conditions hold for the same row of membership.
    mine = Q(memberships__department__members__member=user.pk, memberships__department__members__is_active=True)
    colleagues = User.objects.filter(mine, memberships__is_active=True)
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=led.values("pk")) | Q(pk__in=colleagues.values("pk")))


def get_for(reader: AnyUser, email: str) -> User:
    """The user with this address. Raises User.DoesNotExist where `reader` may not see them."""
    return visible_to(reader).get(email=email.strip().lower() if storable(email) else "")


def settings_of(user: User) -> UserSettings:
    """The settings of `user`; where there are none yet, unsaved defaults."""
    stored = UserSettings.objects.filter(user=user).first()
    return stored or UserSettings(user=user, name=settings_name(user))


def settings_name(user: User) -> str:
    """The document name of the settings of `user`."""
    return f"MM-USER-{user.email}"


def system_managers() -> QuerySet[User]:
    """Everybody who may do everything, now."""
    return User.objects.filter(is_active=True, is_system_manager=True)


def invited(rows: QuerySet[User]) -> QuerySet[User]:
    """Those of `rows` who may sign in, but have never chosen a password: `rules.is_invited`, as a filter."""
    return rows.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)


def user_for_token(token: str, now: datetime) -> User | None:
    """Whom a bearer token belongs to at `now`; None for an unknown or revoked token or a disabled account.

    One query, by digest: how long it takes tells nothing about tokens that exist.
    """
    digest = token_digest(token)
    found = ApiToken.objects.select_related("user").filter(digest=digest, user__is_active=True).first()
    if found is None or not hmac.compare_digest(found.digest, digest) or not found.is_live(now):
        return None
    return found.user


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The tokens of `user`, newest first, also revoked ones."""
    return ApiToken.objects.filter(user=user)


def token_digest(token: str) -> str:
    """How a token is stored. It has 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def feed_of(user: User) -> PersonalFeed | None:
    """The private feed of `user`; None where it is off."""
    return PersonalFeed.objects.filter(user=user).first()


def user_for_feed(token: str) -> User | None:
    """Whose feed this token opens; None for an unknown token, one that was renewed, or a disabled account.

    One query, by the part that is no secret, and the same work whatever it finds: how long it takes tells nothing.
    """
    token = token if token.isascii() and storable(token) else ""
    key = token[: feeds.KEY_LENGTH]
    rows = PersonalFeed.objects.select_related("user").filter(user__is_active=True)
    found = rows.filter(key=key).first()
    is_right = feeds.opens(key, token)
    return found.user if found is not None and is_right else None
