"""The calendars room, as Django knows it."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.calendars"
    label = "calendars"
    verbose_name = "Calendars"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer to read calendars, and to keep bookings in step with them."""
        from meeting_manager.calendars import tasks
        from meeting_manager.calendars.services import outgoing

        tasks.register()
        outgoing.subscribe_all()
