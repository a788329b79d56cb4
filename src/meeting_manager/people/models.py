"""Users, their settings, their API tokens and their feeds."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from meeting_manager.engine.hours import default_working_hours
from meeting_manager.people.feeds import KEY_LENGTH

SYSTEM_EMAIL = "system@localhost"
"""The reserved user in whose name guests and the system act; it cannot sign in."""


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password and a lower-case e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - Django's own signature
        """A saved user; without a password it cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        """E-mail addresses are compared without case."""
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who can sign in; its e-mail address is its name everywhere."""

    email = models.EmailField(max_length=254, unique=True)
    full_name = models.CharField(max_length=140, blank=True)
    is_active = models.BooleanField(default=True)
    is_system_manager = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    session_version = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(
                condition=~models.Q(email=SYSTEM_EMAIL) | models.Q(is_active=False, is_system_manager=False),
                name="user_system_cannot_sign_in",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def display_name(self) -> str:
        """The full name, or the e-mail address where there is none."""
        return self.full_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Every session of this user carries it: raising `session_version` ends them all, as a new password does."""
        value = f"{self.password}:{self.session_version}"
        return salted_hmac("meeting_manager.people.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for this; it is for System Managers only."""
        return self.is_system_manager

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002 - Django's own signature
        """Django's permissions are used by its admin alone; everywhere else `rules.py` decides."""
        return self.is_active and self.is_system_manager

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        """As `has_perm`."""
        return self.is_active and self.is_system_manager


class UserSettings(models.Model):
    """One for each user: time zone, working hours and what others see of them."""

    name = models.CharField(max_length=300, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="settings")
    timezone = models.CharField(max_length=64, blank=True)
    profile_picture = models.FileField(
        upload_to="profile_pictures/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp", "gif"])],
    )
    bio = models.TextField(blank=True)
    working_hours_json = models.JSONField(default=default_working_hours)
    calendars_unread_since = models.DateTimeField(
        null=True, editable=False, help_text="kept by the calendars room: one of theirs could not be read since then"
    )

    class Meta:
        verbose_name_plural = "user settings"

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A bearer token of a user, stored as a digest: the token itself is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.hint}… of {self.user_id}"

    def is_live(self, now: datetime) -> bool:
        """Whether the token still opens anything at `now`."""
        return self.revoked_at is None or self.revoked_at > now


class PersonalFeed(models.Model):
    """The private feed of a user's bookings, while it is on; `feeds.py` makes its address of the key."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed")
    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed of {self.user_id}"
