"""The notifications room, as Django knows it."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.notifications"
    label = "notifications"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"
