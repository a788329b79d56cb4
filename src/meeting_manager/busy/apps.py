"""The busy room, as Django knows it."""

from django.apps import AppConfig


class BusyConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.busy"
    label = "busy"
    verbose_name = "Busy time"
    default_auto_field = "django.db.models.BigAutoField"
