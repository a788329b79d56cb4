"""The bookings room, as Django knows it."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.bookings"
    label = "bookings"
    verbose_name = "Bookings"
    default_auto_field = "django.db.models.BigAutoField"
