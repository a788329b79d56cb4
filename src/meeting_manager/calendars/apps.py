"""The calendars room, as Django knows it."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "meeting_manager.calendars"
    label = "calendars"
    verbose_name = "Calendars"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer to read calendars, and to keep bookings in step with them; say what is sealed."""
        from meeting_manager.calendars import tasks
        from meeting_manager.calendars.services import disconnecting, outgoing
        from meeting_manager.people.sealing import Kept, keep

        tasks.register()
        outgoing.subscribe_all()
        column = ("calendars.CalendarIntegration", "credentials")
        ended = {"kind": disconnecting.REVOKE}
        keep(
            Kept("credentials of calendars", f"{self.name}.validators", *column),
            Kept("access that is ended", disconnecting.__name__, "ledger.Delivery", "payload", ("sealed",), ended),
        )
