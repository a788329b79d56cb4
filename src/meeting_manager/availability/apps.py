"""The availability room, as Django knows it."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.availability"
    label = "availability"
    verbose_name = "Availability"
    default_auto_field = "django.db.models.BigAutoField"
